//! What two browsers say to each other through the server, which never reads it.
//!
//! The shapes are the W3C dictionaries `RTCSessionDescriptionInit` and `RTCIceCandidateInit`.

use serde::{Deserialize, Serialize};

/// What one end of a pair sends the other. Each `RTCPeerConnection` has an id of its own, so that
/// both ends notice when the other begins anew, and nothing reaches a connection that it was not
/// meant for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Flat", into = "Flat")]
pub struct PeerMessage {
    /// The sender's connection.
    pub connection: ConnectionId,
    /// The receiver's connection that is meant; `None` while the sender knows none.
    pub remote_connection: Option<ConnectionId>,
    /// `None` only announces the connection.
    pub signal: Option<PeerSignal>,
}

/// Names one `RTCPeerConnection`, chosen at random by whoever made it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionId(String);

impl ConnectionId {
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// [`PeerMessage`] as it is written.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Flat {
    connection: ConnectionId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remote_connection: Option<ConnectionId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<SessionDescription>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    candidate: Option<IceCandidate>,
}

impl From<Flat> for PeerMessage {
    fn from(flat: Flat) -> Self {
        let description = flat.description.map(PeerSignal::Description);
        Self {
            connection: flat.connection,
            remote_connection: flat.remote_connection,
            signal: description.or(flat.candidate.map(PeerSignal::Candidate)),
        }
    }
}

impl From<PeerMessage> for Flat {
    fn from(message: PeerMessage) -> Self {
        let (description, candidate) = match message.signal {
            Some(PeerSignal::Description(description)) => (Some(description), None),
            Some(PeerSignal::Candidate(candidate)) => (None, Some(candidate)),
            None => (None, None),
        };
        Self {
            connection: message.connection,
            remote_connection: message.remote_connection,
            description,
            candidate,
        }
    }
}

/// One step of the negotiation between two connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerSignal {
    /// An offer, an answer, or a rollback.
    Description(SessionDescription),
    /// A trickled candidate; an empty candidate string ends a generation of candidates.
    Candidate(IceCandidate),
}

/// <https://www.w3.org/TR/webrtc/#dom-rtcsdptype>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SdpType {
    Offer,
    Pranswer,
    Answer,
    Rollback,
}

impl SdpType {
    /// As the standard spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Pranswer => "pranswer",
            Self::Answer => "answer",
            Self::Rollback => "rollback",
        }
    }
}

/// <https://www.w3.org/TR/webrtc/#dom-rtcsessiondescriptioninit>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionDescription {
    #[serde(rename = "type")]
    pub kind: SdpType,
    #[serde(default)]
    pub sdp: String,
}

/// <https://www.w3.org/TR/webrtc/#dom-rtcicecandidateinit>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IceCandidate {
    /// The candidate-attribute of RFC 8839, section 5.1, without the leading `a=`; empty for
    /// end-of-candidates.
    #[serde(default)]
    pub candidate: String,
    #[serde(default)]
    pub sdp_mid: Option<String>,
    #[serde(default)]
    pub sdp_m_line_index: Option<u16>,
    #[serde(default)]
    pub username_fragment: Option<String>,
}
