//! Workers whose script is part of the program.
//!
//! <https://html.spec.whatwg.org/multipage/workers.html>

use std::ops::Deref;

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url, Worker};

/// A worker that runs a script; dropping it ends it.
pub(super) struct ScriptWorker(Worker);

impl ScriptWorker {
    /// Fails where the page forbids workers.
    pub(super) fn start(script: &str) -> Result<Self, JsValue> {
        let kind = BlobPropertyBag::new();
        kind.set_type("text/javascript");
        let parts = Array::of1(&JsValue::from_str(script));
        let blob = Blob::new_with_str_sequence_and_options(&parts, &kind)?;
        let url = Url::create_object_url_with_blob(&blob)?;
        let worker = Worker::new(&url);
        // It has been fetched, or will not be.
        Url::revoke_object_url(&url)?;
        worker.map(Self)
    }
}

impl Deref for ScriptWorker {
    type Target = Worker;

    fn deref(&self) -> &Worker {
        &self.0
    }
}

impl Drop for ScriptWorker {
    fn drop(&mut self) {
        self.0.terminate();
    }
}
