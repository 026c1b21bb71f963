//! Everything we hold of one other participant.

use std::collections::VecDeque;

use signaling_protocol::{ChannelMessage, ConnectionId, MediaStatus, PeerMessage};
use web_sys::{MediaStream, MediaStreamTrack, MediaStreamTrackState};

use super::health::Health;
use super::pairing::Pairing;
use crate::error::JsError;
use crate::negotiation::Role;
use crate::rtc::data_channel::{Channels, DataChannel};
use crate::rtc::peer_connection::ConnectionStates;
use crate::rtc::random_hex;
use crate::states::ConnectionState;

/// So often within this time a peer may make us begin anew. What it says beyond that is not heard;
/// it says it again when its connection does not come up.
const BEGIN_ANEW_TIMES: usize = 6;
const BEGIN_ANEW_WITHIN_MS: f64 = 10_000.0;

/// The label of a call's data channel.
pub(super) const CHANNEL: &str = "call";

pub(super) struct Peer {
    pub(super) role: Role,
    pub(super) pairing: Pairing,
    pub(super) health: Health,
    pub(super) states: ConnectionStates,
    /// What the peer says it sends; `None` before it has.
    pub(super) status: Option<MediaStatus>,
    /// Microphone and camera, and the shared screen. The same objects for as long as the peer is
    /// here, so that whoever shows them need not begin anew with each connection.
    pub(super) person: MediaStream,
    pub(super) screen: MediaStream,
    /// What arrives, each with the id of its stream.
    tracks: Vec<(MediaStreamTrack, String)>,
    /// The stream of the screen, also while none is shared: its track stays.
    screen_stream: Option<String>,
    /// When we began anew because of what the peer said, the last few times.
    begun_anew: VecDeque<f64>,
    pub(super) channels: Channels,
}

impl Peer {
    pub(super) fn new(role: Role, now: f64) -> Result<Self, JsError> {
        Ok(Self {
            role,
            pairing: Pairing::new(role, new_connection_id()),
            health: Health::new(role, now),
            states: ConnectionStates::initial(),
            status: None,
            person: MediaStream::new()?,
            screen: MediaStream::new()?,
            tracks: Vec::new(),
            screen_stream: None,
            begun_anew: VecDeque::new(),
            channels: Channels::default(),
        })
    }

    /// A new connection takes the place of the one there was; `because` of the other end's, if
    /// that began.
    pub(super) fn begin_anew(&mut self, because: Option<&PeerMessage>, now: f64) {
        let own = new_connection_id();
        self.pairing = match because {
            Some(message) => Pairing::replaced(self.role, own, message),
            None => Pairing::new(self.role, own),
        };
        self.health = self.health.renewed(now);
        self.states = ConnectionStates::initial();
        self.channels.clear();
        self.screen_stream = None;
        self.tracks.clear();
        self.sort_tracks();
    }

    /// Whether the peer has not asked for a new connection too often.
    pub(super) fn may_begin_anew(&mut self, now: f64) -> bool {
        self.begun_anew.retain(|at| now - at < BEGIN_ANEW_WITHIN_MS);
        let may = self.begun_anew.len() < BEGIN_ANEW_TIMES;
        if may {
            self.begun_anew.push_back(now);
        }
        may
    }

    pub(super) fn add_track(&mut self, track: MediaStreamTrack, stream: String) {
        self.tracks.retain(|(known, _)| *known != track);
        self.tracks.push((track, stream));
        self.sort_tracks();
    }

    pub(super) fn set_status(&mut self, status: MediaStatus) {
        if status.screen_stream.is_some() {
            self.screen_stream.clone_from(&status.screen_stream);
        }
        self.status = Some(status);
        self.sort_tracks();
    }

    /// False when there is no channel over which it could be said now.
    pub(super) fn say(&self, message: &ChannelMessage) -> bool {
        let Some(channel) = self.channels.open(CHANNEL) else {
            return false;
        };
        let text = serde_json::to_string(message);
        text.is_ok_and(|text| channel.send_text(&text).is_ok())
    }

    /// Whether there is a channel over which something can be said.
    pub(super) fn can_say(&self) -> bool {
        self.channels.open(CHANNEL).is_some()
    }

    /// Whether what can wait may be said now.
    pub(super) fn has_room(&self) -> bool {
        let channel = self.channels.get(CHANNEL);
        channel.is_some_and(DataChannel::has_room)
    }

    /// Whether what is said over the channel arrives: it is open also while nothing gets through.
    pub(super) fn has_path(&self) -> bool {
        self.can_say() && self.states.connection == ConnectionState::Connected
    }

    /// Whether a picture of the person arrives now. A track is muted while its sender sends
    /// nothing; what the sender says is known sooner.
    pub(super) fn has_video(&self) -> bool {
        let said = self.status.as_ref().is_none_or(|status| status.camera);
        said && self.tracks.iter().any(|(track, stream)| {
            track.kind() == "video"
                && !self.is_screen(stream)
                && !track.muted()
                && track.ready_state() == MediaStreamTrackState::Live
        })
    }

    pub(super) fn shares_screen(&self) -> bool {
        let said = self.status.as_ref().and_then(|s| s.screen_stream.as_ref());
        said.is_some()
            && self
                .tracks
                .iter()
                .any(|(track, stream)| track.kind() == "video" && self.is_screen(stream))
    }

    fn is_screen(&self, stream: &str) -> bool {
        self.screen_stream.as_deref() == Some(stream)
    }

    /// Status and tracks come on different ways, in any order.
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

fn new_connection_id() -> ConnectionId {
    ConnectionId::new(random_hex::<8>())
}
