//! PURE: who is in which room, and what everybody is told about it.
//!
//! Owns rooms, seats and capacities. Inputs are method calls, effects are returned as data;
//! there is no socket, clock, task or randomness in here: whoever drives the machine gives the
//! peer ids and delivers the outputs.
//!
//! Contract:
//! - Outputs must be delivered in the order in which they were returned; then each recipient
//!   sees joins, signals and leaves in the order in which they were handled.
//! - A client is in at most one room. Its peer id is valid from `joined` until it leaves, and is
//!   never given again, so that a late signal cannot reach somebody's next call.
//! - A room exists exactly as long as somebody is in it.

use std::collections::HashMap;

use serde_json::value::RawValue;
use signaling_protocol::{
    ErrorCode, ErrorMessage, IceServer, LeaveReason, PeerId, RoomId, RoomKind, ServerMessage,
};
use smallvec::{SmallVec, smallvec};

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

/// A connection, as the server numbers it. Clients never see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u64);

/// How many may be in a room of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacities {
    pub call: usize,
}

impl Capacities {
    pub fn of(&self, kind: RoomKind) -> usize {
        match kind {
            RoomKind::Call => self.call,
        }
    }
}

/// What the machine is allowed to grow to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomLimits {
    pub max_rooms: usize,
    pub capacities: Capacities,
}

/// A message and who must get it. One message may have many recipients, so that it is
/// serialised once.
#[derive(Clone, Debug)]
pub struct Output {
    pub to: SmallVec<[ClientId; 8]>,
    pub message: ServerMessage,
}

/// Effects, in the order in which they must be carried out.
pub type Outputs = SmallVec<[Output; 2]>;

type RoomKey = (RoomKind, RoomId);

#[derive(Clone, Debug)]
struct Member {
    client: ClientId,
    peer: PeerId,
}

#[derive(Debug)]
struct Seat {
    room: RoomKey,
    peer: PeerId,
}

/// The machine.
#[derive(Debug)]
pub struct Rooms {
    limits: RoomLimits,
    /// Members in the order of their coming; never empty.
    rooms: HashMap<RoomKey, Vec<Member>>,
    seats: HashMap<ClientId, Seat>,
}

impl Rooms {
    pub fn new(limits: RoomLimits) -> Self {
        Self {
            limits,
            rooms: HashMap::new(),
            seats: HashMap::new(),
        }
    }

    pub fn room_count(&self) -> usize {
        self.rooms.len()
    }

    /// How many clients are in a room.
    pub fn seat_count(&self) -> usize {
        self.seats.len()
    }

    /// Who `client` is in its room.
    pub fn peer_id(&self, client: ClientId) -> Option<&PeerId> {
        self.seats.get(&client).map(|seat| &seat.peer)
    }

    /// Puts `client` into the room called `name`, where it will be `peer`; the first to come
    /// creates the room.
    pub fn handle_join(
        &mut self,
        client: ClientId,
        name: &str,
        kind: RoomKind,
        peer: PeerId,
        ice_servers: &[IceServer],
    ) -> Outputs {
        if let Some(seat) = self.seats.get(&client) {
            let text = format!("you are in the room \"{}\": leave it first", seat.room.1);
            return refuse(client, ErrorCode::AlreadyJoined, text);
        }
        let room = match RoomId::new(name) {
            Ok(room) => room,
            Err(error) => return refuse(client, ErrorCode::InvalidRoom, error.to_string()),
        };
        let key = (kind, room.clone());
        let capacity = self.limits.capacities.of(kind);
        let known = self.rooms.get(&key).map(Vec::len);
        match known {
            None if self.rooms.len() >= self.limits.max_rooms => {
                let text = "the server has no place for one more room: try again later";
                return refuse(client, ErrorCode::ServerFull, text);
            }
            Some(members) if members >= capacity => {
                let text = format!("\"{room}\" is full: {capacity} may be in this room");
                return refuse(client, ErrorCode::RoomFull, text);
            }
            _ => {}
        }

        let members = self.rooms.entry(key.clone()).or_default();
        let joined = ServerMessage::Joined {
            room,
            kind,
            peer_id: peer.clone(),
            created: known.is_none(),
            capacity,
            peers: members.iter().map(|member| member.peer.clone()).collect(),
            ice_servers: ice_servers.to_vec(),
        };
        let others = clients(members);
        members.push(Member {
            client,
            peer: peer.clone(),
        });
        self.seats.insert(
            client,
            Seat {
                room: key,
                peer: peer.clone(),
            },
        );

        let mut outputs = answer(client, joined);
        tell(
            &mut outputs,
            others,
            ServerMessage::PeerJoined { peer_id: peer },
        );
        outputs
    }

