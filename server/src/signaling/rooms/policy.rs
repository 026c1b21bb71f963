//! How newcomers get into a room.

use std::sync::Arc;
use std::time::Instant;

use signaling_protocol::{ErrorCode, ErrorMessage, Passphrase, Policy, RoomId, ServerMessage};

use super::output::tell;
use super::{Join, Outputs, Room, Rooms, SeatId, SeatIds};
use crate::signaling::passphrase::PassphraseHash;

/// What the hosts of a room have decided. It is gone with the room.
#[derive(Debug, Default)]
pub(super) struct RoomPolicy {
    pub(super) locked: bool,
    pub(super) lobby: bool,
    pub(super) passphrase: Option<Arc<PassphraseHash>>,
}

/// A [`PolicyChange`](signaling_protocol::PolicyChange) whose passphrase is hashed.
#[derive(Debug)]
pub(super) struct HashedChange {
    pub(super) locked: Option<bool>,
    pub(super) lobby: Option<bool>,
    pub(super) passphrase: Option<Option<Arc<PassphraseHash>>>,
}

/// Who was in the room before the server lost it: for so long they come in as if they had kept their
/// seats, each once.
#[derive(Debug)]
pub(super) struct Returning {
    pub(super) seats: SeatIds,
    pub(super) until: Instant,
}

/// What is between a newcomer and the room.
pub(super) enum Door {
    /// Nothing.
    Open,
    /// A host has to let it in.
    Lobby,
    /// Whether the passphrase that it gave is the right one.
    Check(Arc<PassphraseHash>, Passphrase),
}

impl RoomPolicy {
    /// As everybody may know it.
    pub(super) fn public(&self) -> Policy {
        Policy {
            locked: self.locked,
            lobby: self.lobby,
            passphrase: self.passphrase.is_some(),
        }
    }

    /// Whether nothing is left to prove for who has proven that.
    pub(super) fn is_proven(&self, proven: Option<&Arc<PassphraseHash>>) -> bool {
        let hash = self.passphrase.as_ref();
        hash.is_none_or(|hash| proven.is_some_and(|proven| Arc::ptr_eq(proven, hash)))
    }

    /// Whether anything is different now.
    fn change(&mut self, change: HashedChange) -> bool {
        let before = self.public();
        self.locked = change.locked.unwrap_or(self.locked);
        self.lobby = change.lobby.unwrap_or(self.lobby);
        let replaced = change.passphrase.as_ref().is_some_and(Option::is_some);
        if let Some(passphrase) = change.passphrase {
            self.passphrase = passphrase;
        }
        replaced || before != self.public()
    }
}

impl Rooms {
    /// What is between the newcomer and the room, now. Who has a seat in it passes everything but that it
    /// is full, and so does who returns.
    ///
    /// # Errors
    ///
    /// Why the newcomer cannot come in at all.
    pub(super) fn door(
        &self,
        name: &RoomId,
        join: &Join,
        proven: Option<&Arc<PassphraseHash>>,
        now: Instant,
    ) -> Result<Door, ErrorMessage> {
        let room = self.rooms.get(name);
        let policy = room
            .filter(|room| !room.members.contains(&join.seat) && !room.awaits(join.seat, now))
            .map(|room| &room.policy);
        if policy.is_some_and(|policy| policy.locked) {
            let text = format!("“{name}” is locked: ask somebody in it to unlock it");
            return Err(ErrorMessage::new(ErrorCode::RoomLocked, text));
        }
        self.check_capacity(name, join.kind, join.seat)?;
        let Some(policy) = policy else {
            return Ok(Door::Open);
        };
        if let Some(hash) = &policy.passphrase
            && !policy.is_proven(proven)
        {
            let Some(passphrase) = &join.passphrase else {
                return Err(passphrase_required(name));
            };
            return Ok(Door::Check(Arc::clone(hash), passphrase.clone()));
        }
        if !policy.lobby {
            return Ok(Door::Open);
        }
        let others = room.into_iter().flat_map(|room| &room.lobby);
        let others = others.filter(|waiting| **waiting != join.seat).count();
        if others >= self.limits.capacities.mesh {
            let text = format!("too many wait for “{name}”: try again later");
            return Err(ErrorMessage::new(ErrorCode::RoomFull, text));
        }
        // A seat elsewhere is given up only when a host lets the newcomer in.
        self.check_places(usize::from(self.newcomers.contains_key(&join.seat)))?;
        Ok(Door::Lobby)
    }

    /// Carries out what the host `by` decided, and tells everybody in the room.
    pub(super) fn change_policy(
        &mut self,
        name: &RoomId,
        by: SeatId,
        change: HashedChange,
        outputs: &mut Outputs,
    ) {
        let Some(room) = self.rooms.get_mut(name) else {
            return;
        };
        let had_lobby = room.policy.lobby;
        let sets_passphrase = matches!(change.passphrase, Some(Some(_)));
        if !room.policy.change(change) {
            return;
        }
        let policy = room.policy.public();
        let members: SeatIds = room.members.iter().copied().collect();
        let message = ServerMessage::Policy {
            policy,
            passphrase_by: sets_passphrase.then(|| by.peer_id()),
        };
        tell(outputs, members, message);
        if had_lobby && !policy.lobby {
            self.open_lobby(name, outputs);
        }
    }
}

impl Room {
    fn awaits(&self, id: SeatId, now: Instant) -> bool {
        let returning = self.returning.as_ref();
        returning.is_some_and(|returning| now < returning.until && returning.seats.contains(&id))
    }

    /// Who has a seat now does not return any more.
    pub(super) fn handle_returned(&mut self, id: SeatId) {
        if let Some(returning) = &mut self.returning {
            returning.seats.retain(|returns| *returns != id);
        }
    }
}

pub(super) fn passphrase_required(room: &RoomId) -> ErrorMessage {
    let text = format!("“{room}” has a passphrase: join with it");
    ErrorMessage::new(ErrorCode::PassphraseRequired, text)
}
