//! A part of the program could not be loaded.

use leptos::prelude::*;

use crate::advice::Advice;
use crate::components::Notice;
use crate::hooks::LazyHook;

/// What to tell of it. `what` begins the sentence: `The code`.
pub(crate) fn not_loaded(what: &str) -> Advice {
    Advice::new(
        format!("{what} could not be loaded."),
        "Check the network and try again. If that does not help, reload the page: there may be a newer version of it.",
    )
}

/// Says so, as [`not_loaded`] does, and offers to try again.
#[component]
pub(crate) fn NotLoaded<T>(what: &'static str, part: LazyHook<T>) -> impl IntoView
where
    T: Copy + Send + Sync + 'static,
{
    view! {
        <Notice advice=Some(not_loaded(what)) />
        <div class="toolbar">
            <button type="button" class="primary" on:click=move |_| part.load()>
                "Try again"
            </button>
        </div>
    }
}
