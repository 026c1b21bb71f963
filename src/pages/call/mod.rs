//! Signaling, and a call between two people over the network.

pub mod room;
mod status;

use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map};
use leptos_router::{NavigateOptions, hooks::use_query_map};
use signaling_protocol::{RoomId, RoomKind};
use web_sys::MediaStream;

use crate::advice::{Advice, for_connection, for_refusal};
use crate::app::base_path;
use crate::call::roster::Phase;
use crate::components::{CopyRow, Notice, Page, Prose, SecureContextNotice, VideoTile};
use crate::hooks::{CallHook, CallMediaHook, use_call, use_call_media, use_trace};
use room::RoomField;
use status::{peer_state, status_text};

#[component]
pub fn CallPage() -> impl IntoView {
    let trace = use_trace();
    let media = use_call_media(trace);
    let call = use_call(trace, RoomKind::Call, media);
    let room = use_room(call);
    let refused = RwSignal::new(None::<Advice>);

    media.begin();

    let navigate = use_navigate();
    let query = use_query_map();
    let join = move |_| match RoomId::new(&room.get_untracked()) {
        Err(error) => refused.set(Some(Advice::new(
            format!("This is not a room’s name: {error}."),
            "Write another one.",
        ))),
        Ok(name) => {
            refused.set(None);
            room.set(name.to_string());
            call.join(name.clone(), String::new());
            // The address becomes the invitation; `?server=` belongs to it.
            let query = query.with_untracked(|query| query.to_query_string());
            let address = format!("/call/{}{query}", room::encoded(name.as_str()));
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(&address, options);
        }
    };

    let in_call = move || {
        call.view
            .with(|v| v.as_ref().is_some_and(|v| !v.phase.is_over()))
    };
    let received = Signal::derive_local(move || remote_stream(call));
    let advice = Signal::derive(move || refused.get().or_else(|| trouble(call)));
    let invitation = Signal::derive(move || invitation(&room.get()));
    view! {
        <Page
            path="/call"
            lead="Two browsers that want to connect need somebody to introduce them. A signaling server does; after that, picture and sound travel between the two."
            trace
        >
            <Prose html=include_str!("../text/call.html") />
            <section class="demo" aria-labelledby="demo-title">
                <h2 id="demo-title">"Call somebody"</h2>
                <SecureContextNotice />
                <RoomField room disabled=Signal::derive(in_call) />
                <div class="toolbar" role="group" aria-label="Call">
                    <button type="button" class="primary" on:click=join disabled=in_call>
                        "Join"
                    </button>
                    <button
                        type="button"
                        class="danger"
                        on:click=move |_| call.hang_up()
                        disabled=move || !in_call()
                    >
                        "Hang Up"
                    </button>
                </div>
                <p class="status-line" id="call-status" role="status" aria-live="polite">
                    {move || status_text(call)}
                </p>
                <Notice advice />
                <Notice advice=media.advice />
                <Show when=move || media.advice.with(Option::is_some) && !media.starting.get()>
                    <div class="toolbar">
                        <button type="button" on:click=move |_| media.retry()>
                            "Try again"
                        </button>
                    </div>
                </Show>
                <div class="call">
                    <VideoTile
                        id="remoteVideo"
                        class="remote"
                        caption="The other person"
                        stream=received
                        pictured=Signal::derive(move || has_picture(call))
                        placeholder=Signal::derive(move || no_picture(call))
                        state=Signal::derive(move || peer_state(call))
                    />
                    <VideoTile
                        id="localVideo"
                        class="own"
                        caption="You"
                        stream=media.picture
                        placeholder=Signal::derive(move || no_preview(media))
                        muted=true
                        mirrored=true
                    />
                </div>
                <CopyRow label="Invite link" button="Copy link" text=invitation />
                <div class="fields">
                </div>
            </section>
        </Page>
    }
}

/// The room's name: from the address, else a fresh one. While a call runs, the address follows
/// the room and not the other way round.
fn use_room(call: CallHook) -> RwSignal<String> {
    let params = use_params_map();
    let given = move || {
        params
            .with(|params| params.get("room"))
            .filter(|name| !name.is_empty())
    };
    let room = RwSignal::new(untrack(given).unwrap_or_else(room::random_name));
    Effect::new(move |_| {
        if let Some(name) = given()
            && !call.is_running()
        {
            room.set(name);
        }
    });
    room
}

/// What arrives, from the first track on. Without a picture it still plays, behind the
/// placeholder.
fn remote_stream(call: CallHook) -> Option<MediaStream> {
    call.view.with(|view| {
        let stream = &view.as_ref()?.peers.first()?.camera;
        (stream.get_tracks().length() > 0).then(|| Clone::clone(stream))
    })
}

fn has_picture(call: CallHook) -> bool {
    call.view.with(|view| {
        let peer = view.as_ref().and_then(|view| view.peers.first());
        peer.is_some_and(|peer| peer.has_picture)
    })
}

fn no_picture(call: CallHook) -> String {
    let here = call
        .view
        .with(|view| view.as_ref().is_some_and(|view| !view.peers.is_empty()));
    let text = if here {
        "The other person sends no picture."
    } else {
        "The other person appears here."
    };
    text.to_owned()
}

/// What is wrong with the call, if anything.
fn trouble(call: CallHook) -> Option<Advice> {
    if let Err(error) = call.server.get_value() {
        return Some(Advice::new(
            error.to_string(),
            "Mend ?server= in the page’s address, or leave it out.",
        ));
    }
    call.view.with(|view| {
        let view = view.as_ref()?;
        match &view.phase {
            Phase::Refused(error) => Some(for_refusal(error)),
            Phase::InRoom { .. } if view.refusal.is_some() => {
                view.refusal.as_ref().map(for_refusal)
            }
            _ => view.failure.as_ref().map(for_connection),
        }
    })
}

fn no_preview(media: CallMediaHook) -> String {
    let text = match (media.starting.get(), media.camera.get()) {
        (true, _) => "Waiting for your answer to the browser’s question.",
        (_, false) => "Your camera is switched off.",
        _ => "No picture from your camera.",
    };
    text.to_owned()
}

/// The address that leads somebody into the room.
fn invitation(room: &str) -> String {
    let location = window().location();
    let origin = location.origin().unwrap_or_default();
    let query = location.search().unwrap_or_default();
    format!(
        "{origin}{}/call/{}{query}",
        base_path(),
        room::encoded(room.trim())
    )
}
