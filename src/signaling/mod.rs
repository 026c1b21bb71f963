//! How messages travel between peers before they have a connection of their own.
//!
//! A transport moves [`Request`]s out and [`Event`]s in, and decides nothing: when to connect
//! again, whom to answer and what to say is [`crate::call`]'s. Knows no view and no
//! `RTCPeerConnection`.

pub mod address;
pub mod websocket;

use futures_util::future::LocalBoxFuture;
use futures_util::stream::Stream;
use signaling_protocol::{
    ErrorMessage, IceServer, LeaveReason, PeerId, PeerSignal, RoomId, RoomKind,
};
use thiserror::Error;

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    Join { room: RoomId, kind: RoomKind },
    Leave,
    Signal { to: PeerId, signal: PeerSignal },
}

/// What a client learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Joined {
        me: PeerId,
        /// Whether the room did not exist before.
        created: bool,
        peers: Vec<PeerId>,
        ice_servers: Vec<IceServer>,
    },
    PeerJoined(PeerId),
    PeerLeft {
        peer: PeerId,
        reason: LeaveReason,
    },
    Signal {
        from: PeerId,
        signal: PeerSignal,
    },
    Left,
    /// The last request could not be carried out.
    Refused(ErrorMessage),
    /// The service ends this connection; it asks to wait so many milliseconds before the next.
    GoingAway {
        retry_after_ms: u32,
    },
    /// Something came that is not of the protocol; it was left out.
    Malformed(String),
}

/// Why there is no connection, in words for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// A connection to the signaling service; its stream ends with the connection, and dropping it
/// closes it.
pub trait Connection: Stream<Item = Event> + Unpin {
    /// Requests arrive in the order of their sending. On a connection that has ended this does
    /// nothing: the stream's end tells.
    fn send(&mut self, request: Request);
}

/// A way to reach the signaling service.
pub trait Signaling {
    /// Where it connects to, as shown to people.
    fn address(&self) -> String;

    /// One attempt.
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>>;
}
