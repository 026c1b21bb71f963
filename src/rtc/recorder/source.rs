//! Who and what is recorded.

use wasm_bindgen::JsCast;
use web_sys::{MediaStream, MediaStreamTrack};

/// A person or a screen.
#[derive(Clone)]
pub(crate) struct Source {
    /// Tells it from the others, and stays the same.
    pub(crate) key: String,
    /// Written under the video, and in its place while there is none.
    pub(crate) name: String,
    pub(crate) is_screen: bool,
    /// `None` while nothing is to be seen.
    pub(crate) video: Option<MediaStream>,
    /// All its audio tracks are heard.
    pub(crate) audio: Option<MediaStream>,
}

impl Source {
    pub(super) fn audio_tracks(&self) -> Vec<MediaStreamTrack> {
        let tracks = self.audio.iter().flat_map(|stream| {
            let tracks = stream.get_audio_tracks();
            tracks
                .iter()
                .map(JsCast::unchecked_into)
                .collect::<Vec<_>>()
        });
        tracks.collect()
    }
}
