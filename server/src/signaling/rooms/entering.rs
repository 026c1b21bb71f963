//! How a client gets a seat: a new one, or the one that it had.

use std::sync::Arc;
use std::time::Instant;

use signaling_protocol::{ErrorCode, LeaveReason, RoomId, ServerMessage};

use super::decisions::Decision;
use super::lobby::Newcomer;
use super::output::{answer, refuse, tell};
use super::policy::Door;
use super::rights::Rights;
use super::seat::Presence;
use super::signals::Taken;
use super::{ClientId, Join, Output, Outputs, Rooms, Seat, SeatId, SeatIds, cannot_resume, names};
use crate::signaling::passphrase::PassphraseHash;

impl Rooms {
    /// Gives `client` a seat in the room, or a place among those who wait for one; the first to come
    /// creates it. The holder of the token's seat, here or in another room, gives it up first.
    pub(in crate::signaling) fn handle_join(
        &mut self,
        client: ClientId,
        join: Join,
        now: Instant,
    ) -> Outputs {
        if let Some(refusal) = self.occupied(client) {
            return refusal;
        }
        self.enter(client, join, None, now)
    }

    /// `proven` is of the passphrase that the newcomer has shown to know.
    pub(super) fn enter(
        &mut self,
        client: ClientId,
        join: Join,
        proven: Option<&Arc<PassphraseHash>>,
        now: Instant,
    ) -> Outputs {
        let limits = &self.limits;
        let named = names::room(&join.room, limits.max_room_chars).and_then(|room| {
            let name = names::participant(&join.name, limits.max_name_chars)?;
            Ok((room, Box::from(name)))
        });
        let (room, name) = match named {
            Ok(named) => named,
            Err(error) => return answer(ServerMessage::Error(error)),
        };
        if self.decision(&room, join.seat) == Some(Decision::Removed) {
            let text = format!("a host removed you from “{room}”");
            return refuse(ErrorCode::RemovedByHost, text);
        }
        let door = match self.door(&room, &join, proven, now) {
            Ok(door) => door,
            Err(error) => return answer(ServerMessage::Error(error)),
        };
        if let Door::Check(hash, passphrase) = door {
            return self.check(client, join, room, hash, passphrase, now);
        }
        let newcomer = Newcomer {
            client,
            seat: join.seat,
            token: join.token,
            room: self.interned(room),
            kind: join.kind,
            name,
            ice_servers: join.ice_servers,
            proven: proven.map(Arc::clone),
        };
        let mut outputs = Outputs::new();
        match door {
            Door::Lobby => self.wait(newcomer, &mut outputs),
            Door::Open | Door::Check(..) => {
                self.take_seat(newcomer, |_, joined| Output::Answer(joined), &mut outputs);
            }
        }
        outputs
    }

    /// Gives the newcomer a seat for which there is a place; `say` makes an output of `joined`.
    pub(super) fn take_seat(
        &mut self,
        newcomer: Newcomer,
        say: impl FnOnce(ClientId, ServerMessage) -> Output,
        outputs: &mut Outputs,
    ) {
        let (client, id) = (newcomer.client, newcomer.seat);
        let former = self.replace(id, &newcomer.room, outputs);
        let created = !self.rooms.contains_key(&newcomer.room);
        let room = self.rooms.entry(Arc::clone(&newcomer.room)).or_default();
        let others: SeatIds = room.members.iter().copied().collect();
        room.members.push(id);
        room.handle_returned(id);
        let policy = room.policy.public();
        // Who was silenced does not get its voice back by coming in again, a host stays one, and who is in
        // the spotlight stays there while its page is loaded again.
        let rights = Rights {
            host: created || former.is_some_and(|rights| rights.host),
            spotlight: former.is_some_and(|rights| rights.spotlight),
            silenced: room.decisions.of(id) == Some(Decision::Silenced),
        };
        room.decisions.forget(id);
        let joined = ServerMessage::Joined {
            room: newcomer.room.as_ref().clone(),
            kind: newcomer.kind,
            peer_id: id.peer_id(),
            token: newcomer.token,
            grace_ms: u64::try_from(self.limits.grace.as_millis()).unwrap_or(u64::MAX),
            created,
            capacity: self.capacity(&others, newcomer.kind),
            peers: self.participants(&others),
            ice_servers: newcomer.ice_servers,
            host: rights.host,
            silenced: rights.silenced,
            spotlight: rights.spotlight,
            policy,
        };
        let peer_joined = ServerMessage::PeerJoined {
            peer_id: id.peer_id(),
            name: newcomer.name.as_ref().to_owned(),
        };
        self.clients.insert(client, id);
        self.seats.insert(
            id,
            Seat {
                room: newcomer.room,
                kind: newcomer.kind,
                name: newcomer.name,
                presence: Presence::Connected(client),
                rights,
                taken: Taken::default(),
            },
        );
        outputs.push(say(client, joined));
        outputs.push(Output::Seated { client, seat: id });
        tell(outputs, others.clone(), peer_joined);
        if rights != Rights::default() {
            tell(outputs, others, rights.message(id));
        }
        if rights.host {
            self.tell_knocks(id, outputs);
        }
    }

    /// Gives `client` the seat that it had before its connection was lost. Whoever drives this
    /// has made sure that what the client missed is still there.
    pub(in crate::signaling) fn handle_resume(&mut self, client: ClientId, id: SeatId) -> Outputs {
        if let Some(refusal) = self.occupied(client) {
            return refusal;
        }
        let Some(seat) = self.seats.get_mut(&id) else {
            return cannot_resume();
        };
        let received = seat.taken.resumed();
        let former = std::mem::replace(&mut seat.presence, Presence::Connected(client));
        self.clients.insert(client, id);
        let mut outputs = answer(ServerMessage::Resumed { received });
        outputs.push(Output::Seated { client, seat: id });
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

    /// Gives up what somebody else has by the newcomer's token: a seat, or a place among those who
    /// wait. What it might do, if the seat was in this room.
    fn replace(&mut self, id: SeatId, room: &RoomId, outputs: &mut Outputs) -> Option<Rights> {
        if let Some(newcomer) = self.take_from_lobby(id, outputs) {
            outputs.push(Output::Replaced(newcomer.client));
        }
        let seat = self.seats.get(&id)?;
        let (presence, rights) = (seat.presence, seat.rights);
        let is_here = *seat.room == *room;
        if is_here {
            // The room goes on, also if there is nobody else.
            self.free(id, LeaveReason::Disconnected, outputs);
        } else {
            self.vacate(id, LeaveReason::Disconnected, outputs);
        }
        if let Presence::Connected(client) = presence {
            outputs.push(Output::Replaced(client));
        }
        is_here.then_some(rights)
    }

    /// What hosts of that room decided about who has no seat in it.
    fn decision(&self, room: &RoomId, id: SeatId) -> Option<Decision> {
        self.rooms.get(room)?.decisions.of(id)
    }

    fn interned(&self, room: RoomId) -> Arc<RoomId> {
        match self.rooms.get_key_value(&room) {
            Some((known, _)) => Arc::clone(known),
            None => Arc::new(room),
        }
    }
}
