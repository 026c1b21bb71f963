//! Events of the window, before anything else on the page hears of them.

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use leptos::prelude::*;
use web_sys::Event;

/// Calls `f` for each event of this name as long as the page or component is there. `f` may keep the event
/// from everybody else.
pub(crate) fn listen_first(name: &'static str, f: impl Fn(&Event) + 'static) {
    let options = EventListenerOptions {
        phase: EventListenerPhase::Capture,
        passive: false,
    };
    let listener = EventListener::new_with_options(&window(), name, options, f);
    let listener = StoredValue::new_local(Some(listener));
    on_cleanup(move || {
        listener.try_update_value(Option::take);
    });
}
