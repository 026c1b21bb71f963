//! Where audio comes out.

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlMediaElement;

use super::constraints::{AudioRequest, MediaRequest};
use super::media;
use super::settled;
use super::sys::MediaElementExt;
use crate::error::JsError;
use crate::trace::Tracer;

const TEST_TONE_MS: u32 = 1_500;

/// Whether this browser lets a page choose the speaker.
pub(crate) fn can_choose() -> bool {
    let prototype = js_sys::Reflect::get(&js_sys::global(), &"HTMLMediaElement".into())
        .and_then(|class| js_sys::Reflect::get(&class, &"prototype".into()));
    prototype.is_ok_and(|prototype| {
        js_sys::Reflect::has(&prototype, &JsValue::from_str("setSinkId")).unwrap_or(false)
    })
}

/// `setSinkId`; an empty id is the system's default. Fails with `NotFoundError` when the speaker
/// is gone, `NotAllowedError` when the page may not use it, `NotSupportedError` where the browser
/// does not offer the choice.
pub(crate) async fn choose(element: &HtmlMediaElement, device_id: &str) -> Result<(), JsError> {
    if !can_choose() {
        return Err(JsError::not_supported("setSinkId"));
    }
    let element: &MediaElementExt = element.unchecked_ref();
    settled(element.set_sink_id(device_id)).await?;
    Ok(())
}

/// Plays a tone on a speaker for a moment, as [`choose`] takes and fails.
pub(crate) async fn play_test_tone(device_id: &str, tracer: Tracer) -> Result<(), JsError> {
    let request = MediaRequest {
        video: None,
        audio: Some(AudioRequest::default()),
    };
    let tone = media::synthesize(&request, tracer)?;
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(|| JsError::not_supported("document"))?;
    let element: HtmlMediaElement = document.create_element("audio")?.unchecked_into();
    if !device_id.is_empty() {
        choose(&element, device_id).await?;
    }
    element.set_src_object(Some(tone.stream()));
    settled(element.play()).await?;
    TimeoutFuture::new(TEST_TONE_MS).await;
    Ok(())
}
