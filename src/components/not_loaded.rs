//! A part of the program could not be loaded.

use leptos::prelude::*;

use crate::advice::for_loading;
use crate::components::Notice;
use crate::hooks::LazyHook;

/// Says so, and offers to try again. `what` begins the sentence: `The code`.
#[component]
pub(crate) fn NotLoaded<T>(what: &'static str, part: LazyHook<T>) -> impl IntoView
where
    T: Copy + Send + Sync + 'static,
{
    let advice = for_loading(what);
    view! {
        <div class="not-loaded">
            <Notice advice=Some(advice) />
            <div class="toolbar">
                <button type="button" class="primary" on:click=move |_| part.load()>
                    "Try again"
                </button>
            </div>
        </div>
    }
}
