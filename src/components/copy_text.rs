//! A text of many lines with a button that copies it.

use leptos::prelude::*;

use super::copy_row::copy;
use crate::hooks::use_task;

/// As [`super::CopyRow`], for a text that is read, too.
#[component]
pub fn CopyText(
    id: &'static str,
    label: &'static str,
    button: &'static str,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    let copying = use_task();
    let said = RwSignal::new("");
    let copy = move |_| {
        let text = text.get_untracked();
        copying.run(async move {
            said.set(match copy(&text).await {
                true => "Copied.",
                false => "The browser does not allow it here: mark the text and copy it.",
            });
        });
    };
    view! {
        <div class="copy-text">
            <div class="toolbar">
                <button type="button" on:click=copy>
                    {button}
                </button>
                <span role="status">{move || said.get()}</span>
            </div>
            <pre id=id tabindex="0" role="region" aria-label=label>
                <code>{move || text.get()}</code>
            </pre>
        </div>
    }
}
