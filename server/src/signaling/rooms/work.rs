//! What takes time: passphrases are hashed and checked by whoever drives the machine.
//!
//! Whoever drives it does one after the other, in the order in which they were asked for. A client has
//! at most one under way, an address at most one check and one new passphrase, in all its connections
//! and those that have ended meanwhile, and a room at most [`MOST_CHECKS`]; so nobody fills the queue
//! of all. The room may have changed when the work is done, so everything is looked at again then.

use std::sync::Arc;
use std::time::Instant;

use signaling_protocol::{
    ErrorCode, ErrorMessage, Passphrase, PolicyChange, RoomId, ServerMessage,
};

use super::output::{Work, answer, refuse};
use super::policy::{HashedChange, Returning};
use super::seat::Presence;
use super::{ClientId, Join, Output, Outputs, Rooms, SeatId};
use crate::http::ClientAddress;
use crate::signaling::passphrase::PassphraseHash;

/// How many passphrases for one room may wait to be checked.
const MOST_CHECKS: usize = 8;

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) enum WorkDone {
    /// Whether the passphrase was that of this hash.
    Verified(Arc<PassphraseHash>, bool),
    Hashed(Arc<PassphraseHash>),
    /// There was too much to do already.
    Busy,
}

/// A host that decides something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asker {
    pub(super) client: ClientId,
    pub(super) address: ClientAddress,
    pub(super) seat: SeatId,
}

/// What a client asked for, until the work is done.
#[derive(Debug)]
pub(super) struct Pending {
    address: ClientAddress,
    room: Arc<RoomId>,
    wish: Wish,
    /// Nobody waits for it any more. The work goes on all the same.
    cancelled: bool,
}

#[derive(Debug)]
enum Wish {
    Join(Box<Join>),
    SetPolicy { seat: SeatId, change: PolicyChange },
}

impl Wish {
    fn is_join(&self) -> bool {
        matches!(self, Self::Join(_))
    }
}

impl Rooms {
    /// A refusal for who is in a room, or on the way into one.
    pub(super) fn occupied(&self, client: ClientId) -> Option<Outputs> {
        self.already_joined(client)
            .or_else(|| self.already_waiting(client))
            .or_else(|| self.pending.contains_key(&client).then(busy))
    }

    /// Asks whether the passphrase of `join` is the right one.
    pub(super) fn check(
        &mut self,
        client: ClientId,
        join: Join,
        room: RoomId,
        hash: Arc<PassphraseHash>,
        passphrase: Passphrase,
        now: Instant,
    ) -> Outputs {
        let checks = self.pending.values().filter(|it| it.wish.is_join());
        let checks = checks.filter(|it| *it.room == room).count();
        let address = join.address;
        let pending = Pending {
            address,
            room: Arc::new(room),
            wish: Wish::Join(Box::new(join)),
            cancelled: false,
        };
        if checks >= MOST_CHECKS || self.is_waited_for(client, &pending) {
            return busy();
        }
        let room = self.rooms.get_mut(&pending.room);
        let may_check = room
            .is_some_and(|room| (self.attempts).may_check(address, &mut room.wrong_attempts, now));
        if !may_check {
            return busy();
        }
        self.begin(client, pending, Work::Verify(hash, passphrase))
    }

    /// Carries out what a host decided, at once or when its passphrase is hashed.
    pub(super) fn set_policy(
        &mut self,
        asker: Asker,
        room: &Arc<RoomId>,
        change: PolicyChange,
        now: Instant,
    ) -> Outputs {
        if change.returning.len() > self.limits.capacities.mesh {
            let text = "more are said to return than can have been in the room";
            return refuse(ErrorCode::InvalidMessage, text);
        }
        if let Some(Some(passphrase)) = change.passphrase.clone() {
            let pending = Pending {
                address: asker.address,
                room: Arc::clone(room),
                wish: Wish::SetPolicy {
                    seat: asker.seat,
                    change,
                },
                cancelled: false,
            };
            if self.is_waited_for(asker.client, &pending)
                || !self.attempts.may_hash(asker.address, now)
            {
                return busy();
            }
            return self.begin(asker.client, pending, Work::Hash(passphrase));
        }
        let mut outputs = Outputs::new();
        self.overtake(room, &change, &mut outputs);
        self.carry_policy_out(asker.seat, room, &change, None, now, &mut outputs);
        outputs
    }

    /// `client` or its address waits for something of the kind already.
    fn is_waited_for(&self, client: ClientId, pending: &Pending) -> bool {
        let mut others = self.pending.values();
        let is_same = |it: &Pending| {
            it.address == pending.address && it.wish.is_join() == pending.wish.is_join()
        };
        self.pending.contains_key(&client) || others.any(is_same)
    }

    fn begin(&mut self, client: ClientId, pending: Pending, work: Work) -> Outputs {
        self.pending.insert(client, pending);
        smallvec::smallvec![Output::Work { client, work }]
    }

    fn carry_policy_out(
        &mut self,
        by: SeatId,
        room: &RoomId,
        change: &PolicyChange,
        hash: Option<Arc<PassphraseHash>>,
        now: Instant,
        outputs: &mut Outputs,
    ) {
        if let Some(room) = self
            .rooms
            .get_mut(room)
            .filter(|_| !change.returning.is_empty())
        {
            let seats = change.returning.iter().filter_map(SeatId::from_peer_id);
            room.returning = Some(Returning {
                seats: seats.collect(),
                until: now + self.limits.grace,
            });
        }
        let change = HashedChange {
            locked: change.locked,
            lobby: change.lobby,
            passphrase: change.passphrase.as_ref().map(|_| hash),
        };
        self.change_policy(room, by, change, outputs);
    }

