//! What a connection sends and how loud is what arrives.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MediaStream, MediaStreamTrack};

use super::PeerConnection;
use crate::error::JsError;
use crate::rtc::senders::LocalTracks;
use crate::rtc::sys::ReceiverExt;

impl PeerConnection {
    pub fn add_track(&self, track: &MediaStreamTrack, stream: &MediaStream) -> Result<(), JsError> {
        self.tracer.call("addTrack", track.kind());
        let result = self.ext().add_track(track, stream);
        self.told("addTrack", result.map_err(JsError::from))
    }

    /// Sends `local_tracks` from now on. Whatever takes the place of something of its own kind needs no
    /// new negotiation; nor does what stops and begins again. The promises are those of
    /// `replaceTrack`, to be awaited for their errors.
    pub fn send(&self, local_tracks: &LocalTracks) -> Result<Vec<js_sys::Promise>, JsError> {
        self.senders
            .borrow_mut()
            .apply(self.ext(), local_tracks, &self.tracer)
    }

    /// `maxBitrate` of each video that is sent, in kbit/s; promises as for [`Self::send`].
    pub(crate) fn limit_video(&self, kbps: u32) -> Vec<js_sys::Promise> {
        self.senders.borrow().limit_video(kbps, &self.tracer)
    }

    /// The level of the audio that arrives: 0 is silence, 1 the loudest; `None` while there is
    /// none.
    pub(crate) fn audio_level(&self) -> Option<f64> {
        let receivers = self.inner.get_receivers();
        let levels = receivers.iter().filter_map(|receiver| {
            let receiver: ReceiverExt = receiver.unchecked_into();
            let sources = receiver.get_synchronization_sources().ok()?;
            let level = |source: JsValue| {
                js_sys::Reflect::get(&source, &JsValue::from_str("audioLevel"))
                    .ok()?
                    .as_f64()
            };
            sources.iter().filter_map(level).reduce(f64::max)
        });
        levels.reduce(f64::max)
    }
}
