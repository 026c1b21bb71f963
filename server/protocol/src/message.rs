//! Messages between a client and the server, and how text becomes one of them.
//!
//! `client` has what clients say, `server` what the server says, and here is what both are made of.
//! An internally tagged serde enum buffers its fields, and a buffered field cannot become a
//! [`RawValue`](serde_json::value::RawValue); so parsing looks at `type` first and then reads the text
//! again as that type. It also lets each kind of bad input have its own [`ErrorCode`].

mod client;
mod server;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{ErrorCode, ErrorMessage, PeerId};
pub use client::ClientMessage;
pub use server::{ServerFrame, ServerMessage, numbered};

/// How many a participant can be in a call with. A room has no kind of its own: it has as many
/// places as the participant in it who can be in a call with the fewest.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum RoomKind {
    /// A call between two people.
    #[default]
    Call,
    /// Everybody sends to everybody.
    Mesh,
}

/// Somebody in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    pub peer_id: PeerId,
    /// Empty for who gave none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Whether its connection to the server is there now.
    pub connected: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub host: bool,
    /// Whether nobody is to hear it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub silenced: bool,
    /// Whether everybody is to see it large.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spotlight: bool,
}

/// Why a peer is no longer in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LeaveReason {
    /// It said `leave`, or closed its connection for good.
    Left,
    /// Its connection was lost and it did not come back in time, or it joined anew.
    Disconnected,
    /// The server ended its connection for what it did: it read too slowly, say, or sent too much.
    Removed,
    /// A host took its seat away.
    RemovedByHost,
}

/// <https://www.w3.org/TR/webrtc/#dom-rtciceserver>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IceServer {
    pub urls: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// Why a text is not a message.
#[derive(Debug, Error)]
pub enum MalformedMessage {
    #[error("a message is a JSON object with a \"type\": {0}")]
    InvalidJson(serde_json::Error),
    #[error("no message has the type \"{0}\"")]
    UnknownType(String),
    #[error("this is not a \"{kind}\" message: {error}")]
    InvalidFields {
        kind: String,
        error: serde_json::Error,
    },
}

impl MalformedMessage {
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::InvalidJson(_) => ErrorCode::InvalidJson,
            Self::UnknownType(_) => ErrorCode::UnknownType,
            Self::InvalidFields { .. } => ErrorCode::InvalidMessage,
        }
    }
}

impl From<&MalformedMessage> for ErrorMessage {
    fn from(error: &MalformedMessage) -> Self {
        // serde quotes what it could not read.
        Self::new(error.code(), shortened(error.to_string(), 200))
    }
}

fn message_type(text: &str) -> Result<String, MalformedMessage> {
    #[derive(Deserialize)]
    struct Tag {
        r#type: String,
    }
    let tag: Tag = serde_json::from_str(text).map_err(MalformedMessage::InvalidJson)?;
    // serde reads a struct from an array as well; this protocol has objects only.
    if !text.trim_start().starts_with('{') {
        let error = serde::de::Error::custom("expected an object");
        return Err(MalformedMessage::InvalidJson(error));
    }
    Ok(tag.r#type)
}

fn fields<T: DeserializeOwned>(kind: String, text: &str) -> Result<T, MalformedMessage> {
    serde_json::from_str(text).map_err(|error| MalformedMessage::InvalidFields { kind, error })
}

/// An error text must not carry a whole hostile message back.
fn shortened(mut text: String, chars: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(chars) {
        text.truncate(at);
        text.push('…');
    }
    text
}
