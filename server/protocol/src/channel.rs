//! What two browsers say to each other over the data channel of their call; the server never
//! sees it.

use serde::{Deserialize, Serialize};

use crate::PeerMessage;

/// One text message on the channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChannelMessage {
    /// What the sender sends now.
    Status(MediaStatus),
    Chat(Chat),
    /// All chat messages up to this number have arrived.
    Receipt {
        received: u64,
    },
    /// A signal that no signaling service can deliver any more.
    Signal(PeerMessage),
}

/// What somebody sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaStatus {
    /// Whether the microphone can be heard.
    pub microphone: bool,
    /// Whether the camera can be seen.
    pub camera: bool,
    /// The id of the stream that has the shared screen, while one is shared; all other tracks
    /// are the camera's and the microphone's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen_stream: Option<String>,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Chat {
    /// Grows with each of the sender's messages to this receiver.
    pub seq: u64,
    /// At most [`Chat::MAX_CHARS`] characters; text, not HTML.
    pub text: String,
    /// When it was written, by the sender's clock, in milliseconds since 1970.
    pub sent_at_ms: f64,
}

impl Chat {
    /// The longest text, in Unicode scalar values.
    pub const MAX_CHARS: usize = 4000;
}
