//! From tracks to the bytes of a file.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::mpsc;
use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobEvent, MediaRecorder, MediaRecorderOptions, MediaStream, MediaStreamTrack,
};

use crate::error::JsError;

/// How much comes at once, in milliseconds.
const CHUNK_MS: i32 = 1_000;

/// So many chunks wait for the disk at most.
const MOST_WAITING: usize = 30;

const VIDEO_BITS_PER_SECOND: u32 = 2_500_000;
const AUDIO_BITS_PER_SECOND: u32 = 128_000;

/// VP8 first: it costs least, beside a call that needs the processor too. MP4 for who has nothing else.
const FORMATS: [Format; 3] = [
    Format {
        with_audio: "video/webm;codecs=vp8,opus",
        without: "video/webm;codecs=vp8",
        extension: "webm",
    },
    Format {
        with_audio: "video/webm;codecs=vp9,opus",
        without: "video/webm;codecs=vp9",
        extension: "webm",
    },
    Format {
        with_audio: "video/mp4",
        without: "video/mp4",
        extension: "mp4",
    },
];

/// What a file is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Format {
    with_audio: &'static str,
    /// Of the same file without audio: Firefox writes nothing as long as a codec has no track.
    without: &'static str,
    pub(crate) extension: &'static str,
}

impl Format {
    /// The best that this browser makes.
    pub(crate) fn best() -> Result<Self, JsError> {
        let mut formats = FORMATS.into_iter();
        formats
            .find(|format| MediaRecorder::is_type_supported(format.with_audio))
            .ok_or_else(|| JsError::not_supported("video encoder"))
    }
}

/// What is to be written next; ends with the recording. An error ends it, too.
pub(crate) type Chunks = mpsc::Receiver<Result<Blob, JsError>>;

/// Dropping it ends the encoding and the tracks.
pub(super) struct Encoder {
    recorder: MediaRecorder,
    stream: MediaStream,
    listeners: Vec<EventListener>,
}

impl Encoder {
    pub(super) fn start(format: Format, stream: MediaStream) -> Result<(Self, Chunks), JsError> {
        let options = MediaRecorderOptions::new();
        options.set_mime_type(match stream.get_audio_tracks().length() {
            0 => format.without,
            _ => format.with_audio,
        });
        options.set_video_bits_per_second(VIDEO_BITS_PER_SECOND);
        options.set_audio_bits_per_second(AUDIO_BITS_PER_SECOND);
        let recorder =
            MediaRecorder::new_with_media_stream_and_media_recorder_options(&stream, &options)?;
        let (tell, chunks) = mpsc::channel(MOST_WAITING);
        let outlet = Outlet(Rc::new(RefCell::new(Some(tell))));
        let (data, error, stop) = (outlet.clone(), outlet.clone(), outlet);
        let listeners = vec![
            EventListener::new(&recorder, "dataavailable", move |event| {
                let event: &BlobEvent = event.unchecked_ref();
                if let Some(chunk) = event.data().filter(|chunk| chunk.size() > 0.0) {
                    data.pass(chunk);
                }
            }),
            EventListener::new(&recorder, "error", move |event| {
                let reason = js_sys::Reflect::get(event, &"error".into());
                error.fail(reason.unwrap_or(JsValue::UNDEFINED).into());
            }),
            EventListener::new(&recorder, "stop", move |_| stop.close()),
        ];
        let encoder = Self {
            recorder,
            stream,
            listeners,
        };
        encoder.recorder.start_with_time_slice(CHUNK_MS)?;
        Ok((encoder, chunks))
    }

    pub(super) fn stop(&self) -> Result<(), JsError> {
        if self.is_active() {
            self.recorder.stop()?;
        }
        Ok(())
    }

    fn is_active(&self) -> bool {
        self.recorder.state() != web_sys::RecordingState::Inactive
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        self.listeners.clear();
        // Nobody waits for the rest any more.
        let _ = self.stop();
        for track in self.stream.get_tracks().iter() {
            track.unchecked_into::<MediaStreamTrack>().stop();
        }
    }
}

/// Where chunks go until there are no more.
#[derive(Clone)]
struct Outlet(Rc<RefCell<Option<Tell>>>);

type Tell = mpsc::Sender<Result<Blob, JsError>>;

impl Outlet {
    fn pass(&self, chunk: Blob) {
        let is_full = match &mut *self.0.borrow_mut() {
            Some(tell) => tell.try_send(Ok(chunk)).is_err_and(|error| error.is_full()),
            None => false,
        };
        if is_full {
            self.fail(JsError::new("TimeoutError", "the disk is too slow"));
        }
    }

    fn fail(&self, error: JsError) {
        let tell = self.0.borrow_mut().take();
        if let Some(tell) = tell {
            // A new sender has a place in a queue that is full. The receiver is gone only when nobody wants
            // to know.
            let _ = tell.clone().try_send(Err(error));
        }
    }

    fn close(&self) {
        self.0.borrow_mut().take();
    }
}
