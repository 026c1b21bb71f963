//! A place for a picture, the same size before and after the picture comes.

use leptos::html;
use leptos::prelude::*;
use web_sys::MediaStream;

/// A video with its caption. It is hidden and stands empty while `stream` is `None`.
#[component]
pub(crate) fn VideoTile(
    /// The element's id, such as `localVideo`.
    #[prop(optional)]
    id: Option<&'static str>,
    #[prop(into)] caption: Signal<String>,
    #[prop(into)] stream: Signal<Option<MediaStream>, LocalStorage>,
    /// Whether the stream has a picture now; one without plays its sound all the same.
    #[prop(default = Signal::stored(true), into)]
    has_video: Signal<bool>,
    /// What stands in the place of a picture.
    #[prop(into)]
    placeholder: Signal<String>,
    /// Below that: what can be done about it.
    #[prop(optional)]
    action: Option<ViewFn>,
    /// Play no sound; one's own sound must never come back to oneself.
    #[prop(default = Signal::stored(false), into)]
    muted: Signal<bool>,
    /// Show it as a mirror does, which people expect of their own picture.
    #[prop(optional)]
    mirrored: bool,
    #[prop(optional, into)] class: &'static str,
    /// Of the video element.
    #[prop(optional)]
    video_class: Option<&'static str>,
    #[prop(optional)] video: NodeRef<html::Video>,
    /// Shown behind the caption.
    #[prop(optional, into)]
    state: Option<Signal<String>>,
    /// Shown behind caption and state.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    Effect::new(move |_| {
        if let Some(video) = video.get() {
            // The attribute only sets the default; the property is what counts.
            video.set_muted(muted.get());
        }
    });
    Effect::new(move |_| {
        let stream = stream.get();
        if let Some(video) = video.get() {
            // Setting the same stream again would begin to play it anew.
            if video.src_object() != stream {
                video.set_src_object(stream.as_ref());
            }
        }
    });
    // A stream that nobody shows any more must not be kept by the element.
    on_cleanup(move || {
        if let Some(video) = video.try_get_untracked().flatten() {
            video.set_src_object(None);
        }
    });
    view! {
        <figure
            class=format!("video-tile {class}")
            class:mirrored=mirrored
            class:is-empty=move || stream.with(Option::is_none) || !has_video.get()
        >
            <video
                id=id
                class=video_class
                node_ref=video
                autoplay
                playsinline
                muted=muted.get_untracked()
                aria-label=move || caption.get()
            ></video>
            <div class="video-placeholder">
                <span>{move || placeholder.get()}</span>
                {action.map(|action| action.run())}
            </div>
            <figcaption>
                <span class="tile-caption">{move || caption.get()}</span>
                " "
                {move || {
                    state
                        .filter(|state| !state.get().is_empty())
                        .map(|state| view! { <super::StateBadge state /> })
                }}
                {children.map(|children| children())}
            </figcaption>
        </figure>
    }
}
