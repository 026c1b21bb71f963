//! Adapters over the browser's own interfaces: they carry out, and decide nothing.
//!
//! Each JavaScript object lives in one Rust struct that also owns its listeners; dropping the
//! struct detaches them first and then stops or closes the object. Nothing here knows a view, a
//! server, or why something is done. What an adapter does is reported to its
//! [`Tracer`](crate::trace::Tracer).

mod audio;
pub mod data_channel;
pub mod devices;
pub mod level;
pub mod media;
pub mod peer_connection;
pub mod speaker;
pub mod stats;
pub mod synthetic;
mod sys;
pub mod video;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::error::JsError;

/// Waits for a promise that a call returned, or passes on what the call threw.
async fn settled(promise: Result<js_sys::Promise, JsValue>) -> Result<JsValue, JsError> {
    Ok(JsFuture::from(promise?).await?)
}

/// The page's clock: milliseconds since it was opened, never going back. 0 outside a window.
pub fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}
