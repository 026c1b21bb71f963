//! A call as people use it: who one is and where to, everybody's tiles, the buttons, the chat,
//! how to invite others. The same for two people as for many.

mod blur_choice;
pub(crate) mod chat;
pub(crate) mod controls;
pub(crate) mod enlarge;
pub(crate) mod exchange;
pub(crate) mod focus;
pub(crate) mod in_call;
pub(crate) mod invite;
pub(crate) mod leaving;
mod links;
pub(crate) mod peer_tile;
pub(crate) mod peers;
pub(crate) mod people;
mod qr;
pub(crate) mod recording_mark;
pub(crate) mod room;
pub(crate) mod scene;
pub(crate) mod session;
pub(crate) mod shortcuts;
mod stage;
pub(crate) mod status;
pub(crate) mod tile;
pub(crate) mod trace_sharing;
pub(crate) mod transport_picker;
pub(crate) mod verify;

use leptos::prelude::*;
use signaling_protocol::{PeerId, RoomKind};

use crate::call::CallView;
use crate::call::roster::Phase;
use crate::components::{DevicePicker, DeviceSwitches, Notice, NoticeKind, SecureContextNotice};
use crate::hooks::{CallHook, CallMediaHook, LazyHook, Part, use_lazy};
use crate::rtc::devices::DeviceKind;
use crate::signaling::transport::Transport;
pub(crate) use blur_choice::BlurChoice;
use controls::Controls;
use in_call::{InCall, LazyExchange, Missing, WhenLoaded, in_call};
use invite::Invite;
use room::RoomField;
use scene::Scene;
use session::{MeetingHook, use_meeting};
pub(crate) use shortcuts::{KeysDialog, Shortcut, use_keys_on, use_push_to_talk, use_shortcuts};
use stage::Stage;
use transport_picker::TransportPicker;

/// What keys do here.
const LESSON: &[Shortcut] = &[
    Shortcut::Mute,
    Shortcut::Camera,
    Shortcut::Screen,
    Shortcut::Chat,
    Shortcut::Help,
];

/// Everything about a call that can be seen and pressed.
#[component]
pub(crate) fn Meeting(
    title: &'static str,
    /// The chapter's, which the room's name is put behind.
    path: &'static str,
    kind: RoomKind,
    call: CallHook,
    media: CallMediaHook,
) -> impl IntoView {
    let part = use_lazy(in_call);
    part.load_when_idle();
    let prepare = Callback::new(move |()| part.load());
    let meeting = use_meeting(path, kind, Transport::of(kind), call, media, prepare);
    let MeetingHook {
        scene, room, name, ..
    } = meeting;
    let keys_on = use_keys_on();
    let keys_shown = RwSignal::new(false);
    use_shortcuts(keys_on, LESSON, move |shortcut| match shortcut {
        Shortcut::Mute => call.toggle_microphone(),
        Shortcut::Camera => media.toggle_camera(),
        Shortcut::Screen => controls::toggle_screen(call, media),
        Shortcut::Chat => chat::focus(),
        Shortcut::Talk | Shortcut::People | Shortcut::Hand => {}
        Shortcut::Help => keys_shown.update(|shown| *shown = !*shown),
    });

    let in_call = Memo::new(move |_| call.in_call());
    let transport = Memo::new(move |_| call.transport.get());
    view! {
        <section class="demo meeting" class:in-call=in_call aria-labelledby="demo-title">
            <h2 id="demo-title">{title}</h2>
            <SecureContextNotice />
            <Show when=move || !in_call.get()>
                <TransportPicker call kind room />
                <Notice advice=meeting.unknown_transport kind=NoticeKind::Warning />
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
            <Notice advice=meeting.advice />
            <MediaErrors media />
            <Notice advice=media.screen_advice />
            <Show when=move || transport.get() == Transport::Paste>
                <LazyExchange call link=meeting.invitation hash=meeting.hash />
            </Show>
            <Stage scene part name />
            <Controls meeting keys_shown />
            <WhenLoaded part scene view=|views| views.verify />
            <Show when=move || transport.get() != Transport::Paste>
                <Invite link=meeting.invitation hint=invite_hint(call) />
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
                <BlurChoice media />
            </div>
            <WhenLoaded part scene view=|views| views.chat />
            <KeysDialog shown=keys_shown on=keys_on shortcuts=LESSON />
            <WhenLoaded part scene view=|views| views.leaving />
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
pub(crate) fn MediaErrors(media: CallMediaHook) -> impl IntoView {
    let again = move || {
        let is_wrong = !media.advice.with(Vec::is_empty) || media.blur_advice.with(Option::is_some);
        is_wrong && !media.starting.get()
    };
    // A second one is for the other of the two devices.
    let advice =
        |at: usize| Signal::derive(move || media.advice.with(|advice| advice.get(at).cloned()));
    view! {
        <Notice advice=advice(0) />
        <Notice advice=advice(1) />
        <Notice advice=media.blur_advice />
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
        Transport::Tabs => "It works only in another tab of this browser.",
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