    /// Takes `client` out of its room at its own wish; the connection stays.
    pub fn handle_leave(&mut self, client: ClientId) -> Outputs {
        let Some((seat, others)) = self.vacate(client) else {
            return refuse(
                client,
                ErrorCode::NotJoined,
                "you are in no room: join first",
            );
        };
        let mut outputs = answer(client, ServerMessage::Left { room: seat.room.1 });
        tell(
            &mut outputs,
            others,
            ServerMessage::PeerLeft {
                peer_id: seat.peer,
                reason: LeaveReason::Left,
            },
        );
        outputs
    }

    /// Hands `signal` to the peer `to` of the room in which `client` is.
    pub fn handle_signal(
        &mut self,
        client: ClientId,
        to: &PeerId,
        signal: Box<RawValue>,
    ) -> Outputs {
        let Some(seat) = self.seats.get(&client) else {
            return refuse(
                client,
                ErrorCode::NotJoined,
                "you are in no room: join first",
            );
        };
        let addressee = self
            .rooms
            .get(&seat.room)
            .and_then(|members| members.iter().find(|member| member.peer == *to))
            .filter(|member| member.client != client);
        let Some(addressee) = addressee else {
            return refuse(
                client,
                ErrorCode::UnknownPeer,
                "no other peer of this room has this id: it may have left",
            );
        };
        answer(
            addressee.client,
            ServerMessage::Signal {
                from: seat.peer.clone(),
                signal,
            },
        )
    }

    /// `client` is no longer connected. Nothing is sent to it; others are told why it is gone.
    pub fn handle_disconnect(&mut self, client: ClientId, reason: LeaveReason) -> Outputs {
        let mut outputs = Outputs::new();
        if let Some((seat, others)) = self.vacate(client) {
            tell(
                &mut outputs,
                others,
                ServerMessage::PeerLeft {
                    peer_id: seat.peer,
                    reason,
                },
            );
        }
        outputs
    }

    /// Frees the seat of `client`, and its room if that is empty now. Returns who remains.
    fn vacate(&mut self, client: ClientId) -> Option<(Seat, SmallVec<[ClientId; 8]>)> {
        let seat = self.seats.remove(&client)?;
        let mut others = SmallVec::new();
        if let Some(members) = self.rooms.get_mut(&seat.room) {
            members.retain(|member| member.client != client);
            others = clients(members);
        }
        if others.is_empty() {
            self.rooms.remove(&seat.room);
        }
        Some((seat, others))
    }
}

fn clients(members: &[Member]) -> SmallVec<[ClientId; 8]> {
    members.iter().map(|member| member.client).collect()
}

fn answer(client: ClientId, message: ServerMessage) -> Outputs {
    smallvec![Output {
        to: smallvec![client],
        message,
    }]
}

fn refuse(client: ClientId, code: ErrorCode, text: impl Into<String>) -> Outputs {
    answer(client, ServerMessage::Error(ErrorMessage::new(code, text)))
}

fn tell(outputs: &mut Outputs, to: SmallVec<[ClientId; 8]>, message: ServerMessage) {
    if !to.is_empty() {
        outputs.push(Output { to, message });
    }
}
