//! Who hears first that a person goes back or forward. Chromium tells the listeners of a window in the order
//! in which they came, so this one has to come before the router's.

use leptos::prelude::*;
use web_sys::Event;

use super::listen_first;

#[derive(Clone, Copy)]
struct BackGuard(StoredValue<Option<UnsyncCallback<Event>>, LocalStorage>);

/// To be called before the router is made.
pub(crate) fn provide_back_guard() {
    let guard = BackGuard(StoredValue::new_local(None));
    provide_context(guard);
    listen_first("popstate", move |event| {
        if let Some(told) = guard.0.get_value() {
            told.run(event.clone());
        }
    });
}

/// Calls `f` for each `popstate` before the router hears of it, for as long as the surrounding view is there.
/// Of several views the last counts.
pub(crate) fn use_back_guard(f: impl Fn(&Event) + 'static) {
    let Some(BackGuard(guard)) = use_context() else {
        return;
    };
    guard.set_value(Some(UnsyncCallback::new(move |event: Event| f(&event))));
    on_cleanup(move || {
        guard.try_set_value(None);
    });
}
