//! A part of the inspector, and how far loading it is.

use leptos::prelude::*;

use crate::components::NotLoaded;
use crate::hooks::{InspectedTrace, LazyHook, Part};

pub(crate) type View = fn(InspectedTrace) -> AnyView;

/// What is there of a part: its view, or that it is on its way or could not be loaded.
pub(super) fn content(
    part: LazyHook<View>,
    inspected: InspectedTrace,
    what: &'static str,
    waiting: &'static str,
) -> AnyView {
    match part.get() {
        Part::Waiting | Part::Loading => view! {
            <p class="inspector-wait" role="status">
                {waiting}
            </p>
        }
        .into_any(),
        Part::Ready(view) => view(inspected),
        Part::Failed => view! {
            <div class="inspector-failure">
                <NotLoaded what part />
            </div>
        }
        .into_any(),
    }
}
