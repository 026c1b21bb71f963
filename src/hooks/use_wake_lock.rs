//! A screen that does not go dark while nobody touches it.

use gloo_events::EventListener;
use leptos::prelude::*;

use super::use_task;
use crate::rtc::wake_lock::WakeLock;

/// Keeps the screen on for as long as the surrounding view is there, and seen. Where the browser does not
/// allow it, the screen goes dark as it does elsewhere.
pub(crate) fn use_wake_lock() {
    let held = StoredValue::new_local(None::<WakeLock>);
    let asking = use_task();
    let acquire = move || {
        if !document().hidden() {
            asking.run(async move {
                held.try_set_value(WakeLock::acquire().await.ok());
            });
        }
    };
    acquire();
    // The browser ends it whenever the page is out of sight.
    let seen = EventListener::new(&document(), "visibilitychange", move |_| acquire());
    let seen = StoredValue::new_local(Some(seen));
    on_cleanup(move || {
        seen.try_update_value(Option::take);
        held.try_update_value(Option::take);
    });
}
