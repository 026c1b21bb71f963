//! How newcomers get into a room.

use std::sync::Arc;

use signaling_protocol::{ErrorCode, ErrorMessage, Passphrase, Policy, RoomId, ServerMessage};

use super::output::tell;
use super::{Join, Outputs, Rooms, SeatIds};
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
    /// What is between the newcomer and the room, now. Who has a seat in it passes everything.
    ///
    /// # Errors
    ///
    /// Why the newcomer cannot come in at all.
    pub(super) fn door(
        &self,
        name: &RoomId,
        join: &Join,
        proven: Option<&Arc<PassphraseHash>>,
    ) -> Result<Door, ErrorMessage> {
        let room = self.rooms.get(name);
        let policy = room
            .filter(|room| !room.members.contains(&join.seat))
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
            && !proven.is_some_and(|proven| Arc::ptr_eq(proven, hash))
        {
            let Some(passphrase) = &join.passphrase else {
                let text = format!("“{name}” has a passphrase: join with it");
                return Err(ErrorMessage::new(ErrorCode::PassphraseRequired, text));
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

    /// Carries out what a host decided, and tells everybody in the room.
    pub(super) fn change_policy(
        &mut self,
        name: &RoomId,
        change: HashedChange,
        outputs: &mut Outputs,
    ) {
        let Some(room) = self.rooms.get_mut(name) else {
            return;
        };
        let had_lobby = room.policy.lobby;
        if !room.policy.change(change) {
            return;
        }
        let policy = room.policy.public();
        let members: SeatIds = room.members.iter().copied().collect();
        tell(outputs, members, ServerMessage::Policy { policy });
        if had_lobby && !policy.lobby {
            self.open_lobby(name, outputs);
        }
    }
}
