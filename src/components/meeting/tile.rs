//! Your own tile, and what all tiles have in common.

use std::future::Future;
use std::pin::Pin;

use leptos::html;
use leptos::prelude::*;

use super::enlarge::{can_fill_screen, can_float, toggle_floating, toggle_full_screen};
use crate::advice::{Advice, for_enlarging};
use crate::components::icon::{self, Icon};
use crate::components::{StateBadge, VideoTile};
use crate::error::JsError;
use crate::hooks::{CallMediaHook, SpeakingHook, use_task};

/// Oneself.
#[component]
pub(crate) fn OwnTile(
    media: CallMediaHook,
    speaking: SpeakingHook,
    #[prop(into)] name: Signal<String>,
    error: RwSignal<Option<Advice>>,
    #[prop(optional, into)] class: &'static str,
) -> impl IntoView {
    let video = NodeRef::<html::Video>::new();
    let caption = Signal::derive(move || match name.get().trim() {
        "" => "You".to_owned(),
        name => format!("{name} (you)"),
    });
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
            <Enlarging
                name=caption
                video
                has_video=Signal::derive(move || media.video.with(Option::is_some))
                error
            />
        </VideoTile>
    }
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

/// Full screen and picture-in-picture, where the browser has them.
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
            <Show when=can_float>
                <button
                    type="button"
                    class="icon-button"
                    data-action="picture-in-picture"
                    title="Picture in picture"
                    aria-label=move || format!("Picture in picture: {}", name.get())
                    on:click=float
                    disabled=move || !has_video.get()
                >
                    <Icon path=icon::PICTURE_IN_PICTURE />
                </button>
            </Show>
            <Show when=can_fill_screen>
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
