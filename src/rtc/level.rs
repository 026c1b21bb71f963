//! How loud a stream is.

use std::cell::RefCell;

use web_sys::{AnalyserNode, MediaStream};

use super::audio::Audio;
use crate::error::JsError;

const SAMPLES: usize = 1024;

/// Measures a stream's audio; dropping it ends the measuring, not the stream.
pub struct LevelMeter {
    _audio: Audio,
    analyser: AnalyserNode,
    samples: RefCell<Vec<f32>>,
}

impl LevelMeter {
    /// Fails with `InvalidStateError` when the stream has no audio track.
    pub fn new(stream: &MediaStream) -> Result<Self, JsError> {
        let context = Audio::new()?;
        let analyser = context.create_analyser()?;
        analyser.set_fft_size(SAMPLES as u32);
        context
            .create_media_stream_source(stream)?
            .connect_with_audio_node(&analyser)?;
        Ok(Self {
            _audio: context,
            analyser,
            samples: RefCell::new(vec![0.0; SAMPLES]),
        })
    }

    /// Root mean square of the newest 1024 samples: 0 is silence, 1 a full-scale square wave.
    pub fn level(&self) -> f64 {
        let mut samples = self.samples.borrow_mut();
        self.analyser.get_float_time_domain_data(&mut samples);
        let power: f32 = samples.iter().map(|sample| sample * sample).sum();
        f64::from(power / SAMPLES as f32).sqrt()
    }
}
