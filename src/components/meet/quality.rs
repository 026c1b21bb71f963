//! What is said about slow networks, and the mode for them.

use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::buttons::CAMERA;
use super::closable::Closable;
use super::menu::MenuButton;
use crate::advice::Advice;
use crate::components::icon;
use crate::components::meeting::focus::focus_on;
use crate::components::meeting::peer_tile::with_peer;
use crate::components::meeting::people::display_name;
use crate::components::meeting::scene::Scene;
use crate::components::{Notice, NoticeKind};
use crate::hooks::{CallHook, QualityHook};

/// Of the own video.
pub(super) const PAUSED: &str = "Your connection is weak: video paused, audio kept.";

/// Over the tile of a person.
#[component]
pub(super) fn WeakMark(quality: QualityHook, person: PeerId) -> impl IntoView {
    let is_weak = Memo::new(move |_| quality.is_weak(&person));
    view! {
        <Show when=move || is_weak.get()>
            <span class="weak-mark">"Weak connection"</span>
        </Show>
    }
}

/// Who cannot hear you, and that your own connection is weak.
#[component]
pub(super) fn QualityNotices(scene: Scene, quality: QualityHook) -> impl IntoView {
    let Scene { call, media, .. } = scene;
    let unheard = Signal::derive(move || {
        if !media.is_microphone_on() || !media.has_microphone() {
            return None;
        }
        let (unheard, heard) = quality.unheard_by();
        if unheard.is_empty() {
            return None;
        }
        let names: Vec<_> = unheard
            .into_iter()
            .filter_map(|id| {
                with_peer(call, Signal::stored(Some(id)), |peer| {
                    display_name(&peer.name, &peer.id)
                })
            })
            .collect();
        Some(unheard_advice(&names, heard))
    });
    let is_paused = Memo::new(move |_| is_paused(scene, quality));
    let weak = Signal::derive(move || {
        let is_weak = quality.are_all_weak() && !call.is_audio_only.get() && !is_paused.get();
        is_weak.then(|| {
            Advice::new(
                "Your connection is weak.",
                "To keep the audio clear, choose Low-bandwidth mode under More, or turn your camera off.",
            )
        })
    });
    let told = Signal::derive(move || [unheard.get(), weak.get()].into_iter().flatten().collect());
    view! {
        <Closable said=told>
            <Notice advice=unheard kind=NoticeKind::Warning />
            <Notice advice=weak kind=NoticeKind::Warning />
        </Closable>
        <Show when=move || is_paused.get()>
            <PausedNotice quality />
        </Show>
    }
}

/// That the others do not see you now, and why.
#[component]
fn PausedNotice(quality: QualityHook) -> impl IntoView {
    let send = move |_| {
        quality.send_video_anyway();
        focus_on(CAMERA);
    };
    view! {
        // The announcer tells it.
        <div class="notice notice-warning paused-notice">
            <p class="notice-title">{PAUSED}</p>
            <p>"Your video comes back by itself."</p>
            <div class="toolbar">
                <button type="button" on:click=send>
                    "Send video anyway"
                </button>
            </div>
        </div>
    }
}

/// Whether the others get no video, though the camera is on; reactive.
pub(super) fn is_paused(scene: Scene, quality: QualityHook) -> bool {
    scene.media.camera.get() && quality.is_video_paused()
}

/// On the own tile.
#[component]
pub(super) fn PausedMark(scene: Scene, quality: QualityHook) -> impl IntoView {
    let is_paused = Memo::new(move |_| is_paused(scene, quality));
    view! {
        <Show when=move || is_paused.get()>
            <span class="weak-mark">"Paused"</span>
        </Show>
    }
}

/// Whether video is paused when the connection is weak.
#[component]
pub(super) fn PauseVideoItem(quality: QualityHook) -> impl IntoView {
    let is_on = quality.pauses_video;
    view! {
        <MenuButton
            label=Signal::derive(move || match is_on.get() {
                true => "Keep sending video on a weak connection",
                false => "Pause your video on a weak connection",
            })
            icon=icon::CAMERA
            press=Callback::new(move |()| is_on.update(|is_on| *is_on = !*is_on))
        />
    }
}

/// `heard` is how many others receive the audio.
fn unheard_advice(names: &[String], heard: usize) -> Advice {
    let remedy = "If it stays like this, leave and join again, or try another network.";
    match (names, heard) {
        (_, 0) => Advice::new(
            "You are not being heard: your audio does not arrive.",
            remedy,
        ),
        ([name], _) => Advice::new(
            format!(
                "{name} cannot hear you: your audio does not arrive there. The others hear you."
            ),
            remedy,
        ),
        _ => Advice::new(
            format!(
                "{} cannot hear you: your audio does not arrive there.",
                names.join(", ")
            ),
            remedy,
        ),
    }
}

/// Audio first: no video of cameras is received.
#[component]
pub(super) fn LowBandwidthItem(call: CallHook) -> impl IntoView {
    view! {
        <MenuButton
            label=Signal::derive(move || match call.is_audio_only.get() {
                true => "Receive video again",
                false => "Low-bandwidth mode",
            })
            icon=icon::LOW_BANDWIDTH
            press=Callback::new(move |()| call.toggle_audio_only())
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_who_cannot_hear_you() {
        let told = |names: &[&str], heard| {
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            unheard_advice(&names, heard).what
        };
        assert_eq!(
            told(&["Ada"], 0),
            "You are not being heard: your audio does not arrive."
        );
        assert_eq!(
            told(&["Ada"], 1),
            "Ada cannot hear you: your audio does not arrive there. The others hear you."
        );
        assert_eq!(
            told(&["Ada", "Bob"], 1),
            "Ada, Bob cannot hear you: your audio does not arrive there."
        );
    }
}
