//! What clients say.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{MalformedMessage, RoomKind, fields, message_type, shortened};
use crate::{HostMessage, Passphrase, PeerId, Token};

/// From client to server.
#[derive(Clone, Debug, Serialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ClientMessage {
    /// Enter a room; who comes first creates it. The names are checked by the server, so that a
    /// bad one gets its own error code.
    Join {
        room: String,
        kind: RoomKind,
        /// What others call this participant; may be empty.
        #[serde(skip_serializing_if = "String::is_empty")]
        name: String,
        /// Of an earlier `joined`: be the same participant again.
        #[serde(skip_serializing_if = "Option::is_none")]
        token: Option<Token>,
        /// For a room that asks for one.
        #[serde(skip_serializing_if = "Option::is_none")]
        passphrase: Option<Passphrase>,
    },
    /// Take the seat again whose connection was lost.
    Resume {
        token: Token,
        /// The number of the last message that arrived; 0 if none did.
        received: u64,
    },
    /// Leave the room, keep the connection.
    Leave,
    /// Hand `signal` to one peer of the same room, unread.
    Signal {
        to: PeerId,
        /// Counts this client's signals since `joined`, from 1.
        #[serde(skip_serializing_if = "Option::is_none")]
        seq: Option<u64>,
        signal: Box<RawValue>,
    },
    /// A sign of life, and the acknowledgement for all messages up to `received`.
    Ping { received: u64 },
    /// What only hosts may ask for.
    #[serde(untagged)]
    Host(HostMessage),
}

impl ClientMessage {
    /// Reads one text frame.
    pub fn from_json(text: &str) -> Result<Self, MalformedMessage> {
        #[derive(Deserialize)]
        struct Join {
            room: String,
            #[serde(default)]
            kind: RoomKind,
            #[serde(default)]
            name: String,
            #[serde(default)]
            token: Option<Token>,
            #[serde(default)]
            passphrase: Option<Passphrase>,
        }
        #[derive(Deserialize)]
        struct Resume {
            token: Token,
            received: u64,
        }
        #[derive(Deserialize)]
        struct Signal {
            /// Read, so that a second one is an error.
            #[serde(rename = "type")]
            _type: IgnoredAny,
            to: PeerId,
            #[serde(default)]
            seq: Option<u64>,
            signal: Box<RawValue>,
        }
        #[derive(Deserialize)]
        struct Ping {
            received: u64,
        }

        // As clients write it, and most of what they write: read once.
        if text.starts_with(r#"{"type":"signal","#)
            && let Ok(Signal {
                to, seq, signal, ..
            }) = serde_json::from_str(text)
        {
            return Ok(Self::Signal { to, seq, signal });
        }
        let kind = message_type(text)?;
        Ok(match kind.as_str() {
            "join" => {
                let join: Join = fields(kind, text)?;
                Self::Join {
                    room: join.room,
                    kind: join.kind,
                    name: join.name,
                    token: join.token,
                    passphrase: join.passphrase,
                }
            }
            "resume" => {
                let Resume { token, received } = fields(kind, text)?;
                Self::Resume { token, received }
            }
            "leave" => Self::Leave,
            "signal" => {
                let Signal {
                    to, seq, signal, ..
                } = fields(kind, text)?;
                Self::Signal { to, seq, signal }
            }
            "ping" => {
                let Ping { received } = fields(kind, text)?;
                Self::Ping { received }
            }
            "setPolicy" | "admit" | "refuse" | "remove" | "setParticipant" => {
                Self::Host(fields(kind, text)?)
            }
            _ => return Err(MalformedMessage::UnknownType(shortened(kind, 40))),
        })
    }
}
