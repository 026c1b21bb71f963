//! Tells the other tabs of this page what is in use: <https://www.w3.org/TR/web-locks/>. A lock goes with
//! the page that holds it, also when that crashes.

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use js_sys::{Array, Function, Promise, Reflect};
use std::pin::pin;
use wasm_bindgen::prelude::*;

use crate::error::JsError;
use crate::rtc::settled;

#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, callback: &Function) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn query(this: &LockManager) -> Result<Promise, JsValue>;
}

/// Held until it is dropped.
pub(super) struct Lock {
    release: Function,
    _callback: Closure<dyn FnMut() -> Promise>,
}

impl Lock {
    /// Waits for whoever else holds one of this name.
    pub(super) async fn hold(name: &str) -> Result<Self, JsError> {
        let mut release = None;
        // The browser keeps the lock until this is fulfilled.
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let (tell, granted) = oneshot::channel();
        let mut tell = Some(tell);
        let callback: Closure<dyn FnMut() -> Promise> = Closure::new(move || {
            if let Some(tell) = tell.take() {
                // Whoever asked for it may have gone.
                let _ = tell.send(());
            }
            held.clone()
        });
        let function: &Closure<_> = &callback;
        let asked = manager()?.request(name, function.as_ref().unchecked_ref());
        // What was asked for is settled only after the lock was released, or when it is not granted.
        if let Either::Left((result, _)) = select(pin!(settled(asked)), granted).await {
            result?;
        }
        Ok(Self {
            release: release.ok_or_else(|| JsError::not_supported("Promise"))?,
            _callback: callback,
        })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What fulfils a promise does not throw.
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// The names of all locks that tabs of this origin hold.
pub(super) async fn held() -> Result<Vec<String>, JsError> {
    let snapshot = settled(manager()?.query()).await?;
    let held: Array = Reflect::get(&snapshot, &"held".into())?.unchecked_into();
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    Ok(held.iter().filter_map(name).collect())
}

fn manager() -> Result<LockManager, JsError> {
    let locks = web_sys::window()
        .and_then(|window| Reflect::get(&window.navigator(), &"locks".into()).ok())
        .filter(JsValue::is_object);
    locks
        .map(JsCast::unchecked_into)
        .ok_or_else(|| JsError::not_supported("navigator.locks"))
}
