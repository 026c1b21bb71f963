//! Before the call: how one looks and sounds, what one is called, and **Join**.

use gloo_timers::callback::Interval;
use leptos::html;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use signaling_protocol::ErrorCode;

use super::device_menu::{Choice, DeviceChoice};
use super::menu::Menu;
use super::network::NetworkCheck;
use super::recording::{OwnRecording, RecordingsLeft};
use crate::call::roster::Phase;
use crate::components::icon::{self, Icon};
use crate::components::meeting::MediaErrors;
use crate::components::meeting::focus::focus_unless_kept;
use crate::components::meeting::session::MeetingHook;
use crate::components::meeting::tile::{OwnVideo, own_name};
use crate::components::{Notice, NoticeKind, SecureContextNotice};
use crate::hooks::{CallHook, CallMediaHook, PageTrace, RecorderHook, use_in_sight};
use crate::routes::{self, href};
use crate::rtc::level::LevelMeter;

const JOIN: &str = "join";

/// Fits on one screen.
#[component]
pub(crate) fn Lobby(meeting: MeetingHook, trace: PageTrace) -> impl IntoView {
    let scene = meeting.scene;
    let (call, media) = (scene.call, scene.media);
    let name = meeting.name;
    let recorder = expect_context::<RecorderHook>();
    let button = NodeRef::<html::Button>::new();
    let in_sight = use_in_sight(button);
    let is_new = call.view.with_untracked(Option::is_none);
    let comes_back = !is_new || call.was_in_room(&meeting.room.get_untracked());
    Effect::new(move |_| {
        if in_sight.get() && is_new {
            meeting.seen.run(());
        }
    });
    // Whoever left by a key goes on here.
    if comes_back {
        request_animation_frame(|| focus_unless_kept(JOIN));
    }
    let is_entering = Memo::new(move |_| call.in_call());
    // Once the room has asked for it, also while the next attempt is made.
    let needs_passphrase = Memo::new(move |earlier: Option<&bool>| {
        earlier.copied().unwrap_or(false) || asks_for_passphrase(call)
    });
    // By the same server and transport.
    let query = use_query_map();
    let another = move || format!("{}{}", href(routes::MEET), query.get().to_query_string());
    let menus = [(); 3].map(|()| RwSignal::new(false));
    view! {
        <section class="meet-lobby" aria-labelledby="meet-title">
            <div class="lobby-preview">
                <OwnVideo class="own-tile" scene caption=own_name(call, name) />
                <div class="lobby-switches" role="group" aria-label="Camera and microphone">
                    <span class="bar-pair">
                        <button
                            type="button"
                            class="bar-button"
                            class:is-off=move || !media.is_microphone_on()
                            aria-pressed=move || media.is_microphone_on().to_string()
                            on:click=move |_| media.toggle_microphone()
                        >
                            <Icon path=icon::MICROPHONE />
                            <span class="visually-hidden">"Microphone"</span>
                        </button>
                        <Menu
                            id="microphone-menu"
                            label="Microphone"
                            icon=icon::MENU
                            narrow=true
                            open=menus[0]
                        >
                            <DeviceChoice choice=Choice::Microphone media trace />
                        </Menu>
                    </span>
                    <span class="bar-pair">
                        <button
                            type="button"
                            class="bar-button"
                            class:is-off=move || !media.camera.get()
                            aria-pressed=move || media.camera.get().to_string()
                            on:click=move |_| media.toggle_camera()
                        >
                            <Icon path=icon::CAMERA />
                            <span class="visually-hidden">"Camera"</span>
                        </button>
                        <Menu
                            id="camera-menu"
                            label="Camera"
                            icon=icon::MENU
                            narrow=true
                            open=menus[1]
                        >
                            <DeviceChoice choice=Choice::Camera media trace />
                        </Menu>
                    </span>
                    <Menu
                        id="speaker-menu"
                        label="Speaker"
                        icon=icon::SPEAKER
                        narrow=true
                        open=menus[2]
                    >
                        <DeviceChoice choice=Choice::Speaker media trace />
                    </Menu>
                    <Level media />
                </div>
            </div>
            <div class="lobby-entry">
                <h1 id="meet-title">{move || meeting.room.get()}</h1>
                <p class="status-line" id="call-status" role="status">
                    {move || where_we_are(call)}
                </p>
                <SecureContextNotice />
                <Notice advice=meeting.unknown_transport kind=NoticeKind::Warning />
                <Notice advice=meeting.advice />
                <MediaErrors media />
                <OwnRecording recorder />
                <RecordingsLeft recorder />
                <form
                    class="lobby-form"
                    on:submit=move |event| {
                        event.prevent_default();
                        meeting.join.run(());
                    }
                >
                    <label class="field-label" for="name">
                        "Your name"
                    </label>
                    <input
                        type="text"
                        id="name"
                        autocomplete="nickname"
                        maxlength="40"
                        prop:value=move || name.get()
                        on:input=move |event| name.set(event_target_value(&event))
                    />
                    <Show when=move || needs_passphrase.get()>
                        <label class="field-label" for="passphrase">
                            "Passphrase"
                        </label>
                        <input
                            type="text"
                            id="passphrase"
                            autocomplete="off"
                            autocapitalize="none"
                            spellcheck="false"
                            maxlength="128"
                            prop:value=move || call.passphrase.get()
                            on:input=move |event| {
                                call.passphrase.set(event_target_value(&event));
                            }
                        />
                    </Show>
                    <button
                        type="submit"
                        id=JOIN
                        class="primary join-button"
                        node_ref=button
                        on:pointerenter=move |_| meeting.about_to_join.run(())
                        // Enter in a field makes a click, too.
                        on:click=move |event| meeting.enters_by_key.set_value(event.detail() == 0)
                        disabled=move || is_entering.get()
                    >
                        {move || join_label(call, comes_back)}
                    </button>
                    <Show when=move || is_entering.get()>
                        <button type="button" on:click=move |_| call.hang_up()>
                            "Cancel"
                        </button>
                    </Show>
                </form>
                <NetworkCheck meeting />
                <p class="lobby-links">
                    <a href=meeting.lesson>"The lesson about this room"</a>
                    " "
                    <a href=another>"Another meeting"</a>
                </p>
            </div>
        </section>
    }
}

