//! On or off.

use leptos::prelude::*;

/// A labelled switch.
#[component]
pub(crate) fn Switch(
    label: &'static str,
    on: RwSignal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <label class="switch">
            <input
                type="checkbox"
                role="switch"
                prop:checked=move || on.get()
                on:change=move |event| on.set(event_target_checked(&event))
                disabled=disabled
            />
            <span>{label}</span>
        </label>
    }
}
