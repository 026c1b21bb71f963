//! The latest of values that come in bursts.

use leptos::prelude::*;

use super::idle::Waiting;

/// Passes on the latest of the values given to the returned function as soon as the browser has nothing
/// else to do, `at_latest_ms` after the first of them came. Showing a value then does not delay the
/// code that reports it.
pub(crate) fn use_throttled<T: 'static>(
    at_latest_ms: u32,
    pass_on: impl Fn(T) + Copy + 'static,
) -> impl Fn(T) + Copy + 'static {
    let waiting = StoredValue::new_local(None::<(T, Waiting)>);
    let pass_latest_on = move || {
        // Late, the page may be gone.
        if let Some((latest, _)) = waiting.try_update_value(Option::take).flatten() {
            pass_on(latest);
        }
    };
    move |value| {
        waiting.try_update_value(|waiting| match waiting {
            Some((latest, _)) => *latest = value,
            None => *waiting = Some((value, Waiting::new(at_latest_ms, pass_latest_on))),
        });
    }
}
