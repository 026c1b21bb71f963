//! Your own tile, and what all tiles have in common.

use std::future::Future;
use std::pin::Pin;

use leptos::html;
use leptos::prelude::*;

use super::enlarge::{can_fill_screen, can_float, toggle_floating, toggle_full_screen};
use super::people;
use super::scene::Scene;
use crate::advice::{Advice, for_enlarging};
use crate::components::icon::{self, Icon};
use crate::components::{StateBadge, VideoTile};
use crate::error::JsError;
use crate::hooks::{CallHook, CallMediaHook, use_task};
use crate::signaling::transport::Transport;

/// Oneself, in a call.
#[component]
pub(crate) fn OwnTile(
    scene: Scene,
    name: RwSignal<String>,
    #[prop(optional, into)] class: &'static str,
) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    let has_video = Signal::derive(move || scene.media.video.with(Option::is_some));
    let caption = own_name(scene.call, name);
    view! {
        <OwnVideo scene caption video class>
            <Enlarging name=caption video has_video error=scene.failed />
        </OwnVideo>
    }
}

/// How one looks to oneself.
#[component]
pub(crate) fn OwnVideo(
    scene: Scene,
    #[prop(into)] caption: Signal<String>,
    #[prop(optional)] video: NodeRef<html::Video>,
    #[prop(optional, into)] class: &'static str,
    /// Shown behind the caption.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let Scene {
        media, speaking, ..
    } = scene;
    let muted = move || !media.is_microphone_on() || media.has_begun() && !media.has_microphone();
    view! {
        <VideoTile
            id="localVideo"
            class
            caption
            stream=media.video
            placeholder=Signal::derive(move || no_preview(media))
            action=ViewFn::from(move || view! { <Preview media /> })
            muted=true
            mirrored=true
            video
            attr:data-speaking=move || (speaking.own() && !muted()).then_some("true")
        >
            <Show when=muted>
                <StateBadge state="muted" />
            </Show>
            <Show when=move || !media.camera.get()>
                <StateBadge state="camera off" />
            </Show>
            {children.map(|children| children())}
        </VideoTile>
    }
}

/// What oneself is called here.
pub(crate) fn own_name(call: CallHook, name: RwSignal<String>) -> Signal<String> {
    Signal::derive(move || {
        // Where people carry the texts, everybody gives the other an id of their own.
        let is_shared = call.transport.get() != Transport::Paste;
        call.view.with(|view| {
            let me = view.as_ref().and_then(|view| view.me.as_ref());
            people::own_name(&name.get(), me.filter(|_| is_shared))
        })
    })
}

/// Looks at oneself before joining. Nobody is asked for a camera before they want it.
#[component]
fn Preview(media: CallMediaHook) -> impl IntoView {
    view! {
        <Show when=move || !media.has_begun()>
            <button type="button" class="preview-button" on:click=move |_| media.begin()>
                "Start preview"
            </button>
        </Show>
    }
}

/// Full screen and picture-in-picture, where the browser has them and there is a video.
#[component]
pub(super) fn Enlarging(
    #[prop(into)] name: Signal<String>,
    video: NodeRef<html::Video>,
    has_video: Signal<bool>,
    error: RwSignal<Option<Advice>>,
) -> impl IntoView {
    let task = use_task();
    let run = move |opening: Option<Opening>| {
        if let Some(opening) = opening {
            task.run(async move {
                let result = opening.await;
                error.set(result.err().map(|error| for_enlarging(&error)));
            });
        }
    };
    let fill = move |_| {
        run(video
            .get_untracked()
            .map(|v| Box::pin(toggle_full_screen(v)) as _))
    };
    let float = move |_| {
        run(video
            .get_untracked()
            .map(|v| Box::pin(toggle_floating(v)) as _))
    };
    view! {
        <span class="tile-buttons">
            <Show when=move || can_float() && has_video.get()>
                <button
                    type="button"
                    class="icon-button"
                    data-action="picture-in-picture"
                    title="Picture in picture"
                    aria-label=move || format!("Picture in picture: {}", name.get())
                    on:click=float
                >
                    <Icon path=icon::PICTURE_IN_PICTURE />
                </button>
            </Show>
            <Show when=move || can_fill_screen() && has_video.get()>
                <button
                    type="button"
                    class="icon-button"
                    data-action="full-screen"
                    title="Full screen"
                    aria-label=move || format!("Full screen: {}", name.get())
                    on:click=fill
                >
                    <Icon path=icon::FULL_SCREEN />
                </button>
            </Show>
        </span>
    }
}

type Opening = Pin<Box<dyn Future<Output = Result<(), JsError>>>>;

fn no_preview(media: CallMediaHook) -> String {
    let text = if !media.camera.get() {
        "Your camera is off."
    } else if !media.has_begun() {
        "Your camera turns on when you join."
    } else if media.starting.get() {
        "Waiting for permission to use your camera."
    } else if media.blur.get() {
        "Your video is not shown until its background is blurred."
    } else {
        "No video from your camera."
    };
    text.to_owned()
}
