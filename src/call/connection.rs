//! One connection of a call: to a peer, and whatever is known of the way there. Which participants
//! are reached over it is not its affair.

use std::collections::VecDeque;

use signaling_protocol::{ChannelMessage, ConnectionId, PeerId, PeerMessage};

use super::health::Health;
use super::pairing::Pairing;
use super::received::Received;
use crate::error::JsError;
use crate::negotiation::Role;
use crate::rtc::data_channel::{Channels, DataChannel};
use crate::rtc::peer_connection::ConnectionStates;
use crate::rtc::random_hex;
use crate::states::ConnectionState;

/// So often within this time a connection may begin anew because of the other end or of an offer that
/// crossed. What the other end says beyond that is not heard; it says it again when its connection does
/// not come up.
const BEGIN_ANEW_TIMES: usize = 6;
const BEGIN_ANEW_WITHIN_MS: f64 = 10_000.0;

/// The label of a call's data channel.
pub(super) const CHANNEL: &str = "call";

/// Tells the connections of a call apart. It stays the same when a connection begins anew.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConnectionKey {
    /// Straight to this participant.
    Peer(PeerId),
}

impl ConnectionKey {
    /// Who is at the other end.
    pub(super) fn peer(&self) -> &PeerId {
        let Self::Peer(peer) = self;
        peer
    }
}

pub(super) struct Connection {
    pub(super) role: Role,
    pub(super) pairing: Pairing,
    pub(super) health: Health,
    pub(super) states: ConnectionStates,
    /// In a mesh a connection carries the media of one participant.
    pub(super) received: Received,
    /// When we began anew of ourselves, not because a person asked for it, the last few times.
    begun_anew: VecDeque<f64>,
    pub(super) channels: Channels,
}

impl Connection {
    pub(super) fn new(role: Role, now: f64) -> Result<Self, JsError> {
        Ok(Self {
            role,
            pairing: Pairing::new(role, new_connection_id()),
            health: Health::new(role, now),
            states: ConnectionStates::initial(),
            received: Received::new()?,
            begun_anew: VecDeque::new(),
            channels: Channels::default(),
        })
    }

    /// A new connection takes the place of the one there was; `because` of the other end's, if
    /// that began.
    pub(super) fn begin_anew(&mut self, because: Option<&PeerMessage>, now: f64) {
        let own = new_connection_id();
        self.pairing = match because {
            Some(message) => Pairing::replaced(self.role, own, message),
            None => Pairing::new(self.role, own),
        };
        self.health = self.health.renewed(now);
        self.states = ConnectionStates::initial();
        self.channels.clear();
        self.received.clear();
    }

    /// Whether it has not begun anew too often, which counts as one time more.
    pub(super) fn may_begin_anew(&mut self, now: f64) -> bool {
        self.begun_anew.retain(|at| now - at < BEGIN_ANEW_WITHIN_MS);
        let may = self.begun_anew.len() < BEGIN_ANEW_TIMES;
        if may {
            self.begun_anew.push_back(now);
        }
        may
    }

    /// False when there is no channel over which it could be said now.
    pub(super) fn say(&self, message: &ChannelMessage) -> bool {
        let Some(channel) = self.channels.open(CHANNEL) else {
            return false;
        };
        let text = serde_json::to_string(message);
        text.is_ok_and(|text| channel.send_text(&text).is_ok())
    }

    /// Whether there is a channel over which something can be said.
    pub(super) fn can_say(&self) -> bool {
        self.channels.open(CHANNEL).is_some()
    }

    /// Whether what can wait may be said now.
    pub(super) fn has_room(&self) -> bool {
        let channel = self.channels.get(CHANNEL);
        channel.is_some_and(DataChannel::has_room)
    }

    /// Whether what is said over the channel arrives: it is open also while nothing gets through.
    pub(super) fn has_path(&self) -> bool {
        self.can_say() && self.states.connection == ConnectionState::Connected
    }
}

fn new_connection_id() -> ConnectionId {
    ConnectionId::new(random_hex::<8>())
}
