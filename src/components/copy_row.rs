//! A text with a button that copies it.

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::hooks::use_task;

/// Shows `text` and copies it. Where the clipboard cannot be used, it says so, and the text can
/// still be marked and copied by hand.
#[component]
pub(crate) fn CopyRow(
    label: &'static str,
    button: &'static str,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="copy-row">
            <input type="text" readonly aria-label=label prop:value=move || text.get() />
            <CopyButton button text />
        </div>
    }
}

/// Copies `text`, and says how that went.
#[component]
pub(crate) fn CopyButton(button: &'static str, text: Signal<String>) -> impl IntoView {
    let copying = use_task();
    let said = RwSignal::new("");
    let press = move |_| {
        let text = text.get_untracked();
        copying.run(async move {
            said.set(match copy(&text).await {
                true => "Copied.",
                false => "The browser does not allow it here: mark the text and copy it.",
            });
        });
    };
    Effect::new(move |_| {
        text.track();
        said.set("");
    });
    view! {
        <button type="button" on:click=press>
            {button}
        </button>
        <span role="status">{move || said.get()}</span>
    }
}

/// Whether the clipboard took it. It exists in secure contexts only.
pub(super) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    let there = js_sys::Reflect::get(&navigator, &"clipboard".into());
    if !there.is_ok_and(|clipboard| clipboard.is_object()) {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text))
        .await
        .is_ok()
}
