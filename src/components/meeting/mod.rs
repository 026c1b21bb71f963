//! A call as people use it: who one is and where to, everybody's tiles, the buttons, the chat,
//! how to invite others. The same for two people as for many.

pub(crate) mod chat;
pub(crate) mod controls;
mod enlarge;
pub(crate) mod exchange;
mod in_call;
pub(crate) mod invite;
mod links;
mod peer_tile;
mod peers;
pub(crate) mod people;
mod qr;
pub(crate) mod room;
mod scene;
pub(crate) mod shortcuts;
mod stage;
mod status;
pub(crate) mod tile;
pub(crate) mod trace_sharing;
pub(crate) mod transport_picker;
pub(crate) mod verify;

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use signaling_protocol::{PeerId, RoomId, RoomKind};

use crate::advice::{Advice, for_connection, for_refusal};
use crate::call::CallView;
use crate::call::roster::Phase;
use crate::components::{DevicePicker, DeviceSwitches, Notice, NoticeKind, SecureContextNotice};
use crate::hooks::{CallHook, CallMediaHook, LazyHook, Part, use_lazy, use_speaking, use_stored};
use crate::routes::is_page;
use crate::rtc::devices::DeviceKind;
use crate::signaling::transport::Transport;
use controls::Controls;
use in_call::{InCall, LazyExchange, Missing, WhenLoaded, in_call};
use invite::Invite;
use room::{RoomField, encoded, invitation, use_room};
use scene::Scene;
use shortcuts::{KeysDialog, Shortcut, use_keys_on, use_shortcuts};
use stage::Stage;
use transport_picker::{TransportPicker, use_transport};

/// Everything about a call that can be seen and pressed.
#[component]
pub(crate) fn Meeting(
    title: &'static str,
    /// The chapter's, which the room's name is put behind.
    path: &'static str,
    kind: RoomKind,
    call: CallHook,
    media: CallMediaHook,
    /// What the button that enters the room says.
    #[prop(default = "Join")]
    join_label: &'static str,
) -> impl IntoView {
    let room = use_room(call);
    let name = use_stored("name");
    // What went wrong where no hook tells it: a bad room's name, a picture that does not open.
    let failed = RwSignal::new(None::<Advice>);
    let scene = Scene {
        kind,
        call,
        media,
        speaking: use_speaking(call, media),
        failed,
    };
    let part = use_lazy(in_call);
    part.load_when_idle();
    let unknown_transport = use_transport(call, kind);
    let keys_on = use_keys_on();
    let keys_shown = RwSignal::new(false);
    media.begin();

    // An invitation by text. Joining changes the address.
    let hash = window().location().hash().unwrap_or_default();
    let hash = StoredValue::new(Some(hash.trim_start_matches('#').to_owned()));
    let navigate = use_navigate();
    let query = use_query_map();
    let join = Callback::new(move |()| match RoomId::new(&room.get_untracked()) {
        Err(error) => failed.set(Some(Advice::new(
            format!("This is not a room’s name: {error}."),
            "Write another one.",
        ))),
        // Its address would lead elsewhere.
        Ok(id) if is_page(&format!("{path}/{id}")) => failed.set(Some(Advice::new(
            format!("A room cannot be named “{id}” here: {path}/{id} is a page of its own."),
            "Write another name.",
        ))),
        Ok(id) => {
            failed.set(None);
            part.load();
            room.set(id.to_string());
            call.join(id.clone(), name.get_untracked().trim().to_owned());
            // The address becomes the invitation; `?server=` belongs to it. The call comes first.
            let query = query.with_untracked(|query| query.to_query_string());
            let address = format!("{path}/{}{query}", encoded(id.as_str()));
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            let navigate = navigate.clone();
            set_timeout(move || navigate(&address, options), Duration::ZERO);
        }
    });
    let about_to_join = Callback::new(move |()| {
        // Loads again what could not be loaded before.
        part.load();
        if let Ok(id) = RoomId::new(&room.get_untracked()) {
            call.connect_early(&id);
        }
    });
    // A link alone must not connect a reader to another server.
    let own_server = query.with_untracked(|query| query.get("server").is_none());
    let seen = Callback::new(move |()| {
        if own_server {
            about_to_join.run(());
        }
    });
    use_shortcuts(keys_on, move |shortcut| match shortcut {
        Shortcut::Mute => controls::toggle_mute(media),
        Shortcut::Camera => controls::toggle_camera(media),
        Shortcut::Screen => controls::toggle_screen(call, media),
        Shortcut::Chat => chat::focus(),
        Shortcut::Help => keys_shown.update(|shown| *shown = !*shown),
    });

    let in_call = Memo::new(move |_| call.in_call());
    let advice = Signal::derive(move || failed.get().or_else(|| failure(call)));
    let transport = Memo::new(move |_| call.transport.get());
    let invitation = Signal::derive(move || {
        let query = query.with(|query| query.to_query_string());
        invitation(path, &room.get(), &query)
    });
    view! {
        <section class="demo meeting" class:in-call=in_call aria-labelledby="demo-title">
            <h2 id="demo-title">{title}</h2>
            <SecureContextNotice />
            <Show when=move || !in_call.get()>
                <TransportPicker call kind room />
                <Notice advice=unknown_transport kind=NoticeKind::Warning />
            </Show>
            <div class="fields lobby">
                <NameField name disabled=in_call />
                <RoomField room disabled=in_call.into() />
            </div>
            <p class="room-line" hidden=move || !in_call.get()>
                {move || room_line(call, &room.get())}
            </p>
            <div class="status-row">
                <p class="status-line" id="call-status" role="status" aria-live="polite">
                    {move || status(part, scene)}
                </p>
                <Show when=move || transport.get() != Transport::Paste && !to_reconnect(call).is_empty()>
                    <button
                        type="button"
                        on:click=move |_| {
                            for peer in untrack(|| to_reconnect(call)) {
                                call.reconnect(peer);
                            }
                        }
                    >
                        "Reconnect"
                    </button>
                </Show>
            </div>
            <WhenLoaded part scene view=|views| views.trace_sharing />
            <Missing part call />
            <Notice advice />
            <MediaErrors media />
            <Notice advice=media.screen_advice />
            <Show when=move || transport.get() == Transport::Paste>
                <LazyExchange call link=invitation hash />
            </Show>
            <Stage scene part name />
            <Controls call media join about_to_join seen join_label keys_shown />
            <WhenLoaded part scene view=|views| views.verify />
            <WhenLoaded part scene view=|views| views.chat />
            <Show when=move || transport.get() != Transport::Paste>
                <Invite link=invitation hint=invite_hint(call) />
            </Show>
            <div class="fields">
                <DeviceSwitches
                    camera=media.camera
                    microphone=media.microphone
                    synthetic=media.synthetic
                />
                <DevicePicker
                    devices=media.devices
                    kind=DeviceKind::Camera
                    label="Camera device"
                    chosen=media.camera_id
                    keep=true
                />
                <DevicePicker
                    devices=media.devices
                    kind=DeviceKind::Microphone
                    label="Microphone device"
                    chosen=media.microphone_id
                    keep=true
                />
            </div>
            <KeysDialog shown=keys_shown on=keys_on />
        </section>
    }
}

