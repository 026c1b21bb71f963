//! Where sound comes out.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlMediaElement;

use super::settled;
use super::sys::MediaElementExt;
use crate::error::JsError;

/// Whether this browser lets a page choose the speaker.
pub fn can_choose() -> bool {
    let prototype = js_sys::Reflect::get(&js_sys::global(), &"HTMLMediaElement".into())
        .and_then(|class| js_sys::Reflect::get(&class, &"prototype".into()));
    prototype.is_ok_and(|prototype| {
        js_sys::Reflect::has(&prototype, &JsValue::from_str("setSinkId")).unwrap_or(false)
    })
}

/// `setSinkId`; an empty id is the system's default. Fails with `NotFoundError` when the speaker
/// is gone, `NotAllowedError` when the page may not use it.
pub async fn choose(element: &HtmlMediaElement, device_id: &str) -> Result<(), JsError> {
    if !can_choose() {
        return Err(JsError::not_supported("setSinkId"));
    }
    let element: &MediaElementExt = element.unchecked_ref();
    settled(element.set_sink_id(device_id)).await?;
    Ok(())
}
