//! What the roster tells: how far the way is, and what is to be done.

use signaling_protocol::{ErrorCode, ErrorMessage, LeaveReason, PeerId, PeerMessage};

use crate::signaling::Request;

/// How far the way into the room is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    Connecting,
    /// The service cannot be reached; the next attempt comes after `retry_in_ms`. Connections to
    /// peers that exist already go on.
    Unreachable {
        reason: String,
        retry_in_ms: u32,
    },
    /// The service answers, but the way back into the room is barred, perhaps by our own seat
    /// that is not free yet; the next attempt comes after `retry_in_ms`.
    TurnedAway {
        error: ErrorMessage,
        retry_in_ms: u32,
    },
    /// Connected, and waiting for the service to answer.
    Joining,
    /// A host of the room has to let us in.
    Waiting,
    InRoom {
        created: bool,
    },
    /// Not let in; nothing more happens by itself.
    Refused(ErrorMessage),
    /// Left on request.
    Left,
    /// A host took our seat away; nothing more happens by itself.
    Removed,
    /// Another page has taken our seat over: this tab was duplicated, say. Nothing more happens by itself,
    /// or the two would take turns for ever.
    Replaced,
}

impl Phase {
    /// Whether the call is over, so that joining can begin anew.
    pub(crate) fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Refused(_) | Self::Left | Self::Removed | Self::Replaced
        )
    }

    /// Whether nobody needs to know any more whose seat it was. A tab that was replaced may take it back; and
    /// who was removed is known by it, however often they ask.
    pub(crate) fn gives_seat_up(&self) -> bool {
        match self {
            Self::Refused(error) => error.code != ErrorCode::RemovedByHost,
            phase => *phase == Self::Left,
        }
    }
}

/// What the driver has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Connect,
    Disconnect,
    Send(Request),
    /// A new participant is there, to be connected to.
    AddPeer(PeerId),
    /// The peer's connection is kept although messages may have been lost on either side: tell
    /// the peer which one it is, and take up again what was under way.
    KeepPeer(PeerId),
    /// Whether signals reach the peer.
    SetReachable {
        peer: PeerId,
        reachable: bool,
    },
    RemovePeer(PeerId),
    Deliver {
        from: PeerId,
        message: PeerMessage,
    },
}

/// Who left last, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departed {
    pub name: String,
    pub(crate) peer: PeerId,
    pub reason: LeaveReason,
}