/// The state of the call in words; reactive.
fn status(part: LazyHook<InCall>, scene: Scene) -> String {
    if scene.call.view.with(Option::is_none) {
        return "You are not in a room.".to_owned();
    }
    match part.get() {
        Part::Ready(views) => (views.status)(scene),
        Part::Waiting | Part::Loading => "Loading the call…".to_owned(),
        // A notice says so.
        Part::Failed => String::new(),
    }
}

#[component]
fn NameField(name: RwSignal<String>, #[prop(into)] disabled: Signal<bool>) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for="name">
                "Name"
            </label>
            <input
                type="text"
                id="name"
                aria-describedby="name-hint"
                autocomplete="nickname"
                maxlength="40"
                prop:value=move || name.get()
                on:input=move |event| name.set(event_target_value(&event))
                disabled=disabled
            />
            <small class="field-hint" id="name-hint">
                "What the others see; this browser remembers it."
            </small>
        </div>
    }
}

/// What is wrong with camera, microphone or screen, and the ways out.
#[component]
fn MediaErrors(media: CallMediaHook) -> impl IntoView {
    let again = move || media.advice.with(Option::is_some) && !media.starting.get();
    view! {
        <Notice advice=media.advice />
        <Show when=move || again() || media.replacement.with(Option::is_some)>
            <div class="toolbar" role="group" aria-label="Camera and microphone">
                {move || {
                    media
                        .replacement
                        .get()
                        .map(|device| {
                            let label = match (device.kind, device.label.as_str()) {
                                (DeviceKind::Camera, "") => "Use another camera".to_owned(),
                                (_, "") => "Use another microphone".to_owned(),
                                (_, label) => format!("Use “{label}”"),
                            };
                            view! {
                                <button
                                    type="button"
                                    class="primary"
                                    on:click=move |_| media.use_replacement()
                                >
                                    {label}
                                </button>
                            }
                        })
                }}
                <Show when=again>
                    <button type="button" on:click=move |_| media.retry()>
                        "Try again"
                    </button>
                </Show>
            </div>
        </Show>
    }
}

/// Who can use the invitation; reactive.
fn invite_hint(call: CallHook) -> Signal<&'static str> {
    Signal::derive(move || match call.transport.get() {
        Transport::Tabs => "It leads into the room from another tab of this browser only.",
        _ => "",
    })
}

/// Which room it is and how many are in it; reactive.
fn room_line(call: CallHook, room: &str) -> String {
    call.view.with(|view| {
        let capacity = view.as_ref().and_then(|view| view.capacity);
        match (view, capacity) {
            // Where people carry the texts, nobody knows who is there before both are connected.
            (Some(view), Some(capacity))
                if is_in_room(view) && call.transport.get() != Transport::Paste =>
            {
                let people = view.participants.len() + 1;
                format!("Room {room} · {people} of {capacity} people")
            }
            _ => format!("Room {room}"),
        }
    })
}

fn is_in_room(view: &CallView) -> bool {
    matches!(view.phase, Phase::InRoom { .. })
}

/// To whom a person may want a new connection; reactive.
fn to_reconnect(call: CallHook) -> Vec<PeerId> {
    call.view.with(|view| {
        let peers = view.iter().flat_map(|view| &view.participants);
        let lost = peers.filter(|peer| peer.presence.needs_reconnect());
        lost.map(|peer| peer.id.clone()).collect()
    })
}

/// What is wrong with the call, if anything; reactive.
fn failure(call: CallHook) -> Option<Advice> {
    if let Err(error) = call.server.get_value()
        && call.transport.get() == Transport::WebSocket
    {
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
