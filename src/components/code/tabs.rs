//! One of several panels, chosen by its tab.
//!
//! <https://www.w3.org/WAI/ARIA/apg/patterns/tabs/>

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

pub(crate) struct Tab {
    /// Of the tab's element; unique in the page.
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) panel: AnyView,
}

/// The first is chosen to begin with.
#[component]
pub(crate) fn Tabs(label: &'static str, tabs: Vec<Tab>) -> impl IntoView {
    let chosen = RwSignal::new(0);
    let ids: Vec<_> = tabs.iter().map(|tab| tab.id).collect();
    let move_to = move |event: ev::KeyboardEvent| {
        let last = ids.len().saturating_sub(1);
        let now = chosen.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" if now < last => now + 1,
            "ArrowLeft" if now > 0 => now - 1,
            "ArrowRight" | "Home" => 0,
            "ArrowLeft" | "End" => last,
            _ => return,
        };
        event.prevent_default();
        chosen.set(next);
        let tab = ids
            .get(next)
            .and_then(|id| document().get_element_by_id(id));
        if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Fails for nothing that can be pressed.
            let _ = tab.focus();
        }
    };
    let (buttons, panels): (Vec<_>, Vec<_>) = tabs
        .into_iter()
        .enumerate()
        .map(|(index, Tab { id, name, panel })| {
            let is_chosen = move || chosen.get() == index;
            let panel_id = format!("{id}-panel");
            let button = view! {
                <button
                    type="button"
                    role="tab"
                    id=id
                    aria-controls=panel_id.clone()
                    aria-selected=move || is_chosen().to_string()
                    tabindex=move || if is_chosen() { "0" } else { "-1" }
                    on:click=move |_| chosen.set(index)
                >
                    {name}
                </button>
            };
            let panel = view! {
                <div role="tabpanel" id=panel_id aria-labelledby=id hidden=move || !is_chosen()>
                    {panel}
                </div>
            };
            (button, panel)
        })
        .unzip();
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=move_to>
            {buttons}
        </div>
        {panels}
    }
}