/// What **Join** is called now; `is_new` is whether this browser was not in the call before. Reactive.
fn join_label(call: CallHook, comes_back: bool) -> &'static str {
    call.view
        .with(|view| match view.as_ref().map(|view| &view.phase) {
            Some(Phase::Refused(_) | Phase::Removed) => "Try again",
            Some(Phase::Replaced) => "Rejoin here",
            Some(phase) if !phase.is_over() => "Joining…",
            _ if comes_back => "Rejoin",
            _ => "Join",
        })
}

/// Whether the room did not let us in without its passphrase; reactive.
fn asks_for_passphrase(call: CallHook) -> bool {
    call.view.with(|view| {
        let phase = view.as_ref().map(|view| &view.phase);
        matches!(
            phase,
            Some(Phase::Refused(error))
                if matches!(
                    error.code,
                    ErrorCode::PassphraseRequired | ErrorCode::WrongPassphrase
                )
        )
    })
}

/// Before and after a call; reactive.
fn where_we_are(call: CallHook) -> &'static str {
    call.view
        .with(|view| match view.as_ref().map(|view| &view.phase) {
            Some(Phase::Left) => "You left the call.",
            Some(Phase::Refused(_)) => "You are not in the call.",
            Some(Phase::Removed) => {
                "A host removed you from the call. You can join again when everyone has left the meeting."
            }
            Some(Phase::Replaced) => "This meeting continues in another tab.",
            Some(Phase::TurnedAway { .. }) => "The server asks you to wait. Trying again…",
            Some(Phase::Waiting) => "Waiting for a host to let you in.",
            Some(Phase::Unreachable { .. }) => "The server cannot be reached. Trying again…",
            _ => "",
        })
}

/// How loud the microphone is.
#[component]
fn Level(media: CallMediaHook) -> impl IntoView {
    let level = RwSignal::new(0.0);
    let measuring = StoredValue::new_local(None);
    Effect::new(move |_| {
        let audio = media.audio.get();
        level.set(0.0);
        // Without audio processing there is no meter, and nothing else is lost.
        let meter = audio.and_then(|audio| LevelMeter::new(&audio).ok());
        measuring
            .set_value(meter.map(|meter| Interval::new(100, move || level.set(meter.level()))));
    });
    on_cleanup(move || {
        measuring.try_update_value(|measuring| *measuring = None);
    });
    view! {
        <meter
            class="level"
            aria-label="Microphone level"
            min="0"
            max="100"
            // The ear is logarithmic; speech is around a tenth of full scale.
            prop:value=move || ((level.get().sqrt() * 100.0) as u8).to_string()
        ></meter>
    }
}
