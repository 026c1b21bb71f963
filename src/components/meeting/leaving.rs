//! Leaving a call is never an accident: links open beside it, and going back, closing and reloading ask.

use std::time::Duration;

use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::*;
use leptos::{ev, html};
use leptos_router::hooks::use_location;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BeforeUnloadEvent, Element, Event, HtmlAnchorElement};

use crate::hooks::{CallHook, listen_first, use_back_guard, use_modal};

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
    // As the router knows it: it is told of no step back during a call.
    let location = use_location();
    let address = move || {
        let (path, search) = (location.pathname, location.search);
        path.try_get_untracked()
            .zip(search.try_get_untracked())
            .map(|(path, search)| match search.as_str() {
                "" => path,
                _ => format!("{path}?{search}"),
            })
    };
    // Only in a call: a page that listens to this is not kept for going back to it.
    let unload = StoredValue::new(None::<WindowListenerHandle>);
    // Where the step off the guarding entry leads, which is no other page.
    let stepping_off = StoredValue::new(None::<String>);
    let end = move || {
        asked.try_set(false);
        if let Some(listener) = unload.try_update_value(Option::take).flatten() {
            listener.remove();
            if step_off() {
                stepping_off.try_set_value(address());
            }
        }
    };
    Effect::new(move |earlier: Option<bool>| {
        let in_call = in_call.get();
        if in_call && earlier != Some(true) {
            // Going back leads from this entry to one of the same address, and not out of the page.
            if let Ok(here) = window().location().href() {
                step_on(&here);
            }
            let ask = window_event_listener(ev::beforeunload, |event: BeforeUnloadEvent| {
                event.prevent_default();
                // What older browsers look at.
                event.set_return_value(" ");
            });
            unload.set_value(Some(ask));
        } else if !in_call && earlier == Some(true) {
            end();
        }
        in_call
    });
    use_back_guard(move |event| {
        let stepped_off = stepping_off.try_update_value(Option::take).flatten();
        if stepped_off.is_some() || is_in_call() {
            // However far back: the router would show the page there, and end the call before anybody is asked.
            event.stop_immediate_propagation();
        }
        if let Some(here) = &stepped_off {
            replace_entry(here);
        }
        if is_in_call()
            && let Some(here) = address()
        {
            step_back_on(&here);
            // Unless the call has only just begun again.
            asked.set(stepped_off.is_none());
        }
    });
    listen_first("click", move |event| {
        if is_in_call()
            && let Some(link) = link_of(event)
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
    on_cleanup(end);
    asked
}

/// Asks whether to leave.
#[component]
fn LeaveDialog(call: CallHook, asked: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    use_modal(dialog, move || asked.get());
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

/// The state of the history entry that stands between a call and the page before it.
const GUARD: &str = "in a call";

/// The state of the present history entry.
pub(super) fn entry_state() -> JsValue {
    let state = window().history().and_then(|history| history.state());
    state.unwrap_or(JsValue::NULL)
}

fn is_on_guard() -> bool {
    entry_state()
        .as_string()
        .is_some_and(|state| state == GUARD)
}

/// Puts the guarding entry behind the present one. After a reload it may be the present one.
fn step_on(address: &str) {
    if let Ok(history) = window().history()
        && !is_on_guard()
    {
        // Fails where a page pushes hundreds of entries within seconds, which is no harm here.
        let _ = history.push_state_with_url(&GUARD.into(), "", Some(address));
    }
}

/// The same from whatever entry the person went back to.
fn step_back_on(address: &str) {
    let location = window().location();
    let here = location.pathname().ok().zip(location.search().ok());
    if here.is_some_and(|(path, search)| path + &search != address)
        && let Ok(history) = window().history()
    {
        // The entry of the call's own address is among those that were passed over.
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
    }
    step_on(address);
}

/// Whether the browser is about to go back from the guarding entry, so that nobody has to do that twice.
fn step_off() -> bool {
    is_on_guard()
        && window()
            .history()
            .is_ok_and(|history| history.back().is_ok())
}

fn replace_entry(address: &str) {
    if let Ok(history) = window().history() {
        // As above.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

fn link_of(event: &Event) -> Option<HtmlAnchorElement> {
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
