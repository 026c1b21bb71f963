//! When to connect to whom: to all who were here before us at the same time, or to one after the
//! other. Pure: time is an argument, in milliseconds.
//!
//! Whose turn has not come is only held back on our side; what it says meanwhile is kept, and
//! delivered when its connection is made.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use signaling_protocol::{PeerId, PeerMessage};

use crate::states::IceConnectionState;

/// In which order a joining participant connects to those who are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ConnectionOrder {
    #[default]
    AtOnce,
    /// The next as soon as ICE has connected the one before.
    OneByOne,
}

/// A contact that is not connected for so long does not keep the others waiting.
pub(super) const LONGEST_TURN_MS: f64 = 10_000.0;

/// How long it took to connect to those who were there when we were let in.
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectionTimes {
    pub order: ConnectionOrder,
    /// In the order of the list; milliseconds since we were let in, `None` while not connected.
    /// Who left before is not listed.
    pub contacts: Vec<(PeerId, Option<f64>)>,
}

impl ConnectionTimes {
    /// Until all were connected; `None` while one is not.
    pub fn all_ms(&self) -> Option<f64> {
        let times = self.contacts.iter().map(|(_, time)| *time);
        times.reduce(|one, other| Some(one?.max(other?)))?
    }
}

/// A connection is to be made, and then to be told what was said meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::call) struct Due {
    pub(in crate::call) peer: PeerId,
    pub(in crate::call) kept: Vec<PeerMessage>,
}

#[derive(Debug)]
struct Waiting {
    due: Due,
    /// Whether it waits for its turn; who does not is due at once.
    in_turn: bool,
}

#[derive(Debug)]
struct Measure {
    began: f64,
    contacts: Vec<(PeerId, Option<f64>)>,
}

/// Holds back whose turn has not come.
#[derive(Debug)]
pub(super) struct ConnectionQueue {
    order: ConnectionOrder,
    /// Who was there when we were let in.
    listed: Vec<PeerId>,
    waiting: VecDeque<Waiting>,
    /// Whose turn it is, and since when.
    current: Option<(PeerId, f64)>,
    measure: Option<Measure>,
}

impl ConnectionQueue {
    pub(super) fn new(order: ConnectionOrder) -> Self {
        Self {
            order,
            listed: Vec::new(),
            waiting: VecDeque::new(),
            current: None,
            measure: None,
        }
    }

    /// We are let in, and these are there. Only the first time is measured: whoever joins anew has
    /// connections already.
    pub(super) fn handle_joined(&mut self, peers: Vec<PeerId>, now: f64) {
        self.measure.get_or_insert_with(|| Measure {
            began: now,
            contacts: peers.iter().map(|peer| (peer.clone(), None)).collect(),
        });
        self.listed = peers;
    }

    /// A connection to the peer is wanted. Who came after us need not wait: it waits for us, if
    /// for anybody.
    pub(super) fn handle_added(&mut self, peer: PeerId) {
        let was_there = self.listed.contains(&peer);
        self.listed.retain(|listed| *listed != peer);
        self.waiting.push_back(Waiting {
            due: Due {
                peer,
                kept: Vec::new(),
            },
            in_turn: was_there && self.order == ConnectionOrder::OneByOne,
        });
    }

    /// A peer says something: handed back, or kept until the peer is due.
    pub(super) fn handle_message(
        &mut self,
        from: &PeerId,
        message: PeerMessage,
    ) -> Option<PeerMessage> {
        match self.waiting.iter_mut().find(|w| w.due.peer == *from) {
            Some(waiting) => {
                waiting.due.kept.push(message);
                None
            }
            None => Some(message),
        }
    }

    /// `RTCPeerConnection.iceConnectionState` of the connection to a peer is `state` now.
    pub(super) fn handle_ice_state(&mut self, peer: &PeerId, state: IceConnectionState, now: f64) {
        let connected = state.is_connected();
        if connected && let Some(measure) = &mut self.measure {
            let mut contacts = measure.contacts.iter_mut();
            if let Some((_, time)) = contacts.find(|(id, _)| id == peer) {
                time.get_or_insert(now - measure.began);
            }
        }
        if connected || state == IceConnectionState::Failed {
            self.end_turn(peer);
        }
    }

    /// Somebody does not want to wait for this peer; false if it does not wait.
    pub(super) fn handle_impatience(&mut self, peer: &PeerId) -> bool {
        let waiting = self.waiting.iter_mut().find(|w| w.due.peer == *peer);
        waiting.map(|waiting| waiting.in_turn = false).is_some()
    }

    /// The peer is gone.
    pub(super) fn handle_removed(&mut self, peer: &PeerId) {
        self.waiting.retain(|waiting| waiting.due.peer != *peer);
        self.end_turn(peer);
        if let Some(measure) = &mut self.measure {
            measure
                .contacts
                .retain(|(id, time)| id != peer || time.is_some());
        }
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(super) fn deadline(&self) -> Option<f64> {
        let (_, since) = self.current.as_ref()?;
        let awaited = self.waiting.iter().any(|waiting| waiting.in_turn);
        awaited.then_some(since + LONGEST_TURN_MS)
    }

    /// A turn may have lasted long enough.
    pub(super) fn handle_timeout(&mut self, now: f64) {
        if self.deadline().is_some_and(|at| at <= now) {
            self.current = None;
        }
    }

    /// The next to whom to connect.
    pub(super) fn poll_due(&mut self, now: f64) -> Option<Due> {
        let may = |waiting: &Waiting| !waiting.in_turn || self.current.is_none();
        let next = self.waiting.iter().position(may)?;
        let waiting = self.waiting.remove(next)?;
        if waiting.in_turn {
            self.current = Some((waiting.due.peer.clone(), now));
        }
        Some(waiting.due)
    }

    /// Whether the peer's turn has not come yet.
    pub(super) fn is_waiting(&self, peer: &PeerId) -> bool {
        self.waiting.iter().any(|w| w.due.peer == *peer)
    }

    /// `None` while nobody was there when we were let in.
    pub(super) fn times(&self) -> Option<ConnectionTimes> {
        let contacts = self.measure.as_ref()?.contacts.clone();
        (!contacts.is_empty()).then_some(ConnectionTimes {
            order: self.order,
            contacts,
        })
    }

    fn end_turn(&mut self, peer: &PeerId) {
        self.current.take_if(|(current, _)| current == peer);
    }
}

#[cfg(test)]
mod tests;
