//! Web Locks (<https://www.w3.org/TR/web-locks/>): names of which at most one tab holds each, until
//! it gives it back or is gone, however it went.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_channel::oneshot;
use futures_util::FutureExt;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use crate::error::JsError;

#[wasm_bindgen]
extern "C" {
    /// web-sys counts it as unstable.
    #[derive(Clone)]
    pub(super) type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        granted: &JsValue,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn query(this: &LockManager) -> Result<Promise, JsValue>;
}

/// The browser's locks; it has none for pages that came over plain HTTP.
pub(super) fn manager() -> Result<LockManager, JsError> {
    let navigator = web_sys::window().map(|window| window.navigator());
    let locks = navigator.and_then(|navigator| Reflect::get(&navigator, &"locks".into()).ok());
    match locks.filter(JsValue::is_object) {
        Some(locks) => Ok(locks.unchecked_into()),
        None => Err(JsError::not_supported("navigator.locks")),
    }
}

/// A lock that is held until this is dropped.
pub(super) struct Lock {
    give_back: Function,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // It only settles a promise.
        let _ = self.give_back.call0(&JsValue::UNDEFINED);
    }
}

/// Takes a lock that nobody holds; `None` when somebody does.
pub(super) async fn take(locks: &LockManager, name: &str) -> Option<Lock> {
    let options = options(&[("ifAvailable", true.into())]);
    ask(locks, name, options).await.ok().flatten()
}

/// Whether somebody holds the lock now.
pub(super) async fn is_held(locks: &LockManager, name: &str) -> Result<bool, JsError> {
    let known = JsFuture::from(locks.query()?).await?;
    let held = Array::from(&Reflect::get(&known, &"held".into())?);
    Ok(held.iter().any(|lock| {
        let of = Reflect::get(&lock, &"name".into());
        of.is_ok_and(|of| of.as_string().as_deref() == Some(name))
    }))
}

/// Waits until nobody holds a lock; dropping it ends the waiting.
pub(super) struct Free {
    granted: oneshot::Receiver<Option<Lock>>,
    abort: Option<AbortController>,
}

impl Free {
    pub(super) fn wait(locks: &LockManager, name: &str) -> Self {
        let abort = AbortController::new().ok();
        let signal = abort
            .as_ref()
            .map_or(JsValue::UNDEFINED, |abort| abort.signal().into());
        // Whoever else waits does not stand in the way.
        let options = options(&[("mode", "shared".into()), ("signal", signal)]);
        Self {
            granted: ask(locks, name, options),
            abort,
        }
    }
}

impl Future for Free {
    type Output = ();

    /// Who was granted the lock gives it back at once.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.granted.poll_unpin(context).map(drop)
    }
}

impl Drop for Free {
    fn drop(&mut self) {
        if let Some(abort) = &self.abort {
            abort.abort();
        }
    }
}

fn options(entries: &[(&str, JsValue)]) -> JsValue {
    let options = Object::new();
    for (key, value) in entries {
        // A plain object takes every key.
        let _ = Reflect::set(&options, &(*key).into(), value);
    }
    options.into()
}

/// A lock is given back at once where nobody waits for the answer any more.
fn ask(locks: &LockManager, name: &str, options: JsValue) -> oneshot::Receiver<Option<Lock>> {
    let (answer, answered) = oneshot::channel();
    let (locks, name) = (locks.clone(), name.to_owned());
    let task = async move {
        // The lock is held until the promise that this returns is settled.
        let granted = Closure::once(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                drop(answer.send(None));
                return JsValue::UNDEFINED;
            }
            let mut give_back = None;
            let held = Promise::new(&mut |resolve, _| give_back = Some(resolve));
            drop(answer.send(give_back.map(|give_back| Lock { give_back })));
            held.into()
        });
        // An error is that of a request that was aborted, or of a page that is going away.
        if let Ok(request) = locks.request(&name, &options, granted.as_ref()) {
            let _ = JsFuture::from(request).await;
        }
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "ends when the lock is given back or the waiting is; the closure must live as long"
    )]
    wasm_bindgen_futures::spawn_local(task);
    answered
}
