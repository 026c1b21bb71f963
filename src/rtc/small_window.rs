//! A small window above all others that shows parts of the page, or a video.
//!
//! <https://wicg.github.io/document-picture-in-picture/>, <https://www.w3.org/TR/picture-in-picture/>

use gloo_events::EventListener;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, HtmlVideoElement, MediaStream, Window};

use super::settled;
use crate::error::JsError;

const INTERFACE: &str = "documentPictureInPicture";

/// The window; dropping it closes it.
pub(crate) struct SmallWindow {
    window: Window,
    _closed: EventListener,
}

/// Whether this browser has such windows.
pub(crate) fn has_small_windows() -> bool {
    Reflect::has(&js_sys::global(), &INTERFACE.into()).unwrap_or(false)
}

/// Asks for a window of this size in pixels. Must be called by the listener of what a person presses, and not by
/// a task: while Firefox opens a window, it handles what else happens, and tasks with it, before this returns.
/// Fails with `NotAllowedError` where nothing was pressed, and with `NotSupportedError` where
/// [`has_small_windows`] is false.
pub(crate) fn request_window((width, height): (u32, u32)) -> Result<Promise, JsError> {
    let interface = Reflect::get(&js_sys::global(), &INTERFACE.into())?;
    let request: Function = Reflect::get(&interface, &"requestWindow".into())
        .and_then(JsCast::dyn_into)
        .map_err(|_| JsError::not_supported(INTERFACE))?;
    let options = Object::new();
    Reflect::set(&options, &"width".into(), &JsValue::from(width))?;
    Reflect::set(&options, &"height".into(), &JsValue::from(height))?;
    Ok(request.call1(&interface, &options)?.unchecked_into())
}

impl SmallWindow {
    /// The window that was [requested](request_window), with this style; calls `on_close` when a person closes
    /// it.
    pub(crate) async fn open(
        requested: Promise,
        style: &str,
        on_close: impl FnOnce() + 'static,
    ) -> Result<Self, JsError> {
        let window: Window = settled(Ok(requested)).await?.unchecked_into();
        if let Some(document) = window.document()
            && let Some(head) = document.head()
        {
            let element = document.create_element("style")?;
            element.set_text_content(Some(style));
            head.append_child(&element)?;
        }
        let closed = EventListener::once(&window, "pagehide", |_| on_close());
        Ok(Self {
            window,
            _closed: closed,
        })
    }

    /// Where to show something.
    pub(crate) fn body(&self) -> Option<HtmlElement> {
        self.window.document()?.body()
    }
}

impl Drop for SmallWindow {
    fn drop(&mut self) {
        // Fails only when closed already.
        let _ = self.window.close();
    }
}

/// A video that the page itself does not show, to be put into such a window: what it plays can change
/// meanwhile. It has no sound. Dropping it takes it away, and with it the window.
pub(crate) struct SmallVideo {
    element: HtmlVideoElement,
    /// Whether its window is being closed.
    is_left: bool,
    _closed: EventListener,
}

impl SmallVideo {
    /// Calls `on_close` when the window is closed.
    pub(crate) fn new(on_close: impl FnOnce() + 'static) -> Result<Self, JsError> {
        let document = web_sys::window().and_then(|window| window.document());
        let document = document.ok_or_else(|| JsError::not_supported("document"))?;
        let element: HtmlVideoElement = document.create_element("video")?.unchecked_into();
        element.set_muted(true);
        element.set_attribute("playsinline", "")?;
        element.set_attribute("aria-hidden", "true")?;
        element.set_class_name("visually-hidden");
        if let Some(body) = document.body() {
            body.append_child(&element)?;
        }
        let closed = EventListener::once(&element, "leavepictureinpicture", |_| on_close());
        Ok(Self {
            element,
            is_left: false,
            _closed: closed,
        })
    }

    pub(crate) fn element(&self) -> HtmlVideoElement {
        self.element.clone()
    }

    /// Plays this from now on.
    pub(crate) fn show(&self, stream: &MediaStream) {
        // Setting the same stream again would begin to play it anew.
        if self.element.src_object().as_ref() != Some(stream) {
            self.element.set_src_object(Some(stream));
            self.element.set_autoplay(true);
        }
    }

    /// Closes the window and takes the video away. The promise, if there was a window, ends when it is gone:
    /// one that is opened before may go with it.
    pub(crate) fn close(mut self) -> Option<Promise> {
        self.is_left = true;
        leave(&self.element).ok().flatten()
    }

    /// Waits until there is something to see.
    pub(crate) async fn play(&self) -> Result<(), JsError> {
        JsFuture::from(self.element.play()?).await?;
        Ok(())
    }
}

/// Closes the window of this video, if it has one. The promise is fulfilled when it is gone.
fn leave(video: &HtmlVideoElement) -> Result<Option<Promise>, JsValue> {
    let document = JsValue::from(video.owner_document());
    let shown = Reflect::get(&document, &"pictureInPictureElement".into())?;
    let own: &JsValue = video.as_ref();
    if shown == *own {
        let exit: Function = Reflect::get(&document, &"exitPictureInPicture".into())?.dyn_into()?;
        return Ok(exit.call0(&document)?.dyn_into().ok());
    }
    Ok(None)
}

impl Drop for SmallVideo {
    fn drop(&mut self) {
        if !self.is_left {
            // Where there are no such windows, this video had none.
            let _ = leave(&self.element);
        }
        self.element.remove();
        self.element.set_src_object(None);
    }
}
