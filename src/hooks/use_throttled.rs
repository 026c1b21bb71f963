//! The latest of values that come in bursts.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::IdleRequestOptions;

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

/// Ends when it is dropped.
enum Waiting {
    Idle(u32, #[expect(dead_code)] Closure<dyn FnMut()>),
    /// Safari tells nobody when it is idle.
    Timer(#[expect(dead_code)] Timeout),
}

impl Waiting {
    fn new(at_latest_ms: u32, then: impl Fn() + Copy + 'static) -> Self {
        let options = IdleRequestOptions::new();
        options.set_timeout(at_latest_ms);
        let closure = Closure::<dyn FnMut()>::new(then);
        let function = closure.as_ref().unchecked_ref();
        let is_known = js_sys::Reflect::has(&window(), &"requestIdleCallback".into());
        if is_known == Ok(true)
            && let Ok(id) = window().request_idle_callback_with_options(function, &options)
        {
            return Self::Idle(id, closure);
        }
        Self::Timer(Timeout::new(at_latest_ms, then))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Self::Idle(id, _) = self {
            window().cancel_idle_callback(*id);
        }
    }
}
