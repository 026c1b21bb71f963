//! On or off.

use leptos::prelude::*;

/// A labelled switch.
#[component]
pub(crate) fn Switch(
    label: &'static str,
    on: RwSignal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let set = move |is_on| on.set(is_on);
    view! { <SwitchOf label on=move || on.get() set disabled /> }
}

/// A labelled switch of something that is decided elsewhere.
#[component]
pub(crate) fn SwitchOf(
    label: &'static str,
    on: impl Fn() -> bool + Send + 'static,
    set: impl Fn(bool) + 'static,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <label class="switch">
            <input
                type="checkbox"
                role="switch"
                prop:checked=on
                on:change=move |event| set(event_target_checked(&event))
                disabled=disabled
            />
            <span>{label}</span>
        </label>
    }
}
