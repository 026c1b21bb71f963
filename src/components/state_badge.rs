//! States, as the standard spells them.

use leptos::prelude::*;

/// One state.
#[component]
pub fn StateBadge(#[prop(into)] state: Signal<String>) -> impl IntoView {
    view! {
        <span class="badge" data-state=move || state.get()>
            {move || state.get()}
        </span>
    }
}

/// A state's name, its value now, and the values before. The last of `history` is the value now.
#[component]
pub fn StateRow(name: &'static str, #[prop(into)] history: Signal<Vec<String>>) -> impl IntoView {
    let now = Signal::derive(move || history.with(|h| h.last().cloned()).unwrap_or_default());
    let path = move || {
        history.with(|states| match states.len() {
            0 | 1 => String::new(),
            count => states[..count - 1].join(" → ") + " →",
        })
    };
    view! {
        <div>
            <dt>{name}</dt>
            <dd>
                <span class="history">{path}</span>
                " "
                <StateBadge state=now />
            </dd>
        </div>
    }
}
