//! Short sounds.

use super::audio::Audio;
use crate::error::JsError;

/// A part of full scale that is heard beside speech and frightens nobody.
const LOUDNESS: f32 = 0.06;

/// How long each note sounds, and until the next one begins, in seconds.
const NOTE_S: f64 = 0.12;

/// Plays one note after the other; until dropped, which cuts them off.
pub(crate) struct Chime(Audio);

impl Chime {
    /// Fails where the browser has no audio.
    pub(crate) fn new() -> Result<Self, JsError> {
        Ok(Self(Audio::new()?))
    }

    /// Frequencies in hertz.
    pub(crate) fn play(&self, notes: &[f32]) -> Result<(), JsError> {
        let audio = &self.0;
        let mut at = audio.current_time();
        for frequency in notes {
            let note = audio.create_oscillator()?;
            note.frequency().set_value(*frequency);
            let gain = audio.create_gain()?;
            let loudness = gain.gain();
            // Without a slope at both ends it would click.
            loudness.set_value_at_time(0.0, at)?;
            loudness.linear_ramp_to_value_at_time(LOUDNESS, at + 0.01)?;
            loudness.linear_ramp_to_value_at_time(0.0, at + NOTE_S)?;
            note.connect_with_audio_node(&gain)?
                .connect_with_audio_node(&audio.destination())?;
            note.start_with_when(at)?;
            note.stop_with_when(at + NOTE_S)?;
            at += NOTE_S;
        }
        Ok(())
    }
}
