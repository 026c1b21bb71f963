//! What two browsers say to each other through the server, which never reads it.
//!
//! The shapes are the W3C dictionaries `RTCSessionDescriptionInit` and `RTCIceCandidateInit`.

use serde::{Deserialize, Serialize};

/// One message of the negotiation between two peers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
