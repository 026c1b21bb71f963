//! The latest of values that come in bursts.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::rtc::now_ms;

/// Passes on the latest of the values given to the returned function once none has come for `quiet_ms`, and
/// `at_latest_ms` after the first of them. What reports values in quick succession, with messages to others
/// between them, is then not held up by showing each.
pub(crate) fn use_throttled<T: 'static>(
    quiet_ms: u32,
    at_latest_ms: u32,
    pass_on: impl Fn(T) + Copy + 'static,
) -> impl Fn(T) + Copy + 'static {
    let waiting = StoredValue::new_local(None::<Waiting<T>>);
    let pass_latest_on = move || {
        // Late, the page may be gone.
        if let Some(Waiting { latest, .. }) = waiting.try_update_value(Option::take).flatten() {
            pass_on(latest);
        }
    };
    move |latest| {
        waiting.try_update_value(|waiting| {
            let now = now_ms();
            let first = waiting.as_ref().map_or(now, |waiting| waiting.first_ms);
            // `clamp` would panic with both bounds, and what writes numbers is large.
            let left = (first + f64::from(at_latest_ms) - now).min(f64::from(quiet_ms));
            *waiting = Some(Waiting {
                latest,
                first_ms: first,
                _timer: Timeout::new(left as u32, pass_latest_on),
            });
        });
    }
}

/// Ends when it is dropped.
struct Waiting<T> {
    latest: T,
    /// When the first came, in milliseconds of [`now_ms`].
    first_ms: f64,
    _timer: Timeout,
}
