//! Which of several connections is looked at.

use leptos::prelude::*;

use crate::hooks::SamplesHook;

/// The connection that was chosen; while that is not there, the first that is.
pub fn chosen(samples: SamplesHook, choice: RwSignal<Option<u64>>) -> Signal<Option<u64>> {
    let chosen = Memo::new(move |_| {
        let connections = samples.connections();
        let choice = choice.get();
        let there = connections
            .iter()
            .find(|there| Some(there.number) == choice);
        there.or(connections.first()).map(|there| there.number)
    });
    chosen.into()
}

/// A choice where there is one.
#[component]
pub fn ConnectionPicker(samples: SamplesHook, choice: RwSignal<Option<u64>>) -> impl IntoView {
    let chosen = chosen(samples, choice);
    let options = move || {
        let connections = samples.connections().into_iter();
        let options = connections.map(|connection| {
            let number = connection.number;
            let closed = if connection.open { "" } else { " (closed)" };
            view! {
                <option
                    value=number.to_string()
                    prop:selected=move || chosen.get() == Some(number)
                >
                    {format!("{}{closed}", connection.label)}
                </option>
            }
        });
        options.collect_view()
    };
    view! {
        <Show when=move || { samples.connections().len() > 1 }>
            <label class="field connection-picker">
                <span class="field-label">"Connection"</span>
                <select on:change=move |event| choice.set(event_target_value(&event).parse().ok())>
                    {options}
                </select>
            </label>
        </Show>
    }
}
