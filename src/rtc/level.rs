//! How loud a stream is.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::{AnalyserNode, AudioContextState, MediaStream};

use super::audio::Audio;
use crate::error::JsError;

const SAMPLES: usize = 1024;

/// Measures a stream's audio; dropping it ends the measuring, not the stream.
pub struct LevelMeter {
    audio: Audio,
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
            audio: context,
            analyser,
            samples: RefCell::new(vec![0.0; SAMPLES]),
        })
    }

    /// Root mean square of the newest 1024 samples: 0 is silence, 1 a full-scale square wave.
    ///
    /// A page may not run audio before somebody has clicked into it; it begins with the first look
    /// after that.
    pub fn level(&self) -> f64 {
        if self.audio.state() == AudioContextState::Suspended && was_clicked() {
            // Fails only for a context that was closed.
            let _ = self.audio.resume();
        }
        let mut samples = self.samples.borrow_mut();
        self.analyser.get_float_time_domain_data(&mut samples);
        let power: f32 = samples.iter().map(|sample| sample * sample).sum();
        f64::from(power / SAMPLES as f32).sqrt()
    }
}

/// <https://html.spec.whatwg.org/multipage/interaction.html#dom-useractivation-hasbeenactive>
fn was_clicked() -> bool {
    let get = |object: &JsValue, key: &str| js_sys::Reflect::get(object, &key.into()).ok();
    web_sys::window()
        .and_then(|window| get(&window.navigator(), "userActivation"))
        .filter(JsValue::is_object)
        .and_then(|activation| get(&activation, "hasBeenActive"))
        .is_some_and(|active| active.is_truthy())
}
