//! What everybody says, as one track.

use futures_util::future::select;
use gloo_timers::future::TimeoutFuture;
use std::pin::pin;
use wasm_bindgen::JsCast;
use web_sys::{
    AudioContextState, MediaStream, MediaStreamAudioDestinationNode, MediaStreamAudioSourceNode,
    MediaStreamTrack,
};

use super::source::Source;
use crate::error::JsError;
use crate::rtc::audio::Audio;
use crate::rtc::settled;

/// Without a sound device some browsers never begin.
const BEGINS_WITHIN_MS: u32 = 1_000;

pub(super) struct Mixer {
    audio: Audio,
    destination: MediaStreamAudioDestinationNode,
    /// Each by the id of its track.
    nodes: Vec<(String, MediaStreamAudioSourceNode)>,
}

impl Mixer {
    /// `None` where the browser does not run audio.
    pub(super) async fn start() -> Result<Option<Self>, JsError> {
        let audio = Audio::new()?;
        let destination = audio.create_media_stream_destination()?;
        let resuming = pin!(settled(audio.resume()));
        // Whether it resumed is seen in its state.
        select(resuming, TimeoutFuture::new(BEGINS_WITHIN_MS)).await;
        let runs = audio.state() == AudioContextState::Running;
        Ok(runs.then(|| Self {
            audio,
            destination,
            nodes: Vec::new(),
        }))
    }

    /// These are heard from now on.
    pub(super) fn mix(&mut self, sources: &[Source]) -> Result<(), JsError> {
        let tracks: Vec<_> = sources.iter().flat_map(Source::audio_tracks).collect();
        let ids: Vec<_> = tracks.iter().map(MediaStreamTrack::id).collect();
        for (_, node) in self.nodes.extract_if(.., |(id, _)| !ids.contains(id)) {
            node.disconnect()?;
        }
        for (id, track) in ids.into_iter().zip(tracks) {
            if self.nodes.iter().all(|(known, _)| *known != id) {
                // Of a stream with several, a node takes only one.
                let stream = MediaStream::new()?;
                stream.add_track(&track);
                let node = self.audio.create_media_stream_source(&stream)?;
                node.connect_with_audio_node(&self.destination)?;
                self.nodes.push((id, node));
            }
        }
        Ok(())
    }

    pub(super) fn tracks(&self) -> Vec<MediaStreamTrack> {
        let tracks = self.destination.stream().get_audio_tracks();
        tracks.iter().map(JsCast::unchecked_into).collect()
    }
}
