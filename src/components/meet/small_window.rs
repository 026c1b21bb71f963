//! The call in a small window above all others, for people who work in another window meanwhile.

use leptos::prelude::*;
use signaling_protocol::PeerId;
use wasm_bindgen_futures::JsFuture;
use web_sys::MediaStream;

use super::menu::MenuButton;
use super::use_stage::StageHook;
use crate::advice::{Advice, for_enlarging};
use crate::call::ParticipantView;
use crate::components::meeting::enlarge::{can_float, toggle_floating};
use crate::components::meeting::peer_tile::{peer_name, with_peer};
use crate::components::meeting::scene::Scene;
use crate::components::{VideoTile, icon};
use crate::hooks::use_task;
use crate::rtc::small_window::{SmallVideo, SmallWindow, has_small_windows, request_window};

const STYLE: &str = include_str!("../../../style/small_window.css");

/// In pixels; a person can change it.
const SIZE: (u32, u32) = (420, 300);

/// Opens the window, or closes it: with everybody in it where the browser lets a page fill one, else with the
/// speaker's video. Nothing where it lets a page do neither.
#[component]
pub(super) fn SmallWindowItem(scene: Scene, stage: StageHook) -> impl IntoView {
    if has_small_windows() {
        view! { <EverybodyItem scene stage /> }.into_any()
    } else if can_float() {
        view! { <SpeakerItem scene stage /> }.into_any()
    } else {
        ().into_any()
    }
}

#[component]
fn WindowButton(is_open: RwSignal<bool>, press: Callback<()>) -> impl IntoView {
    view! {
        <MenuButton
            label=Signal::derive(move || match is_open.get() {
                true => "Close the small window",
                false => "Open a small window",
            })
            icon=icon::PICTURE_IN_PICTURE
            press
        />
    }
}

#[component]
fn EverybodyItem(scene: Scene, stage: StageHook) -> impl IntoView {
    let shown = StoredValue::new_local(None::<Shown>);
    let is_open = RwSignal::new(false);
    let opening = use_task();
    let close = move || {
        is_open.try_set(false);
        drop(shown.try_update_value(Option::take));
    };
    on_cleanup(close);
    let toggle = move |()| {
        if is_open.get_untracked() {
            return close();
        }
        let requested = match request_window(SIZE) {
            Ok(requested) => requested,
            Err(error) => return scene.failed.set(Some(for_enlarging(&error))),
        };
        opening.run(async move {
            // In a task, because this is called by a listener of what is to be dropped.
            let closed = move || opening.run(async move { close() });
            match SmallWindow::open(requested, STYLE, closed).await {
                Ok(window) => {
                    if let Some(body) = window.body() {
                        let view = move || view! { <SmallView scene stage close /> };
                        let view = leptos::mount::mount_to(body, view);
                        shown.set_value(Some(Shown {
                            _view: Box::new(view),
                            _window: window,
                        }));
                        is_open.set(true);
                    }
                }
                Err(error) => scene.failed.set(Some(for_enlarging(&error))),
            }
        });
    };
    view! { <WindowButton is_open press=Callback::new(toggle) /> }
}

/// The speaker's video, in the window that the browser makes for one video.
#[component]
fn SpeakerItem(scene: Scene, stage: StageHook) -> impl IntoView {
    let video = StoredValue::new_local(None::<SmallVideo>);
    let closing = StoredValue::new_local(None);
    let is_open = RwSignal::new(false);
    let opening = use_task();
    let close = move || {
        is_open.try_set(false);
        if let Some(video) = video.try_update_value(Option::take).flatten() {
            closing.try_set_value(video.close());
        }
    };
    on_cleanup(close);
    let speaker = Memo::new(move |_| {
        stage.speaker_with(|id| {
            let peer = Signal::stored(Some(id.clone()));
            with_peer(scene.call, peer, has_video).unwrap_or(false)
        })
    });
    let stream = move || with_peer(scene.call, speaker.into(), video_of);
    // While nobody has video, the last one stays.
    Effect::new(move |_| {
        if let Some(stream) = stream() {
            video.with_value(|video| {
                if let Some(video) = video {
                    video.show(&stream);
                }
            });
        }
    });
    let toggle = move |()| {
        if is_open.get_untracked() {
            return close();
        }
        let Some(stream) = untrack(stream) else {
            return scene.failed.set(Some(Advice::new(
                "There is no video to show in a small window.",
                "Open it when someone’s camera is on.",
            )));
        };
        opening.run(async move {
            let opened = async {
                if let Some(closing) = closing.try_update_value(Option::take).flatten() {
                    // It is rejected where the window was gone already.
                    let _ = JsFuture::from(closing).await;
                }
                // In a task, because this is called by a listener of what is to be dropped.
                let new = SmallVideo::new(move || opening.run(async move { close() }))?;
                new.show(&stream);
                new.play().await?;
                let element = new.element();
                video.set_value(Some(new));
                toggle_floating(element).await
            };
            match opened.await {
                Ok(()) => is_open.set(true),
                Err(error) => {
                    close();
                    scene.failed.set(Some(for_enlarging(&error)));
                }
            }
        });
    };
    view! { <WindowButton is_open press=Callback::new(toggle) /> }
}

fn has_video(peer: &ParticipantView) -> bool {
    peer.has_video || peer.screen.is_some()
}

/// The screen that a person shares, else the camera.
fn video_of(peer: &ParticipantView) -> MediaStream {
    Clone::clone(peer.screen.as_ref().unwrap_or(&peer.camera))
}

/// Goes away with the view first.
struct Shown {
    _view: Box<dyn std::any::Any>,
    _window: SmallWindow,
}

#[component]
fn SmallView(
    scene: Scene,
    stage: StageHook,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let Scene { call, media, .. } = scene;
    let people = Memo::new(move |_| stage.people());
    let leave = move |_| {
        close();
        call.hang_up();
    };
    view! {
        <div class="small-tiles">
            <Show when=move || people.with(Vec::is_empty)>
                <p>"You are alone in the room."</p>
            </Show>
            <For each=move || people.get() key=Clone::clone let(id)>
                <SmallTile scene id />
            </For>
        </div>
        <div class="small-bar">
            <button type="button" on:click=move |_| call.toggle_microphone()>
                {move || if media.is_microphone_on() { "Mute" } else { "Unmute" }}
            </button>
            <button type="button" on:click=move |_| media.toggle_camera()>
                {move || if media.camera.get() { "Camera off" } else { "Camera on" }}
            </button>
            <button type="button" class="leave" on:click=leave>
                "Leave"
            </button>
        </div>
    }
}

/// A person. The sound comes from the stage.
#[component]
fn SmallTile(scene: Scene, id: PeerId) -> impl IntoView {
    let call = scene.call;
    let peer = Signal::stored(Some(id.clone()));
    let name = Signal::derive(move || peer_name(call, peer).unwrap_or_default());
    let stream = Signal::derive_local(move || with_peer(call, peer, video_of));
    let has_video = Signal::derive(move || with_peer(call, peer, has_video).unwrap_or(false));
    let speaking = scene.speaking;
    view! {
        <VideoTile
            caption=name
            stream
            has_video
            placeholder=name
            muted=true
            attr:data-name=move || name.get()
            attr:data-speaking=move || speaking.peer(&id).then_some("true")
        />
    }
}
