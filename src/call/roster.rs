//! Who is in the room with us, and what to do about it. Pure: events in, actions out; time and
//! chance are arguments.

use std::collections::{BTreeSet, VecDeque};

use signaling_protocol::{
    ErrorCode, ErrorMessage, IceServer, LeaveReason, PeerId, PeerSignal, RoomId, RoomKind,
};

use crate::negotiation::Role;
use crate::signaling::{Event, Request};

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
    /// Connected, and waiting to be let in.
    Joining,
    InRoom {
        created: bool,
    },
    /// Not let in; nothing more happens by itself.
    Refused(ErrorMessage),
    /// Left on request.
    Left,
}

impl Phase {
    /// Whether the call is over, so that joining can begin anew.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Left)
    }
}

/// What the driver has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Connect,
    /// Call [`Roster::handle_retry`] after so many milliseconds.
    Wait {
        ms: u32,
    },
    Disconnect,
    Send(Request),
    AddPeer {
        peer: PeerId,
        role: Role,
        ice_servers: Vec<IceServer>,
    },
    RemovePeer(PeerId),
    Deliver {
        from: PeerId,
        signal: PeerSignal,
    },
}

/// The first pause after a lost or refused connection, in milliseconds; it doubles each time.
const FIRST_PAUSE_MS: u32 = 500;
const LONGEST_PAUSE_MS: u32 = 10_000;

/// One participant's view of one room.
#[derive(Debug)]
pub struct Roster {
    room: RoomId,
    kind: RoomKind,
    phase: Phase,
    me: Option<PeerId>,
    peers: BTreeSet<PeerId>,
    ice_servers: Vec<IceServer>,
    /// Why the last peer that left did.
    departed: Option<LeaveReason>,
    /// What the server did not carry out.
    refusal: Option<ErrorMessage>,
    failed_attempts: u32,
    /// The server's own wish for the next pause.
    asked_pause_ms: Option<u32>,
    /// Having been in the room, a full room may be our own seat that is not free yet.
    was_in_room: bool,
    actions: VecDeque<Action>,
}

impl Roster {
    /// Begins to enter the room.
    pub fn enter(room: RoomId, kind: RoomKind) -> Self {
        Self {
            room,
            kind,
            phase: Phase::Connecting,
            me: None,
            peers: BTreeSet::new(),
            ice_servers: Vec::new(),
            departed: None,
            refusal: None,
            failed_attempts: 0,
            asked_pause_ms: None,
            was_in_room: false,
            actions: VecDeque::from([Action::Connect]),
        }
    }

    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    pub fn me(&self) -> Option<&PeerId> {
        self.me.as_ref()
    }

    pub fn peers(&self) -> impl Iterator<Item = &PeerId> {
        self.peers.iter()
    }

    /// Why the last peer that left did; `None` when nobody has left since somebody came.
    pub fn departed(&self) -> Option<LeaveReason> {
        self.departed
    }

    /// What the server did not carry out last, until somebody comes or goes.
    pub fn refusal(&self) -> Option<&ErrorMessage> {
        self.refusal.as_ref()
    }

    pub fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    pub fn handle_connected(&mut self) {
        if self.phase != Phase::Connecting {
            return;
        }
        self.phase = Phase::Joining;
        self.actions.push_back(Action::Send(Request::Join {
            room: self.room.clone(),
            kind: self.kind,
        }));
    }

    /// An attempt failed or the connection ended. `chance` in 0..1 spreads the attempts of many
    /// clients that lost the same server.
    pub fn handle_disconnected(&mut self, reason: String, chance: f64) {
        if self.phase.is_over() {
            return;
        }
        let retry_in_ms = self.pause(chance);
        self.phase = Phase::Unreachable {
            reason,
            retry_in_ms,
        };
    }

