//! The frame of a wide table.

use leptos::prelude::*;

/// Lets a table that is wider than the screen scroll by itself, so that the page need not. What
/// scrolls must be reachable by keyboard, and what is reached must have a name: `label`, or the
/// text of the element with the id `labelled_by`.
#[component]
pub(crate) fn TableScroll(
    #[prop(optional)] label: Option<&'static str>,
    #[prop(optional, into)] labelled_by: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <div
            class="table-scroll"
            tabindex="0"
            role="region"
            aria-label=label
            aria-labelledby=labelled_by
        >
            {children()}
        </div>
    }
}
