//! What two browsers say to each other over the data channel of their call; the server never
//! sees it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::PeerMessage;

/// One text message on the channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ChannelMessage {
    /// What the sender sends now.
    Status(MediaStatus),
    Chat(Chat),
    /// Seen for a moment.
    Reaction(Reaction),
    /// The receiver is asked to mute its microphone.
    AskToMute {},
    /// All chat messages up to this number have arrived.
    Acknowledgement {
        received: u64,
    },
    /// A signal that no signaling service can deliver any more.
    Signal(PeerMessage),
    /// About showing each other what both browsers do.
    Trace(TraceMessage),
}

/// How two people agree to see what both their browsers do for the connection between them, and
/// what they then tell each other. Times are milliseconds since the sender's trace began.
///
/// `stops` is how many [`TraceMessage::Stop`] of the receiver the sender has heard: what was said
/// before the last of them was heard means nothing any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TraceMessage {
    /// Shall we? Who asks offers the own side, too.
    Ask { stops: u32 },
    /// Yes. So is an `ask` that crosses an `ask`.
    Accept { stops: u32 },
    /// No.
    Refuse { stops: u32 },
    /// No more; also takes an `ask` back.
    Stop,
    /// What time is it?
    Probe { at_ms: f64 },
    /// The answer: when the probe was sent, by its sender's clock, when it came, and when this goes
    /// out.
    Echo {
        probe_at_ms: f64,
        received_at_ms: f64,
        at_ms: f64,
    },
    /// What happened, oldest first, each entry once.
    Entries {
        entries: Vec<Value>,
        /// Everything before this time has been sent.
        up_to_ms: f64,
    },
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
    /// When the sender raised a hand, while it is raised; by the sender's clock, in milliseconds since
    /// 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_raised_at_ms: Option<u64>,
    /// Whether the sender wants no video of cameras, because its network is slow: only audio and shared
    /// screens.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub audio_only: bool,
    /// Whether the sender records what it sees and hears.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recording: bool,
    /// Whether the sender's camera is on and its video is paused, because the sender's network is too weak
    /// for it now. `camera` is false meanwhile.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub video_paused: bool,
}

/// What somebody shows without a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reaction {
    ThumbsUp,
    Applause,
    Heart,
    Laughter,
    Surprise,
    Celebration,
}

impl Reaction {
    pub const ALL: [Self; 6] = [
        Self::ThumbsUp,
        Self::Applause,
        Self::Heart,
        Self::Laughter,
        Self::Surprise,
        Self::Celebration,
    ];
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
