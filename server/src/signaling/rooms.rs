//! PURE: who is in which room, what they may do there, and what everybody is told about it.
//!
//! Owns rooms, seats, capacities, grace periods, hosts and how newcomers get in. Inputs are method
//! calls, effects are returned as data; there is no socket, clock, task or randomness in here:
//! whoever drives the machine gives the tokens and the time, wakes it at [`Rooms::poll_timeout`]
//! and delivers the outputs.
//!
//! Contract:
//! - Outputs must be carried out in the order in which they were returned; then each recipient
//!   sees joins, signals and leaves in the order in which they were handled.
//! - A client has at most one seat, and a seat at most one client. A seat whose client is lost
//!   is kept until its grace is over, and everything for it goes on.
//! - A room exists exactly as long as it has a seat that is taken, and has a host all that time.
//! - Nobody is in a room with more people than a participant of their kind can be in a call with.
//! - Who waits for a room gets nothing of it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use signaling_protocol::{
    ErrorCode, IceServer, LeaveReason, Passphrase, RoomId, RoomKind, ServerMessage, Token,
};

use crate::http::ClientAddress;

mod allocation;
mod attempts;
mod decisions;
mod entering;
mod lobby;
mod names;
mod output;
mod policy;
#[cfg(test)]
mod properties;
mod rights;
mod seat;
mod signals;
#[cfg(test)]
mod tests;
mod work;

use attempts::{Attempts, WrongAttempts};
use decisions::Decisions;
use lobby::Newcomer;
pub(super) use output::{Output, Outputs, SeatIds, Work};
pub(crate) use output::{answer, refuse};
use output::{not_joined, tell};
use policy::{Returning, RoomPolicy};
use rights::Rights;
use seat::Presence;
pub(super) use seat::SeatId;
#[cfg(test)]
pub(crate) use signals::MAX_SIGNAL_BYTES;
use signals::Taken;
use work::Pending;
pub(super) use work::WorkDone;

/// A connection, as the server numbers it. Clients never see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ClientId(pub u64);

/// How many may be in a room together with a participant of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Capacities {
    pub call: usize,
    pub mesh: usize,
}

impl Capacities {
    pub(super) fn of(&self, kind: RoomKind) -> usize {
        match kind {
            RoomKind::Call => self.call,
            RoomKind::Mesh => self.mesh,
        }
    }
}

/// What the machine is allowed to grow to, and how long it keeps what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RoomLimits {
    pub max_rooms: usize,
    /// Also those whose client is away, and those who wait to be let in.
    pub max_seats: usize,
    /// As many as [`Capacities::mesh`] may wait for one room.
    pub capacities: Capacities,
    pub max_room_chars: usize,
    pub max_name_chars: usize,
    /// How long a seat is kept whose client is lost.
    pub grace: Duration,
}

/// What a client says to enter a room.
#[derive(Clone, Debug)]
pub(super) struct Join {
    pub room: String,
    pub kind: RoomKind,
    pub name: String,
    /// The client's own, or one made for it.
    pub token: Token,
    pub seat: SeatId,
    pub address: ClientAddress,
    pub passphrase: Option<Passphrase>,
    /// What it is told to use.
    pub ice_servers: Vec<IceServer>,
}

#[derive(Debug)]
struct Seat {
    /// Shared by all seats of the room.
    room: Arc<RoomId>,
    kind: RoomKind,
    name: Box<str>,
    presence: Presence,
    rights: Rights,
    taken: Taken,
}

#[derive(Debug, Default)]
struct Room {
    /// In the order in which the seats were taken; never empty between two inputs.
    members: Vec<SeatId>,
    policy: RoomPolicy,
    /// Who passes the policy without a seat.
    returning: Option<Returning>,
    decisions: Decisions,
    wrong_attempts: WrongAttempts,
    /// Who waits, in the order of their coming.
    lobby: Vec<SeatId>,
}

/// The machine.
#[derive(Debug)]
pub(super) struct Rooms {
    limits: RoomLimits,
    rooms: HashMap<Arc<RoomId>, Room>,
    seats: HashMap<SeatId, Seat>,
    clients: HashMap<ClientId, SeatId>,
    /// When which seat is given up whose client is away.
    deadlines: BTreeSet<(Instant, SeatId)>,
    /// Who waits to be let in.
    newcomers: HashMap<SeatId, Newcomer>,
    waiting_clients: HashMap<ClientId, SeatId>,
    /// What clients wait for that takes time.
    pending: HashMap<ClientId, Pending>,
    attempts: Attempts,
}

