//! How seats are found, checked and given up.

use signaling_protocol::{
    ErrorCode, ErrorMessage, LeaveReason, Participant, RoomId, RoomKind, ServerMessage,
};

use super::output::{refuse, tell};
use super::seat::Presence;
use super::{ClientId, Join, Output, Outputs, Rooms, SeatId, SeatIds, names};

impl Rooms {
    pub(super) fn already_joined(&self, client: ClientId) -> Option<Outputs> {
        let seat = self.seats.get(&self.seat_of(client)?)?;
        let text = format!("you are in the room \"{}\": leave it first", seat.room);
        Some(refuse(ErrorCode::AlreadyJoined, text))
    }

    /// The room, and the newcomer's name as others will see it.
    pub(super) fn check_join<'a>(
        &self,
        join: &Join<'a>,
    ) -> Result<(RoomId, &'a str), ErrorMessage> {
        let room = names::room(join.room, self.limits.max_room_chars)?;
        let name = names::participant(join.name, self.limits.max_name_chars)?;
        self.check_capacity(&room, join.kind, join.seat)?;
        Ok((room, name))
    }

    /// Whether that room would have a seat for `newcomer`, once it has given up the seat
    /// that it may have.
    fn check_capacity(
        &self,
        room: &RoomId,
        kind: RoomKind,
        newcomer: SeatId,
    ) -> Result<(), ErrorMessage> {
        let former = self.seats.get(&newcomer).map(|seat| &seat.room);
        if self.seats.len() - usize::from(former.is_some()) >= self.limits.max_seats {
            let text = "the server has no place for one more client: try again later";
            return Err(ErrorMessage::new(ErrorCode::ServerFull, text));
        }
        let Some(members) = self.rooms.get(room) else {
            let ends = former.and_then(|room| self.rooms.get(room));
            let ends = ends.is_some_and(|members| members.len() == 1);
            if self.rooms.len() - usize::from(ends) < self.limits.max_rooms {
                return Ok(());
            }
            let text = "the server has no place for one more room: try again later";
            return Err(ErrorMessage::new(ErrorCode::ServerFull, text));
        };
        let others = members.iter().copied().filter(|seat| *seat != newcomer);
        let others: SeatIds = others.collect();
        let capacity = self.capacity(&others, kind);
        if others.len() < capacity {
            return Ok(());
        }
        let text = format!("“{room}” is full: {capacity} may be in this room");
        Err(ErrorMessage::new(ErrorCode::RoomFull, text))
    }

    /// How many may be in a room with these seats, once a newcomer of this kind is there.
    pub(super) fn capacity(&self, others: &[SeatId], newcomer: RoomKind) -> usize {
        let kinds = others.iter().filter_map(|id| self.seats.get(id));
        let kinds = kinds.map(|seat| seat.kind).chain([newcomer]);
        let capacities = kinds.map(|kind| self.limits.capacities.of(kind));
        capacities.min().unwrap_or_default()
    }

    /// Gives up the seat, if it is taken, for somebody who comes with its token.
    pub(super) fn replace(&mut self, id: SeatId, outputs: &mut Outputs) {
        let presence = self.seats.get(&id).map(|seat| seat.presence);
        self.vacate(id, LeaveReason::Disconnected, outputs);
        if let Some(Presence::Connected(client)) = presence {
            outputs.push(Output::Replaced(client));
        }
    }

    /// Frees the seat, and ends its room if that is empty now.
    pub(super) fn vacate(&mut self, id: SeatId, reason: LeaveReason, outputs: &mut Outputs) {
        let Some(seat) = self.seats.remove(&id) else {
            return;
        };
        match seat.presence {
            Presence::Connected(client) => {
                self.clients.remove(&client);
            }
            Presence::Away(until) => {
                self.deadlines.remove(&(until, id));
            }
        }
        let mut others = SeatIds::new();
        if let Some(members) = self.rooms.get_mut(&seat.room) {
            members.retain(|member| *member != id);
            others.extend_from_slice(members);
        }
        if others.is_empty() {
            self.rooms.remove(&seat.room);
        }
        outputs.push(Output::Vacated(id));
        let peer_id = id.peer_id();
        tell(outputs, others, ServerMessage::PeerLeft { peer_id, reason });
    }

    /// Who else is in the room of this seat.
    pub(super) fn others(&self, id: SeatId) -> SeatIds {
        let members = self
            .seats
            .get(&id)
            .and_then(|seat| self.rooms.get(&seat.room));
        let members = members.into_iter().flatten().copied();
        members.filter(|member| *member != id).collect()
    }

    pub(super) fn participants(&self, seats: &[SeatId]) -> Vec<Participant> {
        let participant = |id: &SeatId| {
            let seat = self.seats.get(id)?;
            Some(Participant {
                peer_id: id.peer_id(),
                name: seat.name.as_ref().to_owned(),
                connected: seat.presence.is_connected(),
            })
        };
        seats.iter().filter_map(participant).collect()
    }
}
