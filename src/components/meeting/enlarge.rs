//! Full screen and picture-in-picture of a tile. What a browser lacks is not offered.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlVideoElement};

use crate::error::JsError;

/// Not on every phone, and not in every frame.
pub(super) fn can_fill_screen() -> bool {
    is_true(&document(), "fullscreenEnabled") || video_has("webkitEnterFullscreen")
}

/// Older Firefox has it as a button of its own and tells pages nothing of it.
pub(crate) fn can_float() -> bool {
    is_true(&document(), "pictureInPictureEnabled") && video_has("requestPictureInPicture")
}

/// Shows the video's tile, its caption included, on the full screen, or no longer.
pub(super) async fn toggle_full_screen(video: HtmlVideoElement) -> Result<(), JsError> {
    let document = document();
    let Some(tile) = video.parent_element() else {
        return Ok(());
    };
    let shown: Option<Element> = property(&document, "fullscreenElement").dyn_into().ok();
    if shown.is_some_and(|shown| shown == tile) {
        invoke(&document, "exitFullscreen").await
    } else if is_true(&document, "fullscreenEnabled") {
        invoke(&tile, "requestFullscreen").await
    } else {
        invoke(&video, "webkitEnterFullscreen").await
    }
}

/// Shows the whole page on the full screen, or no longer.
pub(crate) async fn toggle_page_full_screen() -> Result<(), JsError> {
    let document = document();
    let is_full = !property(&document, "fullscreenElement").is_null();
    match document.document_element() {
        Some(root) if !is_full => invoke(&root, "requestFullscreen").await,
        _ => invoke(&document, "exitFullscreen").await,
    }
}

/// Shows the video in a small window above all others, or no longer.
pub(crate) async fn toggle_floating(video: HtmlVideoElement) -> Result<(), JsError> {
    let document = document();
    let shown: Option<Element> = property(&document, "pictureInPictureElement")
        .dyn_into()
        .ok();
    if shown.is_some_and(|shown| shown == ***video) {
        invoke(&document, "exitPictureInPicture").await
    } else {
        invoke(&video, "requestPictureInPicture").await
    }
}

/// Calls a method that web-sys lacks, and waits for its promise if it gives one.
async fn invoke(object: &JsValue, method: &str) -> Result<(), JsError> {
    let function: js_sys::Function = property(object, method)
        .dyn_into()
        .map_err(|_| JsError::not_supported(method))?;
    let result = function.call0(object)?;
    JsFuture::from(js_sys::Promise::resolve(&result)).await?;
    Ok(())
}

fn video_has(method: &str) -> bool {
    let class = property(&js_sys::global(), "HTMLVideoElement");
    js_sys::Reflect::has(&property(&class, "prototype"), &method.into()).unwrap_or(false)
}

fn is_true(object: &JsValue, name: &str) -> bool {
    property(object, name).is_truthy()
}

fn property(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &name.into()).unwrap_or_default()
}
