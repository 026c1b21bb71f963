//! A text of many lines with a button that copies it.

use leptos::prelude::*;

use super::copy_row::CopyButton;

/// As [`super::CopyRow`], for a text that is read, too.
#[component]
pub(crate) fn CopyText(
    id: &'static str,
    label: &'static str,
    button: &'static str,
    #[prop(into)] text: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="copy-text">
            <div class="toolbar">
                <CopyButton button text />
            </div>
            <pre id=id tabindex="0" role="region" aria-label=label>
                <code>{move || text.get()}</code>
            </pre>
        </div>
    }
}
