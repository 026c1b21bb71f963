//! How seats are found, counted and given up.

use std::sync::Arc;

use signaling_protocol::{
    ErrorCode, ErrorMessage, LeaveReason, Participant, RoomId, RoomKind, ServerMessage,
};

use super::decisions::Decision;
use super::output::{refuse, tell};
use super::seat::Presence;
use super::{ClientId, Output, Outputs, Room, Rooms, SeatId, SeatIds};

impl Rooms {
    pub(super) fn already_joined(&self, client: ClientId) -> Option<Outputs> {
        let seat = self.seats.get(&self.seat_of(client)?)?;
        let text = format!("you are in the room \"{}\": leave it first", seat.room);
        Some(refuse(ErrorCode::AlreadyJoined, text))
    }

    /// Whether that room would have a seat for `newcomer`, once it has given up the seat
    /// that it may have.
    pub(super) fn check_capacity(
        &self,
        room: &RoomId,
        kind: RoomKind,
        newcomer: SeatId,
    ) -> Result<(), ErrorMessage> {
        let former = self.seats.get(&newcomer).map(|seat| &seat.room);
        let waits = usize::from(self.newcomers.contains_key(&newcomer));
        self.check_places(usize::from(former.is_some()) + waits)?;
        let Some(known) = self.rooms.get(room) else {
            let ends = former.and_then(|room| self.rooms.get(room));
            let ends = ends.is_some_and(|room| room.members.len() == 1);
            if self.rooms.len() - usize::from(ends) < self.limits.max_rooms {
                return Ok(());
            }
            let text = "the server has no place for one more room: try again later";
            return Err(ErrorMessage::new(ErrorCode::ServerFull, text));
        };
        let others = known.members.iter().copied();
        let others = others.filter(|seat| *seat != newcomer);
        let others: SeatIds = others.collect();
        let capacity = self.capacity(&others, kind);
        if others.len() < capacity {
            return Ok(());
        }
        let text = format!("“{room}” is full: {capacity} may be in this room");
        Err(ErrorMessage::new(ErrorCode::RoomFull, text))
    }

    /// Whether the server has a place for one more, once `own` of those that are taken are given up.
    pub(super) fn check_places(&self, own: usize) -> Result<(), ErrorMessage> {
        let taken = self.seats.len() + self.newcomers.len();
        if taken - own < self.limits.max_seats {
            return Ok(());
        }
        let text = "the server has no place for one more client: try again later";
        Err(ErrorMessage::new(ErrorCode::ServerFull, text))
    }

    /// How many may be in a room with these seats, once a newcomer of this kind is there.
    pub(super) fn capacity(&self, others: &[SeatId], newcomer: RoomKind) -> usize {
        let kinds = others.iter().filter_map(|id| self.seats.get(id));
        let kinds = kinds.map(|seat| seat.kind).chain([newcomer]);
        let capacities = kinds.map(|kind| self.limits.capacities.of(kind));
        capacities.min().unwrap_or_default()
    }

    /// Frees the seat, ends its room if that is empty now, and gives it a host if it has none.
    pub(super) fn vacate(&mut self, id: SeatId, reason: LeaveReason, outputs: &mut Outputs) {
        let Some(room) = self.free(id, reason, outputs) else {
            return;
        };
        let is_empty = |room: &Room| room.members.is_empty();
        if self.rooms.get(&room).is_some_and(is_empty) {
            let lobby = self.rooms.remove(&room).map(|room| room.lobby);
            self.close_lobby(lobby.unwrap_or_default(), outputs);
        } else {
            self.ensure_host(&room, outputs);
        }
    }

    /// Frees the seat, and tells the others in its room.
    pub(super) fn free(
        &mut self,
        id: SeatId,
        reason: LeaveReason,
        outputs: &mut Outputs,
    ) -> Option<Arc<RoomId>> {
        let seat = self.seats.remove(&id)?;
        match seat.presence {
            Presence::Connected(client) => {
                self.clients.remove(&client);
            }
            Presence::Away(until) => {
                self.deadlines.remove(&(until, id));
            }
        }
        let mut others = SeatIds::new();
        if let Some(room) = self.rooms.get_mut(&seat.room) {
            room.members.retain(|member| *member != id);
            others.extend_from_slice(&room.members);
            if seat.rights.silenced {
                room.decisions.remember(id, Decision::Silenced);
            }
        }
        outputs.push(Output::Vacated(id));
        let peer_id = id.peer_id();
        tell(outputs, others, ServerMessage::PeerLeft { peer_id, reason });
        Some(seat.room)
    }

    /// Who else is in the room of this seat.
    pub(super) fn others(&self, id: SeatId) -> SeatIds {
        let members = self
            .seats
            .get(&id)
            .and_then(|seat| self.rooms.get(&seat.room));
        let members = members.into_iter().flat_map(|room| &room.members).copied();
        members.filter(|member| *member != id).collect()
    }

    pub(super) fn participants(&self, seats: &[SeatId]) -> Vec<Participant> {
        let participant = |id: &SeatId| {
            let seat = self.seats.get(id)?;
            Some(Participant {
                peer_id: id.peer_id(),
                name: seat.name.as_ref().to_owned(),
                connected: seat.presence.is_connected(),
                host: seat.rights.host,
                silenced: seat.rights.silenced,
                spotlight: seat.rights.spotlight,
            })
        };
        seats.iter().filter_map(participant).collect()
    }
}
