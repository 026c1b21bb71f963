//! Which of several connections is looked at.

use leptos::prelude::*;

use crate::hooks::{Choice, ChoiceHook, use_names};

/// A choice where there is one.
#[component]
pub(crate) fn ConnectionPicker(
    #[prop(into)] all: Signal<Vec<Choice>>,
    /// What is looked at now.
    #[prop(into)]
    number: Signal<Option<u32>>,
    /// Takes what is asked for.
    choice: ChoiceHook,
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
