//! Notices that one can close: over the stage they cover what it shows.

use leptos::prelude::*;

use super::buttons::MICROPHONE;
use crate::advice::Advice;
use crate::components::icon::{self, Icon};
use crate::components::meeting::focus::focus_on;

/// Hides its notices at a press, until they say something new.
#[component]
pub(super) fn Closable(
    /// What the notices say now.
    said: Signal<Vec<Advice>>,
    children: ChildrenFn,
) -> impl IntoView {
    let closed = RwSignal::new(Vec::<Advice>::new());
    // What is not said any more may be said again.
    Effect::new(move |_| {
        said.with(|said| {
            if closed.with_untracked(|closed| !closed.iter().all(|one| said.contains(one))) {
                closed.update(|closed| closed.retain(|one| said.contains(one)));
            }
        });
    });
    let is_closed = Memo::new(move |_| {
        said.with(|said| {
            closed.with(|closed| !said.is_empty() && said.iter().all(|one| closed.contains(one)))
        })
    });
    let close = move |_| {
        closed.set(said.get_untracked());
        focus_on(MICROPHONE);
    };
    view! {
        <Show when=move || !is_closed.get()>
            <div class="closable">
                {children()} <Show when=move || said.with(|said| !said.is_empty())>
                    <button type="button" class="icon-button" on:click=close>
                        <Icon path=icon::CLOSE />
                        <span class="visually-hidden">"Close the notice"</span>
                    </button>
                </Show>
            </div>
        </Show>
    }
}
