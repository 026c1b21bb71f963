//! What one connection sends: at most a camera, a microphone, a screen and its audio, each through
//! a sender of its own that is kept when there is nothing to send for a while.

use std::cell::Cell;

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MediaStream, MediaStreamTrack, RtcRtpSender};

use super::sys::{PeerConnectionExt, SenderExt};
use crate::error::JsError;
use crate::trace::Tracer;

/// What a participant sends to everybody.
#[derive(Clone)]
pub struct LocalTracks {
    pub microphone: Option<MediaStreamTrack>,
    pub camera: Option<MediaStreamTrack>,
    pub screen: Option<MediaStreamTrack>,
    pub(crate) screen_audio: Option<MediaStreamTrack>,
    /// Empty streams, whose ids tell the receiver what belongs together.
    person: MediaStream,
    display: MediaStream,
}

impl LocalTracks {
    /// Nothing yet.
    pub fn new() -> Result<Self, JsError> {
        Ok(Self {
            microphone: None,
            camera: None,
            screen: None,
            screen_audio: None,
            person: MediaStream::new()?,
            display: MediaStream::new()?,
        })
    }

    /// The id of the stream that the screen belongs to.
    pub(crate) fn screen_stream(&self) -> String {
        self.display.id()
    }

    /// How many videos there are.
    pub(crate) fn videos(&self) -> u32 {
        u32::from(self.camera.is_some()) + u32::from(self.screen.is_some())
    }

    fn parts(&self) -> [(Option<&MediaStreamTrack>, &MediaStream); PARTS] {
        [
            (self.microphone.as_ref(), &self.person),
            (self.camera.as_ref(), &self.person),
            (self.screen.as_ref(), &self.display),
            (self.screen_audio.as_ref(), &self.display),
        ]
    }
}

const PARTS: usize = 4;

/// Which of [`LocalTracks::parts`] are videos.
const VIDEO_PARTS: [usize; 2] = [1, 2];

/// One connection's senders, in the order of [`LocalTracks::parts`].
#[derive(Default)]
pub(super) struct Senders([Option<Sender>; PARTS]);

/// There from the first thing on that it sends.
struct Sender {
    inner: RtcRtpSender,
    /// The limit that it was given. It is remembered because `getParameters()` blocks the page until the
    /// browser's media threads answer, and they may be busy.
    kbps: Cell<Option<u32>>,
}

impl Senders {
    pub(super) fn apply(
        &mut self,
        connection: &PeerConnectionExt,
        local_tracks: &LocalTracks,
        tracer: &Tracer,
    ) -> Result<Vec<Promise>, JsError> {
        let mut promises = Vec::new();
        for (sender, (track, stream)) in self.0.iter_mut().zip(local_tracks.parts()) {
            match (&sender, track) {
                (Some(sender), track) if sender.inner.track().as_ref() != track => {
                    let what = track.map_or_else(|| "null".to_owned(), MediaStreamTrack::kind);
                    tracer.call("replaceTrack", what);
                    promises.push(sender.inner.replace_track(track));
                }
                (None, Some(track)) => {
                    tracer.call("addTrack", track.kind());
                    let added = connection.add_track(track, stream).map_err(JsError::from);
                    if let Err(error) = &added {
                        tracer.error("addTrack", error);
                    }
                    *sender = Some(Sender {
                        inner: added?,
                        kbps: Cell::new(None),
                    });
                }
                _ => {}
            }
        }
        Ok(promises)
    }

    pub(super) fn limit_video(&self, kbps: u32, tracer: &Tracer) -> Vec<Promise> {
        // Also those that send nothing now: they may be about to.
        let videos = VIDEO_PARTS.iter().filter_map(|part| self.0[*part].as_ref());
        let others = videos.filter(|sender| sender.kbps.get() != Some(kbps));
        others
            .filter_map(|sender| {
                limit(sender, kbps).unwrap_or_else(|error| {
                    tracer.error("setParameters", &JsError::from(error));
                    None
                })
            })
            .collect()
    }
}

/// `None` when it is so already, or there is no encoding yet.
fn limit(sender: &Sender, kbps: u32) -> Result<Option<Promise>, JsValue> {
    let key = JsValue::from_str("maxBitrate");
    let wanted = JsValue::from_f64(f64::from(kbps) * 1000.0);
    let inner: &SenderExt = sender.inner.unchecked_ref();
    let parameters = inner.get_parameters()?;
    let encodings = Reflect::get(&parameters, &JsValue::from_str("encodings"))?;
    let encoding = encodings.unchecked_ref::<Array>().get(0);
    if !encoding.is_object() {
        return Ok(None);
    }
    let mut promise = None;
    if Reflect::get(&encoding, &key)? != wanted {
        Reflect::set(&encoding, &key, &wanted)?;
        promise = Some(inner.set_parameters(&parameters)?);
    }
    sender.kbps.set(Some(kbps));
    Ok(promise)
}
