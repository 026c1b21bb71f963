//! What the server says.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    IceServer, LeaveReason, MalformedMessage, Participant, RoomKind, message_type, shortened,
};
use crate::{ErrorCode, ErrorMessage, PeerId, Policy, RoomId, Token};

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
        /// The secret by which the receiver, and nobody else, can be this participant again.
        token: Token,
        /// How long a seat is kept whose connection is lost, in milliseconds.
        grace_ms: u64,
        /// Whether this join created the room.
        created: bool,
        /// How many may be in the room, as it is now.
        capacity: usize,
        /// Who was there before, in the order of their coming.
        peers: Vec<Participant>,
        /// What to give to `RTCPeerConnection`.
        ice_servers: Vec<IceServer>,
        /// Whether the receiver is a host.
        host: bool,
        /// Whether nobody is to hear the receiver.
        silenced: bool,
        /// Whether everybody is to see the receiver large.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        spotlight: bool,
        policy: Policy,
    },
    /// The answer to `join` where hosts decide who comes in: `joined` or an error follows.
    Waiting {
        room: RoomId,
        /// Who the receiver will be.
        peer_id: PeerId,
    },
    /// The answer to `resume`; what was missed follows.
    Resumed {
        /// The number of the last signal that the server took from this client; 0 for none.
        received: u64,
    },
    /// Somebody came into the room.
    PeerJoined {
        peer_id: PeerId,
        #[serde(skip_serializing_if = "String::is_empty")]
        name: String,
    },
    /// A peer's connection to the server is lost; its seat is kept for a while.
    PeerDisconnected { peer_id: PeerId },
    /// That peer is connected again.
    PeerResumed { peer_id: PeerId },
    /// Somebody is no longer in the room.
    PeerLeft {
        peer_id: PeerId,
        reason: LeaveReason,
    },
    /// How newcomers get in from now on.
    Policy {
        policy: Policy,
        /// Who has just set the passphrase, where it is another one now.
        #[serde(skip_serializing_if = "Option::is_none")]
        passphrase_by: Option<PeerId>,
    },
    /// What hosts decided about a participant has changed; to the participant itself, too.
    PeerChanged {
        peer_id: PeerId,
        host: bool,
        silenced: bool,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        spotlight: bool,
    },
    /// To hosts: somebody waits to be let in.
    Knock {
        peer_id: PeerId,
        #[serde(skip_serializing_if = "String::is_empty")]
        name: String,
    },
    /// To hosts: that one does not wait any more.
    KnockEnded { peer_id: PeerId },
    /// The answer to `leave`.
    Left { room: RoomId },
    /// A host took the receiver's seat away; the connection is in no room.
    Removed { room: RoomId },
    /// A peer's signal.
    Signal { from: PeerId, signal: Box<RawValue> },
    /// The answer to `ping`, and the acknowledgement for all signals up to `received`.
    Pong { received: u64 },
    /// The answer to a message that could not be carried out.
    Error(ErrorMessage),
    /// The server is about to close the connection; come back after this pause.
    GoingAway { retry_after_ms: u32 },
}

/// A message from the server as it travels. Those that tell something of the room are numbered
/// from 1 since `joined`, so that none is missed or taken twice when a client resumes its seat.
#[derive(Clone, Debug)]
pub struct ServerFrame {
    pub seq: Option<u64>,
    pub message: ServerMessage,
}

/// `message`, the JSON text of a [`ServerMessage`], with its number.
pub fn numbered(message: &str, seq: u64) -> String {
    format!(
        "{{\"seq\":{seq},{}",
        message.strip_prefix('{').unwrap_or(message)
    )
}

/// The fields of all messages to a client; each message takes those that it has. One set for all
/// costs the browser a fraction of the code that a type for each message does.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServerFields {
    room: Option<String>,
    kind: Option<RoomKind>,
    seq: Option<u64>,
    peer_id: Option<PeerId>,
    name: Option<String>,
    token: Option<Token>,
    grace_ms: Option<u64>,
    received: Option<u64>,
    created: Option<bool>,
    capacity: Option<usize>,
    peers: Option<Vec<Participant>>,
    ice_servers: Option<Vec<IceServer>>,
    host: Option<bool>,
    silenced: Option<bool>,
    spotlight: Option<bool>,
    policy: Option<Policy>,
    passphrase_by: Option<PeerId>,
    reason: Option<LeaveReason>,
    from: Option<PeerId>,
    signal: Option<Box<RawValue>>,
    code: Option<ErrorCode>,
    message: Option<String>,
    retry_after_ms: Option<u32>,
}

