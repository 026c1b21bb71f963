//! Who is in the room with us, and what to do about it. Pure: events in, actions out; time (in
//! milliseconds) and randomness are arguments.
//!
//! A lost connection to the service is not the end of a call: the peers stay, what is to be sent
//! waits, and when the seat is resumed everything goes on. When it cannot be resumed, because the
//! service was restarted or the seat was given up, we join anew as the same participant, and keep
//! the connections of all who come back as well.

mod action;
mod rights;

use std::collections::VecDeque;

use signaling_protocol::{
    ErrorCode, ErrorMessage, IceServer, LeaveReason, Passphrase, PeerId, PeerMessage, RoomId,
    RoomKind,
};

use super::participant::{Participant, Participants, PeerRights, Seat};
use crate::signaling::{Event, Request};
pub use action::Phase;
pub(crate) use action::{Action, Departed};
pub use rights::{Newcomer, RightsView};

/// A server that restarts is back within so long.
const RESTART_MS: f64 = 300_000.0;

/// The first pause after a lost or refused connection, in milliseconds; it doubles each time.
const FIRST_PAUSE_MS: u32 = 500;
const LONGEST_PAUSE_MS: u32 = 10_000;
/// … where the server asked for it.
const LONGEST_ASKED_PAUSE_MS: u32 = 600_000;

/// One participant's view of one room.
#[derive(Debug)]
pub(crate) struct Roster {
    room: RoomId,
    kind: RoomKind,
    name: String,
    /// The room's, as far as we know.
    passphrase: Option<Passphrase>,
    phase: Phase,
    me: Option<PeerId>,
    capacity: Option<usize>,
    grace_ms: u64,
    participants: Participants,
    ice_servers: Vec<IceServer>,
    departed: Option<Departed>,
    /// What the server did not carry out.
    refusal: Option<ErrorMessage>,
    failed_attempts: u32,
    /// The server's own wish for the next pause.
    asked_pause_ms: Option<u32>,
    retry_at: Option<f64>,
    /// Having been in the room, a full room may be our own seat that is not free yet.
    was_in_room: bool,
    /// Since when the service is out of reach.
    lost_at: Option<f64>,
    /// `None` outside the room, and where nothing enforces any.
    rights: Option<RightsView>,
    /// The service forgot the room, and we made it anew: what others might do in it is ours to say.
    restores_rights: bool,
    /// The passphrases that we set as a host and the service has not confirmed yet, oldest first.
    asked_passphrases: VecDeque<Passphrase>,
    /// To be sent when the seat is resumed.
    unsent: Vec<Request>,
    actions: VecDeque<Action>,
}

impl Roster {
    /// Begins to enter the room. The numbers of the chat begin at `numbered_from`, as
    /// [`Mailbox::new`](super::mailbox::Mailbox::new) wants them.
    pub(crate) fn enter(room: RoomId, kind: RoomKind, name: String, numbered_from: u64) -> Self {
        Self {
            room,
            kind,
            name,
            passphrase: None,
            phase: Phase::Connecting,
            me: None,
            capacity: None,
            grace_ms: 0,
            participants: Participants::new(numbered_from),
            ice_servers: Vec::new(),
            departed: None,
            refusal: None,
            failed_attempts: 0,
            asked_pause_ms: None,
            retry_at: None,
            was_in_room: false,
            lost_at: None,
            rights: None,
            restores_rights: false,
            asked_passphrases: VecDeque::new(),
            unsent: Vec::new(),
            actions: VecDeque::from([Action::Connect]),
        }
    }

    /// What a room that asks for a passphrase is to be told.
    pub(crate) fn with_passphrase(self, passphrase: Option<Passphrase>) -> Self {
        Self { passphrase, ..self }
    }

    pub(crate) fn phase(&self) -> &Phase {
        &self.phase
    }

    pub(crate) fn me(&self) -> Option<&PeerId> {
        self.me.as_ref()
    }

    /// How many may be in the room.
    pub(crate) fn capacity(&self) -> Option<usize> {
        self.capacity
    }

    /// What others call us; may be empty.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What a connection that is made now is to use.
    pub(crate) fn ice_servers(&self) -> &[IceServer] {
        &self.ice_servers
    }

    /// Everybody else.
    pub(super) fn participants(&self) -> &Participants {
        &self.participants
    }

    /// Who comes and goes is the roster's; what goes on with each is not.
    pub(super) fn participants_mut(&mut self) -> &mut Participants {
        &mut self.participants
    }

    /// Who left last; `None` when nobody has left since somebody came.
    pub(crate) fn departed(&self) -> Option<&Departed> {
        self.departed.as_ref()
    }

    /// What the server did not carry out last, until somebody comes or goes.
    pub(crate) fn refusal(&self) -> Option<&ErrorMessage> {
        self.refusal.as_ref()
    }

    pub(crate) fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    pub(crate) fn handle_connected(&mut self) {
        if self.phase != Phase::Connecting {
            return;
        }
        self.phase = Phase::Joining;
        let passphrase = self.newest_passphrase().cloned();
        self.actions.push_back(Action::Send(Request::Join {
            room: self.room.clone(),
            kind: self.kind,
            name: self.name.clone(),
            passphrase,
        }));
    }

