//! The latest of values that come in bursts.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

/// Passes on the latest of the values given to the returned function, `after_ms` after the first of them
/// came. Showing a value then does not delay the code that reports it.
pub(crate) fn use_throttled<T: 'static>(
    after_ms: u32,
    pass_on: impl Fn(T) + Copy + 'static,
) -> impl Fn(T) + Copy + 'static {
    let waiting = StoredValue::new_local(None::<(T, Timeout)>);
    let pass_latest_on = move || {
        // Late, the page may be gone.
        if let Some((latest, _)) = waiting.try_update_value(Option::take).flatten() {
            pass_on(latest);
        }
    };
    move |value| {
        waiting.try_update_value(|waiting| match waiting {
            Some((latest, _)) => *latest = value,
            None => *waiting = Some((value, Timeout::new(after_ms, pass_latest_on))),
        });
    }
}
