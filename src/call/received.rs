//! The media that arrives from one participant. Status and tracks come on different ways, in any
//! order.

use signaling_protocol::MediaStatus;
use web_sys::{MediaStream, MediaStreamTrack, MediaStreamTrackState};

use crate::error::JsError;

/// One participant's tracks, sorted into what belongs together.
pub(super) struct Received {
    /// Microphone and camera, and the shared screen. The same objects for as long as the
    /// participant is here, so that a view that shows them need not begin anew with each connection.
    pub(super) person: MediaStream,
    pub(super) screen: MediaStream,
    /// What arrives, each with the id of its stream.
    tracks: Vec<(MediaStreamTrack, String)>,
    /// The stream of the screen, also while none is shared: its track stays.
    screen_stream: Option<String>,
}

impl Received {
    /// Nothing yet.
    pub(super) fn new() -> Result<Self, JsError> {
        Ok(Self {
            person: MediaStream::new()?,
            screen: MediaStream::new()?,
            tracks: Vec::new(),
            screen_stream: None,
        })
    }

    /// The connection ended over which it came.
    pub(super) fn clear(&mut self) {
        self.screen_stream = None;
        self.tracks.clear();
        self.sort_tracks();
    }

    pub(super) fn add_track(&mut self, track: MediaStreamTrack, stream: String) {
        self.tracks.retain(|(known, _)| *known != track);
        self.tracks.push((track, stream));
        self.sort_tracks();
    }

    /// What the participant says it publishes.
    pub(super) fn handle_status(&mut self, status: &MediaStatus) {
        if status.screen_stream.is_some() {
            self.screen_stream.clone_from(&status.screen_stream);
        }
        self.sort_tracks();
    }

    /// Whether video of the person arrives now. A track is muted while its sender sends nothing;
    /// what the sender says, in `camera_on`, is known sooner.
    pub(super) fn has_video(&self, camera_on: bool) -> bool {
        camera_on
            && self.tracks.iter().any(|(track, stream)| {
                track.kind() == "video"
                    && !self.is_screen(stream)
                    && !track.muted()
                    && track.ready_state() == MediaStreamTrackState::Live
            })
    }

    /// The shared screen, once its video is there.
    pub(super) fn shared_screen(&self, status: Option<&MediaStatus>) -> Option<&MediaStream> {
        status?.screen_stream.as_ref()?;
        let mut tracks = self.tracks.iter();
        tracks
            .any(|(track, stream)| track.kind() == "video" && self.is_screen(stream))
            .then_some(&self.screen)
    }

    fn is_screen(&self, stream: &str) -> bool {
        self.screen_stream.as_deref() == Some(stream)
    }

    fn sort_tracks(&self) {
        for (stream, of_screen) in [(&self.person, false), (&self.screen, true)] {
            let belongs = |track: &MediaStreamTrack| {
                let mut tracks = self.tracks.iter();
                tracks.any(|(known, id)| known == track && self.is_screen(id) == of_screen)
            };
            for track in stream.get_tracks().iter() {
                let track = wasm_bindgen::JsCast::unchecked_into(track);
                if !belongs(&track) {
                    stream.remove_track(&track);
                }
            }
            for (track, _) in &self.tracks {
                if belongs(track) {
                    // Once is enough: a stream is a set.
                    stream.add_track(track);
                }
            }
        }
    }
}
