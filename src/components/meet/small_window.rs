//! The call in a small window above all others, for people who work in another window meanwhile.

use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::menu::MenuButton;
use super::use_stage::StageHook;
use crate::advice::for_enlarging;
use crate::components::meeting::peer_tile::{peer_name, with_peer};
use crate::components::meeting::scene::Scene;
use crate::components::{VideoTile, icon};
use crate::hooks::use_task;
use crate::rtc::small_window::{SmallWindow, has_small_windows};

const STYLE: &str = include_str!("../../../style/small_window.css");

/// In pixels; a person can change it.
const SIZE: (u32, u32) = (420, 300);

/// Opens the window, or closes it. Nothing where the browser has none.
#[component]
pub(super) fn SmallWindowItem(scene: Scene, stage: StageHook) -> impl IntoView {
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
        opening.run(async move {
            match SmallWindow::open(SIZE, STYLE, close).await {
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
    has_small_windows().then(|| {
        view! {
            <MenuButton
                label=Signal::derive(move || match is_open.get() {
                    true => "Close the small window",
                    false => "Open a small window",
                })
                icon=icon::PICTURE_IN_PICTURE
                press=Callback::new(toggle)
            />
        }
    })
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
            <button type="button" on:click=move |_| media.toggle_microphone()>
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
    let screen = move || with_peer(call, peer, |peer| peer.screen.clone()).flatten();
    let stream = Signal::derive_local(move || {
        screen().or_else(|| with_peer(call, peer, |peer| Clone::clone(&peer.camera)))
    });
    let has_video = Signal::derive(move || {
        with_peer(call, peer, |peer| peer.has_video || peer.screen.is_some()).unwrap_or(false)
    });
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
