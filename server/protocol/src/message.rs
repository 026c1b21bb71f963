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
    /// Everybody sends to everybody.
    Mesh,
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

/// The fields of all messages to a client; each message takes those that it has. One set for all
/// costs the browser a fraction of the code that a type for each message does.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServerFields {
    room: Option<String>,
    kind: Option<RoomKind>,
    peer_id: Option<PeerId>,
    created: Option<bool>,
    capacity: Option<usize>,
    peers: Option<Vec<PeerId>>,
    ice_servers: Option<Vec<IceServer>>,
    reason: Option<LeaveReason>,
    from: Option<PeerId>,
    signal: Option<Box<RawValue>>,
    code: Option<ErrorCode>,
    message: Option<String>,
    retry_after_ms: Option<u32>,
}

impl ServerMessage {
    /// Reads one text frame.
    pub fn from_json(text: &str) -> Result<Self, MalformedMessage> {
        const TYPES: [&str; 7] = [
            "joined",
            "peerJoined",
            "peerLeft",
            "left",
            "signal",
            "error",
            "goingAway",
        ];
        let kind = message_type(text)?;
        let read = || -> serde_json::Result<Option<Self>> {
            // Before the fields: those of a message of a later version may have other forms.
            if !TYPES.contains(&kind.as_str()) {
                return Ok(None);
            }
            let fields: ServerFields = serde_json::from_str(text)?;
            Ok(Some(match kind.as_str() {
                "joined" => Self::Joined {
                    room: room_id(fields.room)?,
                    kind: required(fields.kind, "kind")?,
                    peer_id: required(fields.peer_id, "peerId")?,
                    created: required(fields.created, "created")?,
                    capacity: required(fields.capacity, "capacity")?,
                    peers: required(fields.peers, "peers")?,
                    ice_servers: required(fields.ice_servers, "iceServers")?,
                },
                "peerJoined" => Self::PeerJoined {
                    peer_id: required(fields.peer_id, "peerId")?,
                },
                "peerLeft" => Self::PeerLeft {
                    peer_id: required(fields.peer_id, "peerId")?,
                    reason: required(fields.reason, "reason")?,
                },
                "left" => Self::Left {
                    room: room_id(fields.room)?,
                },
                "signal" => Self::Signal {
                    from: required(fields.from, "from")?,
                    signal: required(fields.signal, "signal")?,
                },
                "error" => Self::Error(ErrorMessage {
                    code: required(fields.code, "code")?,
                    message: required(fields.message, "message")?,
                }),
                "goingAway" => Self::GoingAway {
                    retry_after_ms: required(fields.retry_after_ms, "retryAfterMs")?,
                },
                _ => return Ok(None),
            }))
        };
        match read() {
            Ok(Some(message)) => Ok(message),
            Ok(None) => Err(MalformedMessage::UnknownType(shortened(kind, 40))),
            Err(error) => Err(MalformedMessage::InvalidFields { kind, error }),
        }
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

fn required<T>(field: Option<T>, name: &'static str) -> serde_json::Result<T> {
    field.ok_or_else(|| serde::de::Error::missing_field(name))
}

fn room_id(name: Option<String>) -> serde_json::Result<RoomId> {
    RoomId::new(&required(name, "room")?).map_err(serde::de::Error::custom)
}

/// An error text must not carry a whole hostile message back.
fn shortened(mut text: String, chars: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(chars) {
        text.truncate(at);
        text.push('…');
    }
    text
}
