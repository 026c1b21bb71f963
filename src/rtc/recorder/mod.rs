//! A meeting as a video file, made by the browser: what people see drawn into a canvas, what they hear
//! mixed, both encoded by a `MediaRecorder` and written into the page's own files as it runs.
//!
//! The recorded tracks stay the same from beginning to end, because a `MediaRecorder` takes no others:
//! devices and people come and go before them. Who is seen and heard is the caller's.

mod encoder;
pub(crate) mod kept;
mod lock;
mod mixer;
mod painter;
mod source;

use wasm_bindgen::JsValue;
use web_sys::MediaStream;

use crate::error::JsError;
use encoder::Encoder;
pub(crate) use encoder::{Chunks, Format};
use mixer::Mixer;
use painter::Painter;
pub(crate) use source::Source;

/// Pictures a second. Encoding them is in competition with encoding for everybody in the call.
pub(crate) const FRAME_RATE: u32 = 20;

/// Whether this browser has what a recording is made of.
pub(crate) fn can_record() -> bool {
    let has = |name: &str| {
        let global = js_sys::global();
        js_sys::Reflect::has(&global, &JsValue::from_str(name)).unwrap_or(false)
    };
    // Outside secure contexts there are no files.
    has("MediaRecorder") && has("FileSystemFileHandle")
}

/// Draws, mixes and encodes. Dropping it ends that; what was captured elsewhere goes on.
pub(crate) struct Capture {
    // Before what it records.
    encoder: Encoder,
    painter: Painter,
    /// `None` where the browser does not run audio.
    mixer: Option<Mixer>,
}

impl Capture {
    /// Begins. What is recorded comes as chunks, to be written one behind the other.
    pub(crate) async fn start(
        format: Format,
        sources: Vec<Source>,
    ) -> Result<(Self, Chunks), JsError> {
        let mut painter = Painter::new()?;
        let mut mixer = Mixer::start().await?;
        if let Some(mixer) = &mut mixer {
            mixer.mix(&sources)?;
        }
        painter.show(sources)?;
        painter.draw()?;
        let stream = MediaStream::new()?;
        let audio = mixer.iter().map(Mixer::tracks);
        for track in painter
            .tracks(FRAME_RATE)?
            .into_iter()
            .chain(audio.flatten())
        {
            stream.add_track(&track);
        }
        let (encoder, chunks) = Encoder::start(format, stream)?;
        let capture = Self {
            encoder,
            painter,
            mixer,
        };
        Ok((capture, chunks))
    }

    pub(crate) fn has_audio(&self) -> bool {
        self.mixer.is_some()
    }

    /// These are seen and heard from now on. To be called again and again: nothing tells when a script
    /// adds a track to a stream.
    pub(crate) fn show(&mut self, sources: Vec<Source>) -> Result<(), JsError> {
        if let Some(mixer) = &mut self.mixer {
            mixer.mix(&sources)?;
        }
        self.painter.show(sources)
    }

    /// Draws the next picture.
    pub(crate) fn draw(&self) -> Result<(), JsError> {
        self.painter.draw()
    }

    /// Ends the file: the last chunks come, and then no more.
    pub(crate) fn stop(&self) -> Result<(), JsError> {
        self.encoder.stop()
    }
}
