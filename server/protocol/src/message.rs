//! Messages between a client and the server, and how text becomes one of them.
//!
//! An internally tagged serde enum buffers its fields, and a buffered field cannot become a
//! [`RawValue`]; so parsing looks at `type` first and then reads the text again as that type.
//! It also lets each kind of bad input have its own [`ErrorCode`].

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use thiserror::Error;

use crate::{ErrorCode, ErrorMessage, PeerId, RoomId};

/// What a room is for; it decides the room's capacity. Rooms of different kinds never meet,
/// even under the same name.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum RoomKind {
    /// A call between two people.
    #[default]
    Call,
}

/// From client to server.
#[derive(Clone, Debug, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ClientMessage {
    /// Enter a room; who comes first creates it. The name is checked by the server, so that a
    /// bad one gets its own error code.
    Join { room: String, kind: RoomKind },
    /// Leave the room, keep the connection.
    Leave,
    /// Hand `signal` to one peer of the same room, unread.
    Signal { to: PeerId, signal: Box<RawValue> },
}

/// From server to client.
#[derive(Clone, Debug, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ServerMessage {
    /// The answer to `join`.
    Joined {
        room: RoomId,
        kind: RoomKind,
        /// Who the receiver is in this room.
        peer_id: PeerId,
        /// Whether this join created the room.
        created: bool,
        /// How many may be in the room.
        capacity: usize,
        /// Who was there before, in the order of their coming.
        peers: Vec<PeerId>,
        /// What to give to `RTCPeerConnection`.
        ice_servers: Vec<IceServer>,
    },
    /// Somebody came into the room.
    PeerJoined { peer_id: PeerId },
    /// Somebody is no longer in the room.
    PeerLeft {
        peer_id: PeerId,
        reason: LeaveReason,
    },
    /// The answer to `leave`.
    Left { room: RoomId },
    /// A peer's signal.
    Signal { from: PeerId, signal: Box<RawValue> },
    /// The answer to a message that could not be carried out.
    Error(ErrorMessage),
    /// The server is about to close the connection; come back after this pause.
    GoingAway { retry_after_ms: u32 },
}

/// Why a peer is no longer in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LeaveReason {
    /// It said `leave`.
    Left,
    /// Its connection closed or went silent.
    Disconnected,
    /// The server ended its connection: it read too slowly or sent too much.
    Removed,
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

impl ClientMessage {
    /// Reads one text frame.
    pub fn from_json(text: &str) -> Result<Self, MalformedMessage> {
        #[derive(Deserialize)]
        struct Join {
            room: String,
            #[serde(default)]
            kind: RoomKind,
        }
        #[derive(Deserialize)]
        struct Signal {
            to: PeerId,
            signal: Box<RawValue>,
        }

        let kind = message_type(text)?;
        Ok(match kind.as_str() {
            "join" => {
                let Join { room, kind } = fields(kind, text)?;
                Self::Join { room, kind }
            }
            "leave" => Self::Leave,
            "signal" => {
                let Signal { to, signal } = fields(kind, text)?;
                Self::Signal { to, signal }
            }
            _ => return Err(MalformedMessage::UnknownType(shortened(kind, 40))),
        })
    }
}

impl ServerMessage {
    /// Reads one text frame.
    pub fn from_json(text: &str) -> Result<Self, MalformedMessage> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Joined {
            room: String,
            kind: RoomKind,
            peer_id: PeerId,
            created: bool,
            capacity: usize,
            peers: Vec<PeerId>,
            ice_servers: Vec<IceServer>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct PeerJoined {
            peer_id: PeerId,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct PeerLeft {
            peer_id: PeerId,
            reason: LeaveReason,
        }
        #[derive(Deserialize)]
        struct Left {
            room: String,
        }
        #[derive(Deserialize)]
        struct Signal {
            from: PeerId,
            signal: Box<RawValue>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct GoingAway {
            retry_after_ms: u32,
        }

        let kind = message_type(text)?;
        Ok(match kind.as_str() {
            "joined" => {
                let m: Joined = fields(kind.clone(), text)?;
                Self::Joined {
                    room: room_id(kind, &m.room)?,
                    kind: m.kind,
                    peer_id: m.peer_id,
                    created: m.created,
                    capacity: m.capacity,
                    peers: m.peers,
                    ice_servers: m.ice_servers,
                }
            }
            "peerJoined" => {
                let PeerJoined { peer_id } = fields(kind, text)?;
                Self::PeerJoined { peer_id }
            }
            "peerLeft" => {
                let PeerLeft { peer_id, reason } = fields(kind, text)?;
                Self::PeerLeft { peer_id, reason }
            }
            "left" => {
                let Left { room } = fields(kind.clone(), text)?;
                Self::Left {
                    room: room_id(kind, &room)?,
                }
            }
            "signal" => {
                let Signal { from, signal } = fields(kind, text)?;
                Self::Signal { from, signal }
            }
            "error" => Self::Error(fields(kind, text)?),
            "goingAway" => {
                let GoingAway { retry_after_ms } = fields(kind, text)?;
                Self::GoingAway { retry_after_ms }
            }
            _ => return Err(MalformedMessage::UnknownType(shortened(kind, 40))),
        })
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

fn room_id(kind: String, name: &str) -> Result<RoomId, MalformedMessage> {
    RoomId::new(name).map_err(|error| MalformedMessage::InvalidFields {
        kind,
        error: serde::de::Error::custom(error),
    })
}

/// An error text must not carry a whole hostile message back.
fn shortened(mut text: String, chars: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(chars) {
        text.truncate(at);
        text.push('…');
    }
    text
}