    /// Ends the connection and asks for the pause before the next, in milliseconds.
    fn pause(&mut self, chance: f64) -> u32 {
        let pause = self
            .asked_pause_ms
            .take()
            .unwrap_or_else(|| FIRST_PAUSE_MS.saturating_mul(1 << self.failed_attempts.min(10)));
        let pause = pause.clamp(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
        self.failed_attempts += 1;
        // Up to a quarter longer.
        let spread = f64::from(pause) * 0.25 * chance.clamp(0.0, 1.0);
        let retry_in_ms = pause + spread as u32;
        self.actions.push_back(Action::Disconnect);
        self.actions.push_back(Action::Wait { ms: retry_in_ms });
        retry_in_ms
    }

    /// The pause is over.
    pub fn handle_retry(&mut self) {
        if matches!(
            self.phase,
            Phase::Unreachable { .. } | Phase::TurnedAway { .. }
        ) {
            self.phase = Phase::Connecting;
            self.actions.push_back(Action::Connect);
        }
    }

    /// Leave the room for good.
    pub fn handle_hang_up(&mut self) {
        if self.phase.is_over() {
            return;
        }
        if matches!(self.phase, Phase::InRoom { .. } | Phase::Joining) {
            self.actions.push_back(Action::Send(Request::Leave));
        }
        self.end(Phase::Left);
    }

    pub fn handle_event(&mut self, event: Event, chance: f64) {
        match event {
            Event::Joined {
                me,
                created,
                peers,
                ice_servers,
            } if self.phase == Phase::Joining => {
                self.forget_peers();
                self.phase = Phase::InRoom { created };
                self.failed_attempts = 0;
                self.was_in_room = true;
                self.me = Some(me);
                self.ice_servers = ice_servers;
                for peer in peers {
                    self.add(peer);
                }
            }
            Event::PeerJoined(peer) if self.is_in_room() => self.add(peer),
            Event::PeerLeft { peer, reason } if self.peers.remove(&peer) => {
                self.departed = Some(reason);
                self.refusal = None;
                self.actions.push_back(Action::RemovePeer(peer));
            }
            Event::Signal { from, signal } if self.peers.contains(&from) => {
                self.actions.push_back(Action::Deliver { from, signal });
            }
            Event::Refused(error) if self.phase == Phase::Joining => {
                let passing = matches!(error.code, ErrorCode::RoomFull | ErrorCode::ServerFull);
                if self.was_in_room && passing {
                    let retry_in_ms = self.pause(chance);
                    self.phase = Phase::TurnedAway { error, retry_in_ms };
                } else {
                    self.end(Phase::Refused(error));
                }
            }
            // A signal to a peer that has just left; its departure is told, too.
            Event::Refused(error) if error.code == ErrorCode::UnknownPeer => {}
            Event::Refused(error) => self.refusal = Some(error),
            Event::GoingAway { retry_after_ms } => self.asked_pause_ms = Some(retry_after_ms),
            // What was on its way when the phase changed.
            _ => {}
        }
    }

    /// A signal for a peer, if it is still there and can be reached.
    pub fn handle_signal_to_send(&mut self, to: PeerId, signal: PeerSignal) {
        if self.is_in_room() && self.peers.contains(&to) {
            self.actions
                .push_back(Action::Send(Request::Signal { to, signal }));
        }
    }

    fn is_in_room(&self) -> bool {
        matches!(self.phase, Phase::InRoom { .. })
    }

    fn add(&mut self, peer: PeerId) {
        let Some(me) = self.me.as_ref().filter(|me| **me != peer) else {
            return;
        };
        let role = Role::of(me, &peer);
        if self.peers.insert(peer.clone()) {
            self.departed = None;
            self.refusal = None;
            self.actions.push_back(Action::AddPeer {
                peer,
                role,
                ice_servers: self.ice_servers.clone(),
            });
        }
    }

    fn forget_peers(&mut self) {
        let peers = std::mem::take(&mut self.peers);
        self.actions
            .extend(peers.into_iter().map(Action::RemovePeer));
    }

    fn end(&mut self, phase: Phase) {
        self.forget_peers();
        self.phase = phase;
        self.departed = None;
        self.actions.push_back(Action::Disconnect);
    }
}

#[cfg(test)]
mod tests;
