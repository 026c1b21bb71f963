//! What takes time: passphrases are hashed and checked by whoever drives the machine.
//!
//! A client has at most one such work under way. The room may have changed when it is done, so
//! everything is looked at again then.

use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Instant;

use signaling_protocol::{ErrorCode, Passphrase, PolicyChange, RoomId};

use super::output::{Work, refuse};
use super::policy::HashedChange;
use super::{ClientId, Join, Output, Outputs, Rooms, SeatId};
use crate::rate_limit::{RateLimit, TokenBucket};
use crate::signaling::passphrase::PassphraseHash;

/// How often one client may have a passphrase looked at, wrong or right.
const ATTEMPTS: RateLimit = RateLimit {
    per_second: 0.1,
    burst: 5.0,
    tolerance: 0.0,
};

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) enum WorkDone {
    /// Whether the passphrase was that of this hash.
    Verified(Arc<PassphraseHash>, bool),
    Hashed(Arc<PassphraseHash>),
    /// There was too much to do already.
    Busy,
}

/// What a client asked for, until the work is done.
#[derive(Debug)]
pub(super) enum Pending {
    Join(Box<Join>),
    /// The answer is of no use to anybody any more.
    Cancelled,
    SetPolicy {
        seat: SeatId,
        room: Arc<RoomId>,
        change: PolicyChange,
    },
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
        hash: Arc<PassphraseHash>,
        passphrase: Passphrase,
        now: Instant,
    ) -> Outputs {
        let work = Work::Verify(hash, passphrase);
        self.begin(client, Pending::Join(Box::new(join)), work, now)
    }

    /// Asks for the hash of a new passphrase.
    pub(super) fn hash(
        &mut self,
        client: ClientId,
        pending: Pending,
        passphrase: Passphrase,
        now: Instant,
    ) -> Outputs {
        self.begin(client, pending, Work::Hash(passphrase), now)
    }

    fn begin(&mut self, client: ClientId, pending: Pending, work: Work, now: Instant) -> Outputs {
        let attempts = self.attempts.entry(client);
        let attempts = attempts.or_insert_with(|| TokenBucket::new(ATTEMPTS, now));
        match self.pending.entry(client) {
            Entry::Vacant(vacant) if attempts.take(now) => {
                vacant.insert(pending);
                smallvec::smallvec![Output::Work { client, work }]
            }
            _ => busy(),
        }
    }

    /// The work for `client` is done.
    pub(crate) fn handle_work_done(
        &mut self,
        client: ClientId,
        done: WorkDone,
        now: Instant,
    ) -> Outputs {
        match (self.pending.remove(&client), done) {
            (Some(Pending::Join(join)), WorkDone::Verified(hash, true)) => {
                self.enter(client, *join, Some(&hash), now)
            }
            (Some(Pending::Join(_)), WorkDone::Verified(_, false)) => {
                refuse(ErrorCode::WrongPassphrase, "this is not the passphrase")
            }
            (Some(Pending::SetPolicy { seat, room, change }), WorkDone::Hashed(hash)) => {
                if !self.is_host_of(seat, &room) {
                    return not_allowed_any_more();
                }
                let change = HashedChange {
                    locked: change.locked,
                    lobby: change.lobby,
                    passphrase: Some(Some(hash)),
                };
                let mut outputs = Outputs::new();
                self.change_policy(&room, change, &mut outputs);
                outputs
            }
            (Some(Pending::Join(_) | Pending::SetPolicy { .. }), WorkDone::Busy) => busy(),
            _ => Outputs::new(),
        }
    }

    /// The room for which `client` waits, for a host or for a check.
    pub(super) fn waited_for(&self, client: ClientId) -> Option<RoomId> {
        if let Some(Pending::Join(join)) = self.pending.get(&client) {
            return RoomId::new(&join.room).ok();
        }
        let newcomer = self.newcomers.get(self.waiting_clients.get(&client)?)?;
        Some(newcomer.room.as_ref().clone())
    }

    /// `client` does not want any more what it waits for; the work goes on and leads to nothing.
    pub(super) fn cancel_work(&mut self, client: ClientId) {
        if let Some(pending) = self.pending.get_mut(&client) {
            *pending = Pending::Cancelled;
        }
    }

    /// The connection of `client` has ended. If its seat stays, so does what it decided as a host.
    pub(super) fn forget_work(&mut self, client: ClientId) {
        self.attempts.remove(&client);
        if !matches!(self.pending.get(&client), Some(Pending::SetPolicy { .. })) {
            self.pending.remove(&client);
        }
    }
}

fn busy() -> Outputs {
    let text = "too many passphrases are to be looked at: try again in a moment";
    refuse(ErrorCode::Busy, text)
}

fn not_allowed_any_more() -> Outputs {
    refuse(
        ErrorCode::NotAllowed,
        "you are no host of this room any more",
    )
}
