//! What a video element shows: its frame as a file, and when the first one comes.

use gloo_events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

use super::sys::VideoExt;
use crate::error::JsError;

/// The present frame as a `data:` URL of a PNG. Fails with `InvalidStateError` before there is
/// one.
pub(crate) fn snapshot(video: &HtmlVideoElement) -> Result<String, JsError> {
    let (width, height) = (video.video_width(), video.video_height());
    if width == 0 || height == 0 {
        return Err(JsError::new("InvalidStateError", "there is no picture yet"));
    }
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(|| JsError::not_supported("document"))?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas
        .get_context("2d")?
        .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok())
        .ok_or_else(|| JsError::not_supported("2D canvas"))?;
    context.draw_image_with_html_video_element(video, 0.0, 0.0)?;
    Ok(canvas.to_data_url_with_type("image/png")?)
}

/// Waits for a video's next frame; dropping it ends the waiting. Must not be dropped by its own
/// callback.
pub(crate) struct NextFrame {
    video: HtmlVideoElement,
    request: Option<(u32, Closure<dyn FnMut()>)>,
    _loaded: Option<EventListener>,
}

impl NextFrame {
    /// Calls `f` once, when a frame is put on the screen; where the browser does not tell that,
    /// when the first one is loaded.
    pub(crate) fn new(video: &HtmlVideoElement, f: impl FnOnce() + 'static) -> Self {
        let mut f = Some(f);
        let once = move || {
            if let Some(f) = f.take() {
                f();
            }
        };
        let extended: &VideoExt = video.unchecked_ref();
        let there = js_sys::Reflect::has(video, &"requestVideoFrameCallback".into());
        if !there.unwrap_or(false) {
            let mut once = once;
            return Self {
                video: video.clone(),
                request: None,
                _loaded: Some(EventListener::once(video, "loadeddata", move |_| once())),
            };
        }
        let callback: Closure<dyn FnMut()> = Closure::new(once);
        let handle = extended.request_video_frame_callback(callback.as_ref().unchecked_ref());
        Self {
            video: video.clone(),
            request: handle.ok().map(|handle| (handle, callback)),
            _loaded: None,
        }
    }
}

impl Drop for NextFrame {
    fn drop(&mut self) {
        if let Some((handle, _)) = &self.request {
            let video: &VideoExt = self.video.unchecked_ref();
            // A frame that has come already has nothing to cancel.
            let _ = video.cancel_video_frame_callback(*handle);
        }
    }
}
