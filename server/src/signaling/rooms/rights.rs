//! What hosts may do, and who is one.

use std::sync::Arc;
use std::time::Instant;

use signaling_protocol::{
    ErrorCode, ErrorMessage, HostMessage, LeaveReason, PeerId, RoomId, ServerMessage,
};

use super::decisions::Decision;
use super::output::{answer, not_joined, refuse, tell};
use super::seat::Presence;
use super::work::Asker;
use super::{ClientId, Output, Outputs, Rooms, SeatId, SeatIds};
use crate::http::ClientAddress;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

/// What hosts decided about a participant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rights {
    pub(super) host: bool,
    /// Nobody is to hear it.
    pub(super) silenced: bool,
    /// Everybody is to see it large; at most one in a room.
    pub(super) spotlight: bool,
}

impl Rights {
    pub(super) fn message(self, id: SeatId) -> ServerMessage {
        ServerMessage::PeerChanged {
            peer_id: id.peer_id(),
            host: self.host,
            silenced: self.silenced,
            spotlight: self.spotlight,
        }
    }
}

impl Rooms {
    /// Carries out what `client` asks for as a host of its room.
    pub(in crate::signaling) fn handle_host(
        &mut self,
        client: ClientId,
        address: ClientAddress,
        message: HostMessage,
        now: Instant,
    ) -> Outputs {
        let Some((id, seat)) = self
            .seat_of(client)
            .and_then(|id| Some((id, self.seats.get(&id)?)))
        else {
            return not_joined();
        };
        if !seat.rights.host {
            return not_allowed("only hosts of the room may do this");
        }
        let room = Arc::clone(&seat.room);
        match message {
            HostMessage::SetPolicy(change) => {
                let asker = Asker {
                    client,
                    address,
                    seat: id,
                };
                self.set_policy(asker, &room, change, now)
            }
            HostMessage::Admit { peer_id } => self.admit(&room, &peer_id),
            HostMessage::Refuse { peer_id } => self.refuse_newcomer(&room, &peer_id),
            HostMessage::Remove { peer_id } => self.remove(id, &room, &peer_id),
            HostMessage::SetParticipant {
                host: Some(false), ..
            } => not_allowed("a host stays one until it leaves"),
            HostMessage::SetParticipant {
                peer_id,
                host,
                silenced,
                spotlight,
            } => {
                let Some(peer) = self.member(&room, &peer_id) else {
                    return nobody();
                };
                let mut outputs = Outputs::new();
                if spotlight == Some(true) {
                    self.take_spotlight_from_others(&room, peer, &mut outputs);
                }
                self.change_rights(
                    peer,
                    |rights| Rights {
                        host: rights.host || host.is_some(),
                        silenced: silenced.unwrap_or(rights.silenced),
                        spotlight: spotlight.unwrap_or(rights.spotlight),
                    },
                    &mut outputs,
                );
                outputs
            }
        }
    }

    fn admit(&mut self, room: &RoomId, peer: &PeerId) -> Outputs {
        let Some(id) = self.newcomer(room, peer) else {
            return nobody();
        };
        let mut outputs = Outputs::new();
        match self.let_in(id, &mut outputs) {
            Ok(()) => outputs,
            Err(error) => answer(ServerMessage::Error(error)),
        }
    }

    fn refuse_newcomer(&mut self, room: &RoomId, peer: &PeerId) -> Outputs {
        let Some(id) = self.newcomer(room, peer) else {
            return nobody();
        };
        let text = "a host did not let you in";
        let refused = ErrorMessage::new(ErrorCode::NotAdmitted, text);
        let mut outputs = Outputs::new();
        self.turn_away(id, refused, &mut outputs);
        outputs
    }