    /// What waits for its passphrase to be hashed and decides the same as this newer `change` is not done,
    /// and whoever asked for it is told.
    fn overtake(&mut self, room: &RoomId, change: &PolicyChange, outputs: &mut Outputs) {
        let mut overtaken = Vec::new();
        for (client, pending) in &mut self.pending {
            if let Wish::SetPolicy {
                seat,
                change: older,
            } = &pending.wish
                && !pending.cancelled
                && *pending.room == *room
                && decides_the_same(older, change)
            {
                pending.cancelled = true;
                overtaken.push((*client, *seat));
            }
        }
        let text = "the room’s policy was decided anew before this passphrase was ready: nothing of it was set";
        for (client, seat) in overtaken {
            let error = ErrorMessage::new(ErrorCode::Overtaken, text);
            outputs.push(self.tell_asker(client, seat, error));
        }
    }

    /// An error for who asked for something by `client` some time ago, and may be connected anew.
    fn tell_asker(&self, client: ClientId, seat: SeatId, error: ErrorMessage) -> Output {
        let presence = self.seats.get(&seat).map(|seat| seat.presence);
        let client = match presence {
            Some(Presence::Connected(client)) => client,
            _ => client,
        };
        let message = ServerMessage::Error(error);
        Output::Inform { client, message }
    }

    /// The work for `client` is done.
    pub(crate) fn handle_work_done(
        &mut self,
        client: ClientId,
        done: WorkDone,
        now: Instant,
    ) -> Outputs {
        let Some(pending) = self.pending.remove(&client) else {
            return Outputs::new();
        };
        if let WorkDone::Verified(_, false) = done {
            self.attempts.handle_wrong(pending.address, now);
            if let Some(room) = self.rooms.get_mut(&pending.room) {
                room.wrong_attempts.handle_wrong(now);
            }
        }
        if pending.cancelled {
            return Outputs::new();
        }
        match (pending.wish, done) {
            (Wish::Join(join), WorkDone::Verified(hash, true)) => {
                self.enter(client, *join, Some(&hash), now)
            }
            (Wish::Join(_), WorkDone::Verified(_, false)) => {
                refuse(ErrorCode::WrongPassphrase, "this is not the passphrase")
            }
            (Wish::SetPolicy { seat, .. }, WorkDone::Hashed(_))
                if !self.is_host_of(seat, &pending.room) =>
            {
                smallvec::smallvec![self.tell_asker(client, seat, not_allowed_any_more())]
            }
            (Wish::SetPolicy { seat, change }, WorkDone::Hashed(hash)) => {
                let mut outputs = Outputs::new();
                let hash = Some(hash);
                self.carry_policy_out(seat, &pending.room, &change, hash, now, &mut outputs);
                outputs
            }
            (Wish::SetPolicy { seat, .. }, WorkDone::Busy) => {
                smallvec::smallvec![self.tell_asker(client, seat, too_busy())]
            }
            (Wish::Join(_), _) => busy(),
            _ => Outputs::new(),
        }
    }

    /// The room for which `client` waits, for a host or for a check.
    pub(super) fn waited_for(&self, client: ClientId) -> Option<RoomId> {
        let pending = self.pending.get(&client);
        if let Some(pending) = pending.filter(|it| it.wish.is_join() && !it.cancelled) {
            return Some(pending.room.as_ref().clone());
        }
        let newcomer = self.newcomers.get(self.waiting_clients.get(&client)?)?;
        Some(newcomer.room.as_ref().clone())
    }

    /// `client` leaves: what it decided and is not done yet is not, which is answered.
    pub(super) fn withdraw_policy(&mut self, client: ClientId, outputs: &mut Outputs) {
        if let Some(pending) = self.pending.get_mut(&client)
            && !pending.wish.is_join()
            && !std::mem::replace(&mut pending.cancelled, true)
        {
            let error = ServerMessage::Error(not_allowed_any_more());
            outputs.extend(answer(error));
        }
    }

    /// `client` does not want any more what it waits for.
    pub(super) fn cancel_work(&mut self, client: ClientId) {
        if let Some(pending) = self.pending.get_mut(&client) {
            pending.cancelled = true;
        }
    }

    /// The connection of `client` has ended. If its seat stays, so does what it decided as a host. What is
    /// waited for counts until it is done: ending a connection makes no place in the queue.
    pub(super) fn forget_joining(&mut self, client: ClientId) {
        if let Some(pending) = self.pending.get_mut(&client) {
            pending.cancelled |= pending.wish.is_join();
        }
    }
}

fn decides_the_same(one: &PolicyChange, other: &PolicyChange) -> bool {
    (one.locked.is_some() && other.locked.is_some())
        || (one.lobby.is_some() && other.lobby.is_some())
        || (one.passphrase.is_some() && other.passphrase.is_some())
}

fn busy() -> Outputs {
    answer(ServerMessage::Error(too_busy()))
}

fn too_busy() -> ErrorMessage {
    let text = "too many passphrases are to be looked at: try again in a moment";
    ErrorMessage::new(ErrorCode::Busy, text)
}

fn not_allowed_any_more() -> ErrorMessage {
    let text = "you are no host of this room any more: nothing of it was set";
    ErrorMessage::new(ErrorCode::NotAllowed, text)
}
