//! The views beside each other, one shown at a time
//! (<https://www.w3.org/WAI/ARIA/apg/patterns/tabs/>), each loaded when somebody is about to choose it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::trace_sharing::TraceSharingBar;
use super::{TABS, Tab};
use crate::components::lazy_view::{LazyView, View};
use crate::hooks::{
    CallHook, InspectedTrace, LazyHook, provide_choice, provide_names, provide_samples, use_lazy,
};

/// Tabs of what is inspected.
#[component]
pub(crate) fn InspectorTabs(inspected: InspectedTrace) -> impl IntoView {
    provide_samples(inspected);
    provide_names(inspected);
    provide_choice(inspected);
    let tabs: Vec<&'static Tab> = TABS
        .iter()
        .filter(|tab| inspected.is_live() || tab.replays)
        .collect();
    let count = tabs.len();
    let ids: Vec<String> = tabs.iter().map(|tab| element(tab.id)).collect();
    let parts: Vec<LazyHook<View>> = tabs.iter().map(|tab| use_lazy(tab.load)).collect();
    let selected = RwSignal::new(0_usize);
    // A second click on the same tab is to change nothing.
    let shown_now = Memo::new(move |_| selected.get());
    let shown_ids = ids.clone();
    let chosen_parts = parts.clone();
    Effect::new(move |_| {
        // However it was chosen: a finger points at nothing before.
        if let Some(part) = chosen_parts.get(selected.get()) {
            part.load();
        }
    });
    Effect::new(move |_| {
        if let Some(tab) = shown_ids.get(selected.get()).and_then(|id| find(id)) {
            reveal(&tab);
        }
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let now = selected.get_untracked();
        let next = match &*event.key() {
            "ArrowRight" => (now + 1) % count,
            "ArrowLeft" => (now + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        selected.set(next);
        focus(&ids[next]);
    };
    let buttons = tabs
        .iter()
        .zip(&parts)
        .enumerate()
        .map(|(index, (tab, part))| {
            let part = *part;
            let is_selected = move || selected.get() == index;
            view! {
                <button
                    type="button"
                    role="tab"
                    id=element(tab.id)
                    aria-selected=move || is_selected().to_string()
                    aria-controls="inspector-panel"
                    tabindex=move || if is_selected() { "0" } else { "-1" }
                    on:pointerenter=move |_| part.load()
                    on:focus=move |_| part.load()
                    on:click=move |_| selected.set(index)
                >
                    {tab.title}
                </button>
            }
        });
    let buttons = buttons.collect_view();
    let shown = tabs.clone();
    let name = move || shown.get(selected.get()).map(|tab| element(tab.id));
    let call = use_context::<CallHook>().filter(|_| inspected.is_live());
    let panel = move || {
        // Which entries there are from now on is another matter.
        inspected.generation();
        let part = parts.get(shown_now.get()).copied();
        part.map(|part| view! { <LazyView part what="This view" loading="Loading the view…" /> })
    };
    view! {
        <div class="inspector-tabs" role="tablist" aria-label="Views of the inspector" on:keydown=on_key>
            {buttons}
        </div>
        {call.map(|call| view! { <TraceSharingBar call /> })}
        <div class="inspector-panel" id="inspector-panel" role="tabpanel" aria-labelledby=name>
            {panel}
        </div>
    }
}

fn element(id: &str) -> String {
    format!("inspector-tab-{id}")
}

fn find(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn focus(id: &str) {
    if let Some(tab) = find(id) {
        // A button that is shown takes the focus.
        let _ = tab.focus();
    }
}

/// Scrolls the list, and nothing around it, so that the tab and a piece of its neighbours are in
/// sight.
fn reveal(tab: &web_sys::HtmlElement) {
    const NEIGHBOUR: f64 = 32.0;
    let Some(list) = tab.parent_element() else {
        return;
    };
    let (tab, frame) = (
        tab.get_bounding_client_rect(),
        list.get_bounding_client_rect(),
    );
    let hidden_before = frame.left() + NEIGHBOUR - tab.left();
    let hidden_after = tab.right() + NEIGHBOUR - frame.right();
    let by = if hidden_before > 0.0 {
        -hidden_before
    } else {
        hidden_after.max(0.0)
    };
    list.set_scroll_left(list.scroll_left() + by.round() as i32);
}
