//! Those who wait until a host lets them in.

use std::sync::Arc;

use signaling_protocol::{
    ErrorCode, ErrorMessage, IceServer, RoomId, RoomKind, ServerMessage, Token,
};

use super::output::{refuse, tell};
use super::{ClientId, Output, Outputs, Rooms, SeatId, SeatIds, policy};
use crate::signaling::passphrase::PassphraseHash;

/// Somebody who is about to get a seat.
#[derive(Debug)]
pub(super) struct Newcomer {
    pub(super) client: ClientId,
    pub(super) seat: SeatId,
    pub(super) token: Token,
    pub(super) room: Arc<RoomId>,
    pub(super) kind: RoomKind,
    pub(super) name: Box<str>,
    pub(super) ice_servers: Vec<IceServer>,
    /// Of the passphrase that it has shown to know.
    pub(super) proven: Option<Arc<PassphraseHash>>,
}

impl Newcomer {
    fn knock(&self) -> ServerMessage {
        ServerMessage::Knock {
            peer_id: self.seat.peer_id(),
            name: self.name.as_ref().to_owned(),
        }
    }
}

impl Rooms {
    /// Puts the newcomer among those who wait for its room.
    pub(super) fn wait(&mut self, newcomer: Newcomer, outputs: &mut Outputs) {
        let id = newcomer.seat;
        if let Some(former) = self.take_from_lobby(id, outputs) {
            outputs.push(Output::Replaced(former.client));
        }
        outputs.push(Output::Answer(ServerMessage::Waiting {
            room: newcomer.room.as_ref().clone(),
            peer_id: id.peer_id(),
        }));
        tell(outputs, self.hosts(&newcomer.room), newcomer.knock());
        if let Some(room) = self.rooms.get_mut(&newcomer.room) {
            room.lobby.push(id);
        }
        self.waiting_clients.insert(newcomer.client, id);
        self.newcomers.insert(id, newcomer);
    }

    /// Takes somebody out of those who wait, which hosts are told.
    pub(super) fn take_from_lobby(
        &mut self,
        id: SeatId,
        outputs: &mut Outputs,
    ) -> Option<Newcomer> {
        let newcomer = self.newcomers.remove(&id)?;
        self.waiting_clients.remove(&newcomer.client);
        if let Some(room) = self.rooms.get_mut(&newcomer.room) {
            room.lobby.retain(|waiting| *waiting != id);
        }
        let peer_id = id.peer_id();
        let ended = ServerMessage::KnockEnded { peer_id };
        tell(outputs, self.hosts(&newcomer.room), ended);
        Some(newcomer)
    }

    /// `client` does not wait any more, if it did.
    pub(super) fn stop_waiting(&mut self, client: ClientId, outputs: &mut Outputs) {
        if let Some(&id) = self.waiting_clients.get(&client) {
            self.take_from_lobby(id, outputs);
        }
    }

    /// Sends somebody who waits away.
    pub(super) fn turn_away(&mut self, id: SeatId, error: ErrorMessage, outputs: &mut Outputs) {
        if let Some(newcomer) = self.take_from_lobby(id, outputs) {
            let (client, message) = (newcomer.client, ServerMessage::Error(error));
            outputs.push(Output::Inform { client, message });
        }
    }

    /// Gives somebody who waits a seat.
    ///
    /// # Errors
    ///
    /// Why not; it goes on waiting then.
    pub(super) fn let_in(&mut self, id: SeatId, outputs: &mut Outputs) -> Result<(), ErrorMessage> {
        let Some(newcomer) = self.newcomers.get(&id) else {
            return Ok(());
        };
        let locked = (self.rooms.get(&newcomer.room)).is_some_and(|room| room.policy.locked);
        if locked {
            let text = "the room is locked: unlock it first";
            return Err(ErrorMessage::new(ErrorCode::RoomLocked, text));
        }
        self.check_capacity(&newcomer.room, newcomer.kind, id)?;
        if let Some(newcomer) = self.take_from_lobby(id, outputs) {
            let say = |client, message| Output::Inform { client, message };
            self.take_seat(newcomer, say, outputs);
        }
        Ok(())
    }

    /// The room does not ask its hosts any more: lets in who waits, as far as there is a place, and
    /// sends the others away.
    pub(super) fn open_lobby(&mut self, room: &RoomId, outputs: &mut Outputs) {
        let waiting = self.rooms.get(room).map(|room| room.lobby.clone());
        for id in waiting.into_iter().flatten() {
            let let_in = self
                .check_proven(id)
                .and_then(|()| self.let_in(id, outputs));
            if let Err(error) = let_in {
                self.turn_away(id, error, outputs);
            }
        }
    }

    /// Whether somebody who waits knows the passphrase that the room has now. Hosts may let others in, too.
    fn check_proven(&self, id: SeatId) -> Result<(), ErrorMessage> {
        let Some(newcomer) = self.newcomers.get(&id) else {
            return Ok(());
        };
        let room = self.rooms.get(&newcomer.room);
        let is_proven = room.is_none_or(|room| room.policy.is_proven(newcomer.proven.as_ref()));
        is_proven
            .then_some(())
            .ok_or_else(|| policy::passphrase_required(&newcomer.room))
    }

    /// Tells a host who waits.
    pub(super) fn tell_knocks(&self, host: SeatId, outputs: &mut Outputs) {
        let room = self
            .seats
            .get(&host)
            .and_then(|seat| self.rooms.get(&seat.room));
        let waiting = room.into_iter().flat_map(|room| &room.lobby);
        for newcomer in waiting.filter_map(|id| self.newcomers.get(id)) {
            tell(outputs, SeatIds::from_slice(&[host]), newcomer.knock());
        }
    }

    /// Nobody is left who could let them in.
    pub(super) fn close_lobby(&mut self, lobby: Vec<SeatId>, outputs: &mut Outputs) {
        for id in lobby {
            let text = "everybody has left the room: join again to make it anew";
            let closed = ErrorMessage::new(ErrorCode::RoomClosed, text);
            self.turn_away(id, closed, outputs);
        }
    }

    /// A refusal for who waits already.
    pub(super) fn already_waiting(&self, client: ClientId) -> Option<Outputs> {
        let newcomer = self.newcomers.get(self.waiting_clients.get(&client)?)?;
        let text = format!(
            "you wait for the room \"{}\": leave it first",
            newcomer.room
        );
        Some(refuse(ErrorCode::AlreadyJoined, text))
    }
}
