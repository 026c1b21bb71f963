//! When the browser has nothing else to do.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::oneshot;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::IdleRequestOptions;

/// Waits until the browser has shown what there is to show and has nothing else to do, at most so long.
pub(crate) async fn idle(at_latest_ms: u32) {
    let (told, idle) = oneshot::channel();
    let told = Rc::new(Cell::new(Some(told)));
    let _waiting = Waiting::new(at_latest_ms, move || {
        if let Some(told) = told.take() {
            // The other end is below, as long as this is there.
            let _ = told.send(());
        }
    });
    let _ = idle.await;
}

/// Ends when it is dropped.
pub(super) enum Waiting {
    Idle(u32, #[expect(dead_code)] Closure<dyn FnMut()>),
    /// Safari tells nobody when it is idle.
    Timer(#[expect(dead_code)] Timeout),
}

impl Waiting {
    pub(super) fn new(at_latest_ms: u32, then: impl Fn() + Clone + 'static) -> Self {
        let options = IdleRequestOptions::new();
        options.set_timeout(at_latest_ms);
        let closure = Closure::<dyn FnMut()>::new(then.clone());
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
