//! Which of several connections is looked at.

use leptos::prelude::*;

use crate::hooks::use_names;

/// A connection by the number under which it is chosen, and its title.
pub type Choice = (u64, String);

/// The connection that was chosen; while that is not there, the newest.
pub fn chosen_or_newest(
    all: Signal<Vec<Choice>>,
    choice: RwSignal<Option<u64>>,
) -> Memo<Option<u64>> {
    Memo::new(move |_| {
        let choice = choice.get();
        all.with(|all| {
            let there = all.iter().find(|(number, _)| Some(*number) == choice);
            there.or(all.last()).map(|(number, _)| *number)
        })
    })
}

/// A choice where there is one.
#[component]
pub fn ConnectionPicker(
    #[prop(into)] all: Signal<Vec<Choice>>,
    /// What is looked at now.
    #[prop(into)]
    number: Signal<Option<u64>>,
    /// What was asked for.
    choice: RwSignal<Option<u64>>,
) -> impl IntoView {
    let names = use_names();
    let several = Memo::new(move |_| all.with(|all| all.len() > 1));
    view! {
        <Show when=move || several.get()>
            <label class="field connection-picker">
                <span class="field-label">"Connection"</span>
                <select on:change=move |event| choice.set(event_target_value(&event).parse().ok())>
                    <For each=move || all.get() key=Clone::clone let((of, title))>
                        <option value=of.to_string() prop:selected=move || number.get() == Some(of)>
                            {move || names.in_text(&title)}
                        </option>
                    </For>
                </select>
            </label>
        </Show>
    }
}