impl Rooms {
    pub(super) fn new(limits: RoomLimits) -> Self {
        Self {
            limits,
            rooms: HashMap::new(),
            seats: HashMap::new(),
            clients: HashMap::new(),
            deadlines: BTreeSet::new(),
            newcomers: HashMap::new(),
            waiting_clients: HashMap::new(),
            pending: HashMap::new(),
            attempts: Attempts::default(),
        }
    }

    pub(super) fn room_count(&self) -> usize {
        self.rooms.len()
    }

    /// How many seats are taken, with or without a client.
    #[cfg(test)]
    pub(super) fn seat_count(&self) -> usize {
        self.seats.len()
    }

    /// How many seats wait for their client.
    pub(super) fn away_count(&self) -> usize {
        self.deadlines.len()
    }

    /// How many wait to be let in.
    pub(super) fn waiting_count(&self) -> usize {
        self.newcomers.len()
    }

    /// Which seat `client` has.
    pub(super) fn seat_of(&self, client: ClientId) -> Option<SeatId> {
        self.clients.get(&client).copied()
    }

    /// Takes `client` out of its room, or its place among those who wait, at its own wish; the
    /// connection stays.
    pub(super) fn handle_leave(&mut self, client: ClientId) -> Outputs {
        let mut outputs = Outputs::new();
        let room = match self.seat_of(client).and_then(|id| self.seats.get(&id)) {
            Some(seat) => Some(seat.room.as_ref().clone()),
            None => self.waited_for(client),
        };
        let Some(room) = room else {
            return not_joined();
        };
        self.withdraw_policy(client, &mut outputs);
        outputs.push(Output::Answer(ServerMessage::Left { room }));
        self.end_client(client, LeaveReason::Left, &mut outputs);
        outputs
    }

    /// The connection of `client` is lost; its seat is kept for a while from `now`, its place among
    /// those who wait is not.
    pub(super) fn handle_lost(&mut self, client: ClientId, now: Instant) -> Outputs {
        let mut outputs = Outputs::new();
        self.stop_waiting(client, &mut outputs);
        self.forget_joining(client);
        let Some(id) = self.clients.remove(&client) else {
            return outputs;
        };
        if let Some(seat) = self.seats.get_mut(&id) {
            let until = now + self.limits.grace;
            seat.presence = Presence::Away(until);
            self.deadlines.insert((until, id));
            let peer_id = id.peer_id();
            let others = self.others(id);
            tell(
                &mut outputs,
                others,
                ServerMessage::PeerDisconnected { peer_id },
            );
        }
        outputs
    }

    /// `client` is gone for good; others are told why.
    pub(super) fn handle_gone(&mut self, client: ClientId, reason: LeaveReason) -> Outputs {
        let mut outputs = Outputs::new();
        self.end_client(client, reason, &mut outputs);
        outputs
    }

    /// More waits for this seat than may; it is given up.
    pub(super) fn handle_overflow(&mut self, id: SeatId) -> Outputs {
        let mut outputs = Outputs::new();
        self.vacate(id, LeaveReason::Removed, &mut outputs);
        outputs
    }

    /// When to call [`Self::handle_timeout`] next.
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.deadlines.first().map(|(until, _)| *until)
    }

    /// Gives up every seat whose grace is over.
    pub(super) fn handle_timeout(&mut self, now: Instant) -> Outputs {
        let mut outputs = Outputs::new();
        while let Some(&(until, id)) = self.deadlines.first()
            && until <= now
        {
            self.deadlines.pop_first();
            let seat = self.seats.get(&id);
            if seat.is_some_and(|seat| seat.presence == Presence::Away(until)) {
                self.vacate(id, LeaveReason::Disconnected, &mut outputs);
            }
        }
        outputs
    }

    fn end_client(&mut self, client: ClientId, reason: LeaveReason, outputs: &mut Outputs) {
        self.stop_waiting(client, outputs);
        self.cancel_work(client);
        if let Some(id) = self.seat_of(client) {
            self.vacate(id, reason, outputs);
        }
    }
}

pub(crate) fn cannot_resume() -> Outputs {
    let text = "there is no seat to resume: join again, with the same token";
    refuse(ErrorCode::CannotResume, text)
}