    fn remove(&mut self, host: SeatId, room: &Arc<RoomId>, peer: &PeerId) -> Outputs {
        let Some(id) = self.member(room, peer) else {
            return nobody();
        };
        if id == host {
            return not_allowed("nobody removes themselves: leave instead");
        }
        let presence = self.seats.get(&id).map(|seat| seat.presence);
        let mut outputs = Outputs::new();
        self.vacate(id, LeaveReason::RemovedByHost, &mut outputs);
        // Of the host, at least, the room goes on.
        if let Some(room) = self.rooms.get_mut(room) {
            room.decisions.remember(id, Decision::Removed);
        }
        // Who is away learns it when it comes back.
        if let Some(Presence::Connected(client)) = presence {
            let room = room.as_ref().clone();
            let message = ServerMessage::Removed { room };
            outputs.push(Output::Inform { client, message });
        }
        outputs
    }

    fn take_spotlight_from_others(&mut self, room: &RoomId, peer: SeatId, outputs: &mut Outputs) {
        let members = self.rooms.get(room).map(|room| &room.members);
        let others = members.into_iter().flatten().filter(|id| **id != peer);
        let others: SeatIds = others.copied().collect();
        let without = |rights| Rights {
            spotlight: false,
            ..rights
        };
        for other in others {
            self.change_rights(other, without, outputs);
        }
    }

    /// Sets what is decided about a participant, and tells everybody if that is something else.
    fn change_rights(
        &mut self,
        id: SeatId,
        change: impl FnOnce(Rights) -> Rights,
        outputs: &mut Outputs,
    ) {
        let Some(seat) = self.seats.get_mut(&id) else {
            return;
        };
        let former = seat.rights;
        let rights = change(former);
        if rights == former {
            return;
        }
        seat.rights = rights;
        let members = self.rooms.get(&seat.room).map(|room| &room.members);
        let members: SeatIds = members.into_iter().flatten().copied().collect();
        tell(outputs, members, rights.message(id));
        if rights.host && !former.host {
            self.tell_knocks(id, outputs);
        }
    }

    /// Makes whoever has been in the room longest its host, if it has none.
    pub(super) fn ensure_host(&mut self, room: &RoomId, outputs: &mut Outputs) {
        let members = self.rooms.get(room).map(|room| &room.members);
        let first = members.and_then(|members| members.first()).copied();
        if let Some(first) = first
            && self.hosts(room).is_empty()
        {
            let as_host = |rights| Rights {
                host: true,
                ..rights
            };
            self.change_rights(first, as_host, outputs);
        }
    }

    /// The hosts of a room; none if there is no such room.
    pub(super) fn hosts(&self, room: &RoomId) -> SeatIds {
        let members = self.rooms.get(room).map(|room| &room.members);
        let members = members.into_iter().flatten().copied();
        let is_host = |id: &SeatId| self.seats.get(id).is_some_and(|seat| seat.rights.host);
        members.filter(is_host).collect()
    }

    pub(super) fn is_host_of(&self, id: SeatId, room: &RoomId) -> bool {
        let seat = self.seats.get(&id);
        seat.is_some_and(|seat| *seat.room == *room && seat.rights.host)
    }

    /// A participant of the room.
    fn member(&self, room: &RoomId, peer: &PeerId) -> Option<SeatId> {
        let is_here = |id: &SeatId| (self.seats.get(id)).is_some_and(|seat| *seat.room == *room);
        SeatId::from_peer_id(peer).filter(is_here)
    }

    /// Somebody who waits for the room.
    fn newcomer(&self, room: &RoomId, peer: &PeerId) -> Option<SeatId> {
        let waits = |id: &SeatId| (self.newcomers.get(id)).is_some_and(|it| *it.room == *room);
        SeatId::from_peer_id(peer).filter(waits)
    }
}

fn not_allowed(text: &str) -> Outputs {
    refuse(ErrorCode::NotAllowed, text)
}

fn nobody() -> Outputs {
    let text = "nobody in this room, or waiting for it, has this id: it may have left";
    refuse(ErrorCode::UnknownPeer, text)
}
