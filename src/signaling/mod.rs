//! How messages travel between peers before they have a connection of their own.
//!
//! A transport moves [`Request`]s out and [`Event`]s in, and decides nothing: when to connect
//! again, whom to answer and what to say is [`crate::call`]'s. Knows no view and no
//! `RTCPeerConnection`.

pub(crate) mod address;
pub(crate) mod deferred;
pub(crate) mod early;
pub mod firebase;
pub mod paste;
mod session;
pub mod summary;
pub mod tabs;
pub mod transport;
pub mod websocket;

use futures_util::future::LocalBoxFuture;
use futures_util::stream::Stream;
use signaling_protocol::{
    ErrorMessage, HostMessage, IceServer, LeaveReason, Participant, Passphrase, PeerId,
    PeerMessage, Policy, RoomId, RoomKind,
};
use thiserror::Error;

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Be in the room: a seat there whose connection was lost is taken again, else a new one.
    Join {
        room: RoomId,
        kind: RoomKind,
        /// What others call this participant; may be empty.
        name: String,
        /// For a room that asks for one.
        passphrase: Option<Passphrase>,
    },
    /// Leave the room, or do not wait for it any more.
    Leave,
    Signal {
        to: PeerId,
        message: PeerMessage,
    },
    /// What only hosts may ask for; it has no meaning where there are none.
    Host(HostMessage),
}

/// What a client may do in a room, and how others get into it, where the service knows such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    pub host: bool,
    /// Nobody is to hear us.
    pub silenced: bool,
    /// Everybody is to see us large.
    pub spotlight: bool,
    pub policy: Policy,
}

/// What a client learns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A seat in the room, as if nobody had been here before.
    Joined {
        /// The same as before, where the service can give it.
        me: PeerId,
        /// How long the service keeps a seat whose connection is lost.
        grace_ms: u64,
        /// Whether the room did not exist before.
        created: bool,
        /// How many may be in the room, as it is now.
        capacity: usize,
        peers: Vec<Participant>,
        ice_servers: Vec<IceServer>,
        /// `None` where nothing enforces any.
        rights: Option<Rights>,
    },
    /// A host has to let us in; `Joined` or `Refused` follows.
    Waiting,
    /// The seat from before; what was missed follows, and nothing that was sent is lost.
    Resumed,
    PeerJoined {
        peer: PeerId,
        name: String,
    },
    /// A peer's connection to the service is lost; its seat is kept for a while.
    PeerDisconnected(PeerId),
    PeerResumed(PeerId),
    PeerLeft {
        peer: PeerId,
        reason: LeaveReason,
    },
    Signal {
        from: PeerId,
        message: PeerMessage,
    },
    /// How newcomers get in from now on.
    Policy {
        policy: Policy,
        /// Who has just set the passphrase, where it is another one now.
        passphrase_by: Option<PeerId>,
    },
    /// What hosts decided about a participant, perhaps about us.
    PeerChanged {
        peer: PeerId,
        host: bool,
        silenced: bool,
        spotlight: bool,
    },
    /// Somebody waits to be let in; told to hosts.
    Knock {
        peer: PeerId,
        name: String,
    },
    KnockEnded(PeerId),
    Left,
    /// A host took our seat away.
    Removed,
    /// Another page has taken our seat over, with our token; the connection has ended.
    Replaced,
    /// The last request could not be carried out.
    Refused(ErrorMessage),
    /// The service ends this connection; it asks to wait so many milliseconds before the next.
    GoingAway {
        retry_after_ms: u32,
    },
    /// Something came that is not of the protocol; it was left out.
    Malformed(String),
    /// The connection ends, for this reason, in words for people.
    Lost(String),
}

/// Why there is no connection, in words for people.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Unreachable(pub String);

/// A connection to the signaling service; its stream ends with the connection, and dropping it
/// closes it.
pub trait Connection: Stream<Item = Event> + Unpin {
    /// Requests arrive in the order of their sending. What a connection that ends has not delivered
    /// is delivered by the next, if that resumes the seat.
    fn send(&mut self, request: Request);

    /// Asked where the transport [only introduces](Signaling::only_introduces), once the two have a
    /// connection of their own: what was sent and could not be delivered any more.
    fn take_back(&mut self) -> Vec<PeerMessage> {
        Vec::new()
    }
}

/// A way to reach the signaling service.
pub trait Signaling {
    /// Whether nothing more can be delivered once two have been introduced to each other. All later
    /// signals go over their own connection, and it ends with that.
    fn only_introduces(&self) -> bool {
        false
    }

    /// One attempt.
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>, Unreachable>>;
}
