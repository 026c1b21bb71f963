//! A screen that stays on (<https://www.w3.org/TR/screen-wake-lock/>).

use futures_channel::oneshot;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::settled;
use crate::error::JsError;

/// One `WakeLockSentinel`. Dropping it lets the screen go dark again.
pub(crate) struct WakeLock(JsValue);

impl WakeLock {
    /// Must be called while the page is seen; the browser ends it when the page no longer is. Fails with
    /// `NotSupportedError` where there is none, and with `NotAllowedError` where the battery is low, for
    /// example. The caller may give up waiting at any time.
    pub(crate) async fn acquire() -> Result<Self, JsError> {
        let (sender, receiver) = oneshot::channel();
        #[expect(
            clippy::disallowed_methods,
            reason = "a lock that comes late must be dropped, or the screen stays on"
        )]
        wasm_bindgen_futures::spawn_local(async move {
            drop(sender.send(request().await));
        });
        receiver
            .await
            .unwrap_or_else(|_| Err(JsError::new("AbortError", "the page was left")))
    }
}

impl Drop for WakeLock {
    fn drop(&mut self) {
        // Its promise is settled without a result; one that was released already stays so.
        drop(call(&self.0, "release", &JsValue::UNDEFINED));
    }
}

async fn request() -> Result<WakeLock, JsError> {
    let missing = || JsError::not_supported("navigator.wakeLock");
    let navigator = web_sys::window().ok_or_else(missing)?.navigator();
    let wake_lock = Reflect::get(&navigator, &"wakeLock".into())?;
    if !wake_lock.is_object() {
        return Err(missing());
    }
    let lock = call(&wake_lock, "request", &"screen".into())?;
    Ok(WakeLock(settled(Ok(Promise::resolve(&lock))).await?))
}

fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsError> {
    let function: Function = Reflect::get(object, &method.into())?
        .dyn_into()
        .map_err(|_| JsError::not_supported(method))?;
    Ok(function.call1(object, argument)?)
}
