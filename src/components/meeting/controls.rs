//! The buttons of a call, and what they and the keys do.

use leptos::html;
use leptos::prelude::*;

use super::chat;
use super::scene::Scene;
use super::session::MeetingHook;
use crate::components::icon::{self, Icon};
use crate::hooks::{CallHook, CallMediaHook, use_in_sight};

/// Join or Call, the own media, hang up. In a call on a narrow window they stay at its lower edge.
#[component]
pub(crate) fn Controls(
    meeting: MeetingHook,
    /// Whether the list of keys is open.
    keys_shown: RwSignal<bool>,
) -> impl IntoView {
    let MeetingHook {
        join,
        about_to_join,
        seen,
        ..
    } = meeting;
    let Scene { call, media, .. } = meeting.scene;
    let in_call = Memo::new(move |_| call.in_call());
    let sharing = move || media.screen.with(Option::is_some);
    // After hanging up, the button is in the window and has the focus, too.
    let is_new = move || call.view.with_untracked(Option::is_none);
    let button = NodeRef::<html::Button>::new();
    let in_sight = use_in_sight(button);
    Effect::new(move |_| {
        if in_sight.get() && is_new() {
            seen.run(());
        }
    });
    view! {
        <div class="toolbar call-bar" role="group" aria-label="Call">
            <button
                type="button"
                class="primary"
                node_ref=button
                on:pointerenter=move |_| about_to_join.run(())
                on:focus=move |_| {
                    if is_new() {
                        about_to_join.run(());
                    }
                }
                on:click=move |_| join.run(())
                disabled=in_call
            >
                <Icon path=icon::PHONE />
                "Join"
            </button>
            <button
                type="button"
                class:is-off=move || !media.is_microphone_on()
                aria-keyshortcuts="m"
                on:click=move |_| call.toggle_microphone()
                disabled=move || {
                    call.is_silenced()
                        || media.has_begun() && media.is_microphone_on() && !media.has_microphone()
                }
            >
                <Icon path=icon::MICROPHONE />
                {move || microphone_label(call, !media.is_microphone_on())}
            </button>
            <button
                type="button"
                class:is-off=move || !media.camera.get()
                aria-keyshortcuts="v"
                on:click=move |_| media.toggle_camera()
            >
                <Icon path=icon::CAMERA />
                {move || if media.camera.get() { "Camera off" } else { "Camera on" }}
            </button>
            {media
                .can_share_screen()
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class:is-on=sharing
                            aria-keyshortcuts="s"
                            on:click=move |_| toggle_screen(call, media)
                            disabled=move || !in_call.get() && !sharing()
                        >
                            <Icon path=icon::SCREEN />
                            {move || if sharing() { "Stop sharing" } else { "Share screen" }}
                        </button>
                    }
                })}
            <Show when=move || in_call.get()>
                <button type="button" aria-keyshortcuts="c" on:click=move |_| chat::focus()>
                    <Icon path=icon::CHAT />
                    "Chat"
                </button>
            </Show>
            <button
                type="button"
                class="keys-button"
                aria-haspopup="dialog"
                aria-keyshortcuts="?"
                on:click=move |_| keys_shown.set(true)
            >
                <Icon path=icon::KEYS />
                "Shortcuts"
            </button>
            <button
                type="button"
                class="danger"
                on:click=move |_| call.hang_up()
                disabled=move || !in_call.get()
            >
                <Icon path=icon::HANG_UP />
                "Hang Up"
            </button>
        </div>
    }
}

/// What the button of the microphone does, or why it does nothing; reactive.
pub(crate) fn microphone_label(call: CallHook, is_muted: bool) -> &'static str {
    match is_muted {
        _ if call.is_silenced() => "Muted by a host",
        true => "Unmute",
        false => "Mute",
    }
}

/// Must run in the handler of a click or a key: browsers let a page ask for the screen only then.
pub(crate) fn toggle_screen(call: CallHook, media: CallMediaHook) {
    if media.screen.with_untracked(Option::is_some) {
        media.stop_sharing();
    } else if media.can_share_screen() && untrack(|| call.in_call()) {
        media.share_screen();
    }
}
