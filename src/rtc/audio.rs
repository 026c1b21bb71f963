//! The browser's audio processing.

use std::ops::Deref;

use web_sys::AudioContext;

use crate::error::JsError;

/// An `AudioContext`; dropping it closes it.
pub(super) struct Audio(AudioContext);

impl Audio {
    pub(super) fn new() -> Result<Self, JsError> {
        Ok(Self(AudioContext::new()?))
    }
}

impl Deref for Audio {
    type Target = AudioContext;

    fn deref(&self) -> &AudioContext {
        &self.0
    }
}

impl Drop for Audio {
    fn drop(&mut self) {
        // Fails only when closed already; nothing else closes it.
        let _ = self.0.close();
    }
}
