//! The switch for the background of one's video.

use leptos::prelude::*;

use crate::components::Switch;
use crate::hooks::CallMediaHook;
use crate::rtc::blur::address;

/// Whether others see what is behind, and what it costs that they do not.
#[component]
pub(crate) fn BlurChoice(media: CallMediaHook) -> impl IntoView {
    let failed = move || media.blur_advice.get().map(|advice| advice.what);
    let state = move || match failed() {
        Some(what) => what,
        None if media.is_blur_starting.get() => "Loading…".to_owned(),
        None if media.blur.get() => {
            "Others see what your preview shows, as long as this tab is visible.".to_owned()
        }
        None => "Downloads 0.2 MB once and uses more of the processor.".to_owned(),
    };
    // Not where this build of the tour lacks it.
    address().map(|_| {
        view! {
            // Whoever presses it has read what was wrong.
            <div class="field" on:change=move |_| media.blur_advice.set(None)>
                <Switch label="Blur the background" on=media.blur />
                <small class="field-hint" role="status">
                    {state}
                </small>
                <Show when=move || failed().is_some()>
                    <button type="button" on:click=move |_| media.retry()>
                        "Try again"
                    </button>
                </Show>
            </div>
        }
    })
}
