//! Leaving a call is never an accident: links open beside it, and going back, closing and reloading ask.

use std::time::Duration;

use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BeforeUnloadEvent, Element, HtmlAnchorElement, MouseEvent};

use crate::hooks::CallHook;

/// Guards the page while it is in a call, and asks whoever wants to go back.
#[component]
pub(crate) fn LeaveGuard(call: CallHook) -> impl IntoView {
    let asked = use_leave_guard(call);
    view! { <LeaveDialog call asked /> }
}

/// Says when the person wants to go back, and is to be asked.
fn use_leave_guard(call: CallHook) -> RwSignal<bool> {
    let asked = RwSignal::new(false);
    let in_call = Memo::new(move |_| call.in_call());
    let is_in_call = move || in_call.try_get_untracked().unwrap_or(false);
    // Only in a call: a page that listens to this is not kept for going back to it.
    let unload = StoredValue::new(None::<WindowListenerHandle>);
    let stop_asking = move || {
        if let Some(listener) = unload.try_update_value(Option::take).flatten() {
            listener.remove();
        }
    };
    Effect::new(move |earlier: Option<bool>| {
        let in_call = in_call.get();
        if in_call && earlier != Some(true) {
            // Going back leads to this entry, which has the same address, and not out of the page.
            push_entry();
            let ask = window_event_listener(ev::beforeunload, |event: BeforeUnloadEvent| {
                event.prevent_default();
                // What older browsers look at.
                event.set_return_value(" ");
            });
            unload.set_value(Some(ask));
        } else if !in_call && earlier == Some(true) {
            stop_asking();
            asked.set(false);
        }
        in_call
    });
    let back = window_event_listener(ev::popstate, move |_| {
        if is_in_call() {
            push_entry();
            asked.set(true);
        }
    });
    let click = window_event_listener_with_capture(move |event: MouseEvent| {
        if is_in_call()
            && let Some(link) = link_of(&event)
            && leads_away(&link)
        {
            link.set_target("_blank");
            link.set_rel("noopener");
            // After the call it leads where it did.
            set_timeout(
                move || {
                    drop(link.remove_attribute("target"));
                    drop(link.remove_attribute("rel"));
                },
                Duration::ZERO,
            );
        }
    });
    on_cleanup(move || {
        back.remove();
        stop_asking();
        click.remove();
    });
    asked
}

/// Asks whether to leave.
#[component]
fn LeaveDialog(call: CallHook, asked: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let asked = asked.get();
        let Some(dialog) = dialog.get() else { return };
        if asked && !dialog.open() {
            // Fails only for a dialog that is not in the document.
            let _ = dialog.show_modal();
        } else if !asked && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog
            class="keys"
            aria-labelledby="leave-title"
            node_ref=dialog
            on:close=move |_| asked.set(false)
        >
            <h3 id="leave-title">"Leave the call?"</h3>
            <div class="toolbar">
                <button type="button" class="primary" on:click=move |_| asked.set(false)>
                    "Stay"
                </button>
                <button type="button" class="danger" on:click=move |_| call.hang_up()>
                    "Leave"
                </button>
            </div>
        </dialog>
    }
}

fn push_entry() {
    let window = window();
    let (Ok(history), Ok(href)) = (window.history(), window.location().href()) else {
        return;
    };
    let state = history.state().unwrap_or(JsValue::NULL);
    // Fails where a page pushes hundreds of entries within seconds, which is no harm here.
    let _ = history.push_state_with_url(&state, "", Some(&href));
}

fn link_of(event: &MouseEvent) -> Option<HtmlAnchorElement> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("a[href]").ok()??.dyn_into().ok()
}

/// Whether a link leads to another page than this one.
fn leads_away(link: &HtmlAnchorElement) -> bool {
    let location = window().location();
    let without_hash = |href: String| href.split('#').next().unwrap_or_default().to_owned();
    let here = location.href().map(without_hash).unwrap_or_default();
    without_hash(link.href()) != here && link.target().is_empty() && !link.has_attribute("download")
}

/// Before the router sees the click.
fn window_event_listener_with_capture(f: impl Fn(MouseEvent) + 'static) -> Listener {
    let options = gloo_events::EventListenerOptions {
        phase: gloo_events::EventListenerPhase::Capture,
        passive: true,
    };
    let listener =
        gloo_events::EventListener::new_with_options(&window(), "click", options, move |event| {
            f(event.clone().unchecked_into());
        });
    Listener(StoredValue::new_local(Some(listener)))
}

/// Listens until it is removed.
struct Listener(StoredValue<Option<gloo_events::EventListener>, LocalStorage>);

impl Listener {
    fn remove(&self) {
        self.0.try_update_value(Option::take);
    }
}