impl ServerFrame {
    /// Reads one text frame.
    pub fn from_json(text: &str) -> Result<Self, MalformedMessage> {
        const TYPES: [&str; 17] = [
            "joined",
            "waiting",
            "resumed",
            "peerJoined",
            "peerDisconnected",
            "peerResumed",
            "peerLeft",
            "policy",
            "peerChanged",
            "knock",
            "knockEnded",
            "left",
            "removed",
            "signal",
            "pong",
            "error",
            "goingAway",
        ];
        let kind = message_type(text)?;
        // Before the fields: those of a message of a later version may have other forms.
        if !TYPES.contains(&kind.as_str()) {
            return Err(MalformedMessage::UnknownType(shortened(kind, 40)));
        }
        let read = || -> serde_json::Result<Self> {
            let fields: ServerFields = serde_json::from_str(text)?;
            let seq = fields.seq;
            let message = fields.message(&kind)?;
            Ok(Self { seq, message })
        };
        read().map_err(|error| MalformedMessage::InvalidFields { kind, error })
    }
}

impl ServerFields {
    fn message(self, kind: &str) -> serde_json::Result<ServerMessage> {
        Ok(match kind {
            "joined" => ServerMessage::Joined {
                room: room_id(self.room)?,
                kind: required(self.kind, "kind")?,
                peer_id: required(self.peer_id, "peerId")?,
                token: required(self.token, "token")?,
                grace_ms: required(self.grace_ms, "graceMs")?,
                created: required(self.created, "created")?,
                capacity: required(self.capacity, "capacity")?,
                peers: required(self.peers, "peers")?,
                ice_servers: required(self.ice_servers, "iceServers")?,
                host: self.host.unwrap_or_default(),
                silenced: self.silenced.unwrap_or_default(),
                spotlight: self.spotlight.unwrap_or_default(),
                policy: self.policy.unwrap_or_default(),
            },
            "waiting" => ServerMessage::Waiting {
                room: room_id(self.room)?,
                peer_id: required(self.peer_id, "peerId")?,
            },
            "resumed" => ServerMessage::Resumed {
                received: required(self.received, "received")?,
            },
            "peerJoined" => ServerMessage::PeerJoined {
                peer_id: required(self.peer_id, "peerId")?,
                name: self.name.unwrap_or_default(),
            },
            "peerDisconnected" => ServerMessage::PeerDisconnected {
                peer_id: required(self.peer_id, "peerId")?,
            },
            "peerResumed" => ServerMessage::PeerResumed {
                peer_id: required(self.peer_id, "peerId")?,
            },
            "peerLeft" => ServerMessage::PeerLeft {
                peer_id: required(self.peer_id, "peerId")?,
                reason: required(self.reason, "reason")?,
            },
            "policy" => ServerMessage::Policy {
                policy: required(self.policy, "policy")?,
                passphrase_by: self.passphrase_by,
            },
            "peerChanged" => ServerMessage::PeerChanged {
                peer_id: required(self.peer_id, "peerId")?,
                host: required(self.host, "host")?,
                silenced: required(self.silenced, "silenced")?,
                spotlight: self.spotlight.unwrap_or_default(),
            },
            "knock" => ServerMessage::Knock {
                peer_id: required(self.peer_id, "peerId")?,
                name: self.name.unwrap_or_default(),
            },
            "knockEnded" => ServerMessage::KnockEnded {
                peer_id: required(self.peer_id, "peerId")?,
            },
            "left" => ServerMessage::Left {
                room: room_id(self.room)?,
            },
            "removed" => ServerMessage::Removed {
                room: room_id(self.room)?,
            },
            "signal" => ServerMessage::Signal {
                from: required(self.from, "from")?,
                signal: required(self.signal, "signal")?,
            },
            "pong" => ServerMessage::Pong {
                received: required(self.received, "received")?,
            },
            "error" => ServerMessage::Error(ErrorMessage {
                code: required(self.code, "code")?,
                message: required(self.message, "message")?,
            }),
            // The caller let no other through.
            _ => ServerMessage::GoingAway {
                retry_after_ms: required(self.retry_after_ms, "retryAfterMs")?,
            },
        })
    }
}

fn required<T>(field: Option<T>, name: &'static str) -> serde_json::Result<T> {
    field.ok_or_else(|| serde::de::Error::missing_field(name))
}

fn room_id(name: Option<String>) -> serde_json::Result<RoomId> {
    RoomId::new(&required(name, "room")?).map_err(serde::de::Error::custom)
}
