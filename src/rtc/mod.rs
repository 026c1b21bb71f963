//! Adapters over the browser's own interfaces: they carry out, and decide nothing.
//!
//! Each JavaScript object lives in one Rust struct that also owns its listeners; dropping the
//! struct detaches them first and then stops or closes the object. Nothing here knows a view, a
//! server, or why something is done. What an adapter does is reported to its
//! [`Tracer`](crate::trace::Tracer).

mod audio;
pub mod blur;
pub(crate) mod chime;
pub mod constraints;
pub mod data_channel;
pub mod devices;
mod dtls;
pub mod files;
pub mod level;
pub mod live;
pub mod media;
pub mod peer_connection;
pub mod permissions;
pub(crate) mod recorder;
pub mod sampler;
pub mod senders;
pub(crate) mod small_window;
pub mod speaker;
mod stats;
pub mod support;
pub mod synthetic;
mod sys;
pub(crate) mod ticker;
pub(crate) mod video;
pub(crate) mod wake_lock;
mod worker;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::error::JsError;

/// Waits for a promise that a call returned, or passes on what the call threw.
async fn settled(promise: Result<js_sys::Promise, JsValue>) -> Result<JsValue, JsError> {
    Ok(JsFuture::from(promise?).await?)
}

/// Waits for several; the first error of any. Operations of a connection that was closed meanwhile
/// have no result, and no harm.
pub async fn all_settled(promises: Vec<js_sys::Promise>) -> Result<(), JsError> {
    for promise in promises {
        match settled(Ok(promise)).await {
            Err(error) if error.name != "InvalidStateError" => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Bytes that nobody can guess.
pub(crate) fn random_bytes<const BYTES: usize>() -> [u8; BYTES] {
    let mut bytes = [0_u8; BYTES];
    // Exists wherever WebAssembly does, in insecure contexts too.
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !filled {
        bytes = bytes.map(|_| (js_sys::Math::random() * 256.0) as u8);
    }
    bytes
}

/// `2 * BYTES` hexadecimal digits that nobody can guess.
pub fn random_hex<const BYTES: usize>() -> String {
    let bytes = random_bytes::<BYTES>();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The page's clock: milliseconds since it was opened, never going back. 0 outside a window.
pub fn now_ms() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}
