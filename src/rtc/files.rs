//! Files that people give to the page and take from it.

use gloo_timers::callback::Timeout;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};

use super::settled;
use crate::error::JsError;

/// Has the browser save a text under this name, where people save files.
pub(crate) fn download(name: &str, media_type: &str, text: &str) -> Result<(), JsError> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    download_blob(name, &blob)
}

/// As [`download`]; what is in the blob is read only as it is saved.
pub(crate) fn download_blob(name: &str, blob: &Blob) -> Result<(), JsError> {
    let url = Url::create_object_url_with_blob(blob)?;
    let link = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(|| JsError::not_supported("document"))?
        .create_element("a")?;
    let link: HtmlAnchorElement = link.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser reads it only after the click is over. Leaving it would keep the memory; the timer
    // frees itself when it has run, and the page that began it may be gone by then.
    Timeout::new(60_000, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}

/// The whole text of a file. Fails with `NotReadableError` when the file is gone or forbidden.
pub(crate) async fn read_text(file: &File) -> Result<String, JsError> {
    let text = settled(Ok(file.text())).await?;
    Ok(text.as_string().unwrap_or_default())
}
