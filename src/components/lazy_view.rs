//! A view that is a part of the program of its own.

use leptos::prelude::*;

use crate::components::NotLoaded;
use crate::hooks::{LazyHook, Part};

/// What such a part is. What it shows it finds in its context: of one type, all of them share the
/// code that loads them.
pub(crate) type View = fn() -> AnyView;

/// Shows the part once it is loaded; until then, the progress of loading.
#[component]
pub(crate) fn LazyView(
    part: LazyHook<View>,
    /// Begins a sentence: `The code`.
    what: &'static str,
    /// While it loads: `Loading the code…`.
    loading: &'static str,
) -> impl IntoView {
    move || match part.get() {
        Part::Waiting => ().into_any(),
        Part::Loading => view! {
            <p class="empty" role="status">
                {loading}
            </p>
        }
        .into_any(),
        Part::Ready(view) => view(),
        Part::Failed => view! { <NotLoaded what part /> }.into_any(),
    }
}
