//! PURE: who is in which room, and what everybody is told about it.
//!
//! Owns rooms, seats, capacities and grace periods. Inputs are method calls, effects are returned
//! as data; there is no socket, clock, task or randomness in here: whoever drives the machine
//! gives the tokens and the time, wakes it at [`Rooms::poll_timeout`] and delivers the outputs.
//!
//! Contract:
//! - Outputs must be carried out in the order in which they were returned; then each recipient
//!   sees joins, signals and leaves in the order in which they were handled.
//! - A client has at most one seat, and a seat at most one client. A seat whose client is lost
//!   is kept until its grace is over, and everything for it goes on.
//! - A room exists exactly as long as it has a seat that is taken.
//! - Nobody is in a room with more people than a participant of their kind can be in a call with.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use signaling_protocol::{
    ErrorCode, IceServer, LeaveReason, RoomId, RoomKind, ServerMessage, Token,
};

mod allocation;
mod names;
mod output;
#[cfg(test)]
mod properties;
mod seat;
mod signals;
#[cfg(test)]
mod tests;

pub(super) use output::{Output, Outputs, SeatIds};
pub(crate) use output::{answer, refuse};
use output::{not_joined, tell};
use seat::Presence;
pub(super) use seat::SeatId;
#[cfg(test)]
pub(crate) use signals::MAX_SIGNAL_BYTES;
use signals::Taken;

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
    /// Also those whose client is away.
    pub max_seats: usize,
    pub capacities: Capacities,
    pub max_room_chars: usize,
    pub max_name_chars: usize,
    /// How long a seat is kept whose client is lost.
    pub grace: Duration,
}

/// What a client says to enter a room.
#[derive(Clone, Debug)]
pub(super) struct Join<'a> {
    pub room: &'a str,
    pub kind: RoomKind,
    pub name: &'a str,
    /// The client's own, or one made for it.
    pub token: Token,
    pub seat: SeatId,
}

#[derive(Debug)]
struct Seat {
    /// Shared by all seats of the room.
    room: Arc<RoomId>,
    kind: RoomKind,
    name: Box<str>,
    presence: Presence,
    taken: Taken,
}

/// The machine.
#[derive(Debug)]
pub(super) struct Rooms {
    limits: RoomLimits,
    /// Seats in the order in which they were taken; never empty.
    rooms: HashMap<Arc<RoomId>, Vec<SeatId>>,
    seats: HashMap<SeatId, Seat>,
    clients: HashMap<ClientId, SeatId>,
    /// When which seat is given up whose client is away.
    deadlines: BTreeSet<(Instant, SeatId)>,
}

impl Rooms {
    pub(super) fn new(limits: RoomLimits) -> Self {
        Self {
            limits,
            rooms: HashMap::new(),
            seats: HashMap::new(),
            clients: HashMap::new(),
            deadlines: BTreeSet::new(),
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

    /// Which seat `client` has.
    pub(super) fn seat_of(&self, client: ClientId) -> Option<SeatId> {
        self.clients.get(&client).copied()
    }

    /// Gives `client` a seat in the room, and `ice_servers` with it; the first to come creates it.
    /// The holder of the token's seat, here or in another room, gives it up first.
    pub(super) fn handle_join(
        &mut self,
        client: ClientId,
        join: Join<'_>,
        ice_servers: Vec<IceServer>,
    ) -> Outputs {
        if let Some(refusal) = self.already_joined(client) {
            return refusal;
        }
        let (room, name) = match self.check_join(&join) {
            Ok(checked) => checked,
            Err(error) => return answer(ServerMessage::Error(error)),
        };

        let mut outputs = Outputs::new();
        self.replace(join.seat, &mut outputs);
        let room = match self.rooms.get_key_value(&room) {
            Some((known, _)) => Arc::clone(known),
            None => Arc::new(room),
        };
        let members = self.rooms.entry(Arc::clone(&room)).or_default();
        let others: SeatIds = members.iter().copied().collect();
        members.push(join.seat);
        let joined = ServerMessage::Joined {
            room: room.as_ref().clone(),
            kind: join.kind,
            peer_id: join.seat.peer_id(),
            token: join.token,
            grace_ms: u64::try_from(self.limits.grace.as_millis()).unwrap_or(u64::MAX),
            created: others.is_empty(),
            capacity: self.capacity(&others, join.kind),
            peers: self.participants(&others),
            ice_servers,
        };
        self.clients.insert(client, join.seat);
        self.seats.insert(
            join.seat,
            Seat {
                room,
                kind: join.kind,
                name: name.into(),
                presence: Presence::Connected(client),
                taken: Taken::default(),
            },
        );
        outputs.push(Output::Answer(joined));
        outputs.push(Output::Seated(join.seat));
        let peer_joined = ServerMessage::PeerJoined {
            peer_id: join.seat.peer_id(),
            name: name.to_owned(),
        };
        tell(&mut outputs, others, peer_joined);
        outputs
    }

    /// Gives `client` the seat that it had before its connection was lost. Whoever drives this
    /// has made sure that what the client missed is still there.
    pub(super) fn handle_resume(&mut self, client: ClientId, id: SeatId) -> Outputs {
        if let Some(refusal) = self.already_joined(client) {
            return refusal;
        }
        let Some(seat) = self.seats.get_mut(&id) else {
            return cannot_resume();
        };
        let received = seat.taken.resumed();
        let former = std::mem::replace(&mut seat.presence, Presence::Connected(client));
        self.clients.insert(client, id);
        let mut outputs = answer(ServerMessage::Resumed { received });
        outputs.push(Output::Seated(id));
        match former {
            // Nobody has noticed that this connection was lost.
            Presence::Connected(former) => {
                self.clients.remove(&former);
                outputs.push(Output::Replaced(former));
            }
            Presence::Away(until) => {
                self.deadlines.remove(&(until, id));
                let peer_id = id.peer_id();
                let others = self.others(id);
                tell(&mut outputs, others, ServerMessage::PeerResumed { peer_id });
            }
        }
        outputs
    }

    /// Takes `client` out of its room at its own wish; the connection stays.
    pub(super) fn handle_leave(&mut self, client: ClientId) -> Outputs {
        let Some(id) = self.seat_of(client) else {
            return not_joined();
        };
        let mut outputs = Outputs::new();
        if let Some(seat) = self.seats.get(&id) {
            let room = seat.room.as_ref().clone();
            outputs.push(Output::Answer(ServerMessage::Left { room }));
        }
        self.vacate(id, LeaveReason::Left, &mut outputs);
        outputs
    }

    /// The connection of `client` is lost; its seat is kept for a while from `now`.
    pub(super) fn handle_lost(&mut self, client: ClientId, now: Instant) -> Outputs {
        let mut outputs = Outputs::new();
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
        if let Some(id) = self.seat_of(client) {
            self.vacate(id, reason, &mut outputs);
        }
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
            self.vacate(id, LeaveReason::Disconnected, &mut outputs);
        }
        outputs
    }
}

pub(crate) fn cannot_resume() -> Outputs {
    let text = "there is no seat to resume: join again, with the same token";
    refuse(ErrorCode::CannotResume, text)
}