    /// An attempt failed or the connection ended. `random` in 0..1 spreads the attempts of many
    /// clients that lost the same server.
    pub(crate) fn handle_disconnected(&mut self, reason: String, now: f64, random: f64) {
        if self.phase.is_over() {
            return;
        }
        let was_reachable = self.is_in_room();
        self.lost_at.get_or_insert(now);
        let retry_in_ms = self.pause(now, random);
        self.phase = Phase::Unreachable {
            reason,
            retry_in_ms,
        };
        if was_reachable {
            self.tell_reachable();
        }
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(crate) fn deadline(&self) -> Option<f64> {
        let awaited = self.participants.deadline().filter(|_| self.is_in_room());
        self.retry_at.into_iter().chain(awaited).reduce(f64::min)
    }

    /// A pause may be over, somebody may have been awaited for long enough.
    pub(crate) fn handle_timeout(&mut self, now: f64) {
        if self.retry_at.is_some_and(|at| at <= now) {
            self.retry_at = None;
            self.phase = Phase::Connecting;
            self.actions.push_back(Action::Connect);
        }
        if self.is_in_room() {
            for peer in self.participants.overdue(now) {
                self.remove(peer, LeaveReason::Disconnected);
            }
        }
    }

    /// Leave the room for good.
    pub(crate) fn handle_hang_up(&mut self) {
        if self.phase.is_over() {
            return;
        }
        if matches!(
            self.phase,
            Phase::InRoom { .. } | Phase::Joining | Phase::Waiting
        ) {
            self.actions.push_back(Action::Send(Request::Leave));
        }
        self.end(Phase::Left);
    }

    pub(crate) fn handle_event(&mut self, event: Event, now: f64, random: f64) {
        match event {
            Event::Joined {
                me,
                grace_ms,
                created,
                capacity,
                peers,
                ice_servers,
                rights,
            } if self.is_joining() => {
                // Whoever we are now, others have no connection to us under that name.
                if self.me.as_ref() != Some(&me) {
                    self.forget_peers();
                }
                let was_restarted = created && self.was_in_room && self.was_lost_lately(now);
                self.let_in(created);
                self.me = Some(me);
                self.capacity = Some(capacity);
                self.grace_ms = grace_ms;
                self.ice_servers = ice_servers;
                self.participants.await_all(now + grace_ms as f64);
                self.take_rights(rights, was_restarted);
                // What waited may have been said already, or to somebody who lost it.
                self.unsent.clear();
                for peer in peers {
                    let seat = if peer.connected {
                        Seat::Taken
                    } else {
                        Seat::Disconnected
                    };
                    self.add(peer.peer_id.clone(), peer.name, seat);
                    let rights = PeerRights {
                        host: peer.host,
                        silenced: peer.silenced,
                        spotlight: peer.spotlight,
                    };
                    self.participants.set_rights(&peer.peer_id, rights);
                }
                self.tell_reachable();
            }
            Event::Waiting if self.phase == Phase::Joining => self.phase = Phase::Waiting,
            Event::Resumed if self.phase == Phase::Joining && self.was_in_room => {
                self.let_in(false);
                self.actions.extend(self.unsent.drain(..).map(Action::Send));
                self.tell_reachable();
            }
            Event::PeerJoined { peer, name } if self.is_in_room() => {
                let rights = self.participants.awaited_rights(&peer);
                self.add(peer.clone(), name, Seat::Taken);
                self.restore_rights(peer, rights);
            }
            Event::PeerDisconnected(peer) if self.is_in_room() => {
                self.seat(peer, Seat::Disconnected);
            }
            Event::PeerResumed(peer) if self.is_in_room() => self.seat(peer, Seat::Taken),
            Event::PeerLeft { peer, reason } => self.remove(peer, reason),
            Event::Removed if self.is_in_room() || self.is_joining() => self.end(Phase::Removed),
            Event::Replaced if !self.phase.is_over() => self.end(Phase::Replaced),
            event @ (Event::Policy { .. }
            | Event::PeerChanged { .. }
            | Event::Knock { .. }
            | Event::KnockEnded(_)) => self.handle_rights(event),
            Event::Signal { from, message } if self.participants.get(&from).is_some() => {
                self.actions.push_back(Action::Deliver { from, message });
            }
            Event::Refused(error) if self.is_joining() => {
                self.handle_refused_join(error, now, random);
            }
            // Said before the request to join is read.
            Event::Refused(error)
                if self.phase == Phase::Connecting && error.code == ErrorCode::OriginNotAllowed =>
            {
                self.end(Phase::Refused(error));
            }
            // A signal to a peer that has just left; its departure is told, too.
            Event::Refused(error) if error.code == ErrorCode::UnknownPeer => {}
            Event::Refused(error) => {
                self.handle_host_refusal(error.code);
                self.refusal = Some(error);
            }
            Event::GoingAway { retry_after_ms } => self.asked_pause_ms = Some(retry_after_ms),
            // What was on its way when the phase changed.
            _ => {}
        }
    }

    fn handle_refused_join(&mut self, error: ErrorMessage, now: f64, random: f64) {
        match error.code {
            ErrorCode::RoomFull | ErrorCode::ServerFull if !self.was_in_room => {
                self.end(Phase::Refused(error));
            }
            // Somebody else's passphrase is looked at first.
            ErrorCode::RoomFull | ErrorCode::ServerFull | ErrorCode::Busy => {
                let retry_in_ms = self.pause(now, random);
                self.phase = Phase::TurnedAway { error, retry_in_ms };
            }
            // While we were away.
            ErrorCode::RemovedByHost if self.was_in_room => self.end(Phase::Removed),
            _ => self.end(Phase::Refused(error)),
        }
    }

    /// A message for a peer: sent now, or when the seat is resumed.
    pub(crate) fn handle_message_to_send(&mut self, to: PeerId, message: PeerMessage) {
        if self.participants.get(&to).is_none() {
            return;
        }
        let request = Request::Signal { to, message };
        if self.is_in_room() {
            self.actions.push_back(Action::Send(request));
        } else {
            self.unsent.push(request);
        }
    }

    /// Whether signals reach the peer now.
    pub(crate) fn is_reachable(&self, peer: &PeerId) -> bool {
        let is_here = |participant: &Participant| !participant.is_away();
        self.is_in_room() && self.participants.get(peer).is_some_and(is_here)
    }

    fn is_in_room(&self) -> bool {
        matches!(self.phase, Phase::InRoom { .. })
    }

    /// Whether the service has yet to say whether we are let in.
    fn is_joining(&self) -> bool {
        matches!(self.phase, Phase::Joining | Phase::Waiting)
    }

    fn let_in(&mut self, created: bool) {
        self.phase = Phase::InRoom { created };
        self.failed_attempts = 0;
        self.was_in_room = true;
        self.lost_at = None;
    }

    /// A room that nobody knows any more after a longer time has ended: its policy has, too.
    fn was_lost_lately(&self, now: f64) -> bool {
        self.lost_at.is_none_or(|at| now - at <= RESTART_MS)
    }

    /// Ends the connection and asks for the pause before the next, in milliseconds.
    fn pause(&mut self, now: f64, random: f64) -> u32 {
        let pause = match self.asked_pause_ms.take() {
            Some(asked) => asked.clamp(FIRST_PAUSE_MS, LONGEST_ASKED_PAUSE_MS),
            None => {
                let pause = FIRST_PAUSE_MS.saturating_mul(1 << self.failed_attempts.min(10));
                pause.min(LONGEST_PAUSE_MS)
            }
        };
        self.failed_attempts += 1;
        // Up to a quarter longer.
        let spread = f64::from(pause) * 0.25 * random.clamp(0.0, 1.0);
        let retry_in_ms = pause + spread as u32;
        self.actions.push_back(Action::Disconnect);
        self.retry_at = Some(now + f64::from(retry_in_ms));
        retry_in_ms
    }

    fn add(&mut self, peer: PeerId, name: String, seat: Seat) {
        if self.me.as_ref().is_none_or(|me| *me == peer) {
            return;
        }
        self.departed = None;
        self.refusal = None;
        if self.participants.enter(&peer, name, seat) {
            self.actions.push_back(Action::KeepPeer(peer.clone()));
            self.tell_reachable_of(peer);
        } else {
            self.actions.push_back(Action::AddPeer(peer));
        }
    }

    fn seat(&mut self, peer: PeerId, seat: Seat) {
        if self.participants.set_seat(&peer, seat) {
            self.tell_reachable_of(peer);
        }
    }

    fn tell_reachable(&mut self) {
        for peer in self.peers() {
            self.tell_reachable_of(peer);
        }
    }

    fn tell_reachable_of(&mut self, peer: PeerId) {
        let reachable = self.is_reachable(&peer);
        self.actions
            .push_back(Action::SetReachable { peer, reachable });
    }

    fn remove(&mut self, peer: PeerId, reason: LeaveReason) {
        let Some(name) = self.participants.leave(&peer) else {
            return;
        };
        self.departed = Some(Departed {
            name,
            peer: peer.clone(),
            reason,
        });
        self.refusal = None;
        self.unsent
            .retain(|request| !matches!(request, Request::Signal { to, .. } if *to == peer));
        self.actions.push_back(Action::RemovePeer(peer));
    }

    fn forget_peers(&mut self) {
        for peer in self.peers() {
            self.participants.leave(&peer);
            self.actions.push_back(Action::RemovePeer(peer));
        }
    }

    fn peers(&self) -> Vec<PeerId> {
        let here = self.participants.here();
        here.map(|(peer, _)| peer.clone()).collect()
    }

    fn end(&mut self, phase: Phase) {
        self.forget_peers();
        self.phase = phase;
        self.departed = None;
        self.rights = None;
        self.retry_at = None;
        self.unsent.clear();
        self.actions.push_back(Action::Disconnect);
    }
}

#[cfg(test)]
mod tests;
