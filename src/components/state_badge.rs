//! States, as the standard spells them.

use leptos::prelude::*;

/// One state.
#[component]
pub(crate) fn StateBadge(#[prop(into)] state: Signal<String>) -> impl IntoView {
    view! {
        <span class="badge" data-state=move || state.get()>
            {move || state.get()}
        </span>
    }
}

/// A state's name, its value now, and the values before. The last of `history` is the value now.
#[component]
pub(crate) fn StateRow<T>(name: &'static str, history: RwSignal<Vec<T>>) -> impl IntoView
where
    T: ToString + Send + Sync + 'static,
{
    let now = Signal::derive(move || {
        let now = history.with(|states| states.last().map(T::to_string));
        now.unwrap_or_default()
    });
    let path = move || {
        history.with(|states| match states.split_last() {
            None | Some((_, [])) => String::new(),
            Some((_, before)) => {
                let before: Vec<_> = before.iter().map(T::to_string).collect();
                before.join(" → ") + " →"
            }
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
