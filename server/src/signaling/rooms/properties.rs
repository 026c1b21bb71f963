//! Any sequence of joins, leaves, signals, lost connections, resumes and time that passes, held
//! against a model that knows nothing but "who should be where".

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use signaling_protocol::PeerId;

use super::*;

const CLIENTS: u64 = 7;
const ROOMS: u8 = 4;
const CAPACITIES: Capacities = Capacities { call: 2, mesh: 4 };
const MAX_ROOMS: usize = 3;
const MAX_SEATS: usize = 6;
const GRACE: u64 = 30;

/// Client `n` keeps the token for seat `n`, through all its connections.
#[derive(Clone, Debug)]
enum Op {
    Join {
        who: u64,
        room: u8,
        kind: RoomKind,
    },
    Leave {
        who: u64,
    },
    Signal {
        who: u64,
        target: u64,
    },
    Lose {
        who: u64,
    },
    Gone {
        who: u64,
    },
    /// A new connection, whether or not the old one was lost.
    Resume {
        who: u64,
    },
    Overflow {
        who: u64,
    },
    Wait {
        seconds: u64,
    },
}

fn kind() -> impl Strategy<Value = RoomKind> {
    prop_oneof![1 => Just(RoomKind::Call), 3 => Just(RoomKind::Mesh)]
}

fn op() -> impl Strategy<Value = Op> {
    let who = || 0..CLIENTS;
    prop_oneof![
        6 => (who(), 0..ROOMS, kind()).prop_map(|(who, room, kind)| Op::Join { who, room, kind }),
        2 => who().prop_map(|who| Op::Leave { who }),
        6 => (who(), who()).prop_map(|(who, target)| Op::Signal { who, target }),
        3 => who().prop_map(|who| Op::Lose { who }),
        1 => who().prop_map(|who| Op::Gone { who }),
        3 => who().prop_map(|who| Op::Resume { who }),
        1 => who().prop_map(|who| Op::Overflow { who }),
        2 => (1..GRACE).prop_map(|seconds| Op::Wait { seconds }),
    ]
}

/// What one participant has been told, as a page would keep it: peers, and whether connected.
type View = BTreeMap<PeerId, bool>;

struct SeatModel {
    room: u8,
    kind: RoomKind,
    view: View,
    /// Not connected, until then.
    away: Option<Instant>,
    last_signal: BTreeMap<SeatId, u64>,
}

struct World {
    rooms: Rooms,
    now: Instant,
    /// The connection that each participant has.
    clients: BTreeMap<u64, ClientId>,
    /// The model.
    models: BTreeMap<SeatId, SeatModel>,
    counter: u64,
}

/// What the participant whose input it was got back.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    None,
    Good,
    Refused(ErrorCode),
}

impl World {
    fn new() -> Self {
        Self {
            rooms: Rooms::new(RoomLimits {
                max_rooms: MAX_ROOMS,
                max_seats: MAX_SEATS,
                capacities: CAPACITIES,
                max_room_chars: 64,
                max_name_chars: 40,
                grace: Duration::from_secs(GRACE),
            }),
            now: Instant::now(),
            clients: (0..CLIENTS).map(|n| (n, ClientId(n))).collect(),
            models: BTreeMap::new(),
            counter: CLIENTS,
        }
    }

    fn members(&self, room: u8) -> BTreeSet<SeatId> {
        let here = self.models.iter().filter(|(_, model)| model.room == room);
        here.map(|(seat, _)| *seat).collect()
    }

    fn new_connection(&mut self, who: u64) -> ClientId {
        self.counter += 1;
        let client = ClientId(self.counter);
        self.clients.insert(who, client);
        client
    }

    /// Whether the connection that `who` has now is in a room.
    fn is_seated(&self, who: u64) -> bool {
        let model = self.models.get(&SeatId(who.into()));
        model.is_some_and(|model| model.away.is_none())
    }

    fn step(&mut self, op: &Op) {
        match *op {
            Op::Join { who, room, kind } => self.join(who, room, kind),
            Op::Leave { who } => {
                let seated = self.is_seated(who);
                let outputs = self.rooms.handle_leave(self.clients[&who]);
                let answer = self.carry_out(who, outputs);
                let expected = match seated {
                    true => Answer::Good,
                    false => Answer::Refused(ErrorCode::NotJoined),
                };
                assert_eq!(answer, expected);
            }
            Op::Lose { who } => {
                let seat = SeatId(who.into());
                let outputs = self.rooms.handle_lost(self.clients[&who], self.now);
                if self.is_seated(who) {
                    let until = self.now + Duration::from_secs(GRACE);
                    self.models.get_mut(&seat).unwrap().away = Some(until);
                }
                assert_eq!(self.carry_out(who, outputs), Answer::None);
                self.new_connection(who);
            }
            Op::Gone { who } => {
                let outputs = (self.rooms).handle_gone(self.clients[&who], LeaveReason::Left);
                assert_eq!(self.carry_out(who, outputs), Answer::None);
                self.new_connection(who);
            }
            Op::Overflow { who } => {
                let outputs = self.rooms.handle_overflow(SeatId(who.into()));
                assert_eq!(self.carry_out(who, outputs), Answer::None);
            }
            Op::Resume { who } => self.resume(who),
            Op::Signal { who, target } => self.signal(who, target),
            Op::Wait { seconds } => {
                self.now += Duration::from_secs(seconds);
                let outputs = self.rooms.handle_timeout(self.now);
                assert_eq!(self.carry_out(0, outputs), Answer::None);
                let late = |model: &SeatModel| model.away.is_some_and(|until| until <= self.now);
                assert!(!self.models.values().any(late), "a seat after its grace");
            }
        }
        self.check();
    }

    /// How many may be in a room with these, if there is anybody.
    fn capacity(&self, seats: &BTreeSet<SeatId>) -> Option<usize> {
        let kinds = seats.iter().map(|seat| self.models[seat].kind);
        kinds.map(|kind| CAPACITIES.of(kind)).min()
    }

    fn join(&mut self, who: u64, room: u8, kind: RoomKind) {
        let seat = SeatId(who.into());
        let mut others = self.members(room);
        others.remove(&seat);
        let in_use: BTreeSet<u8> = (self.models.iter())
            .filter(|(other, _)| **other != seat)
            .map(|(_, model)| model.room)
            .collect();
        let full = self.models.keys().filter(|other| **other != seat).count() >= MAX_SEATS
            || (others.is_empty() && in_use.len() >= MAX_ROOMS);
        let capacity = self.capacity(&others).unwrap_or(usize::MAX);
        let capacity = capacity.min(CAPACITIES.of(kind));
        let expected = if self.is_seated(who) {
            Answer::Refused(ErrorCode::AlreadyJoined)
        } else if full {
            Answer::Refused(ErrorCode::ServerFull)
        } else if others.len() >= capacity {
            Answer::Refused(ErrorCode::RoomFull)
        } else {
            Answer::Good
        };
        let join = Join {
            room: format!("room {room}"),
            kind,
            name: String::new(),
            token: Token::new("0".repeat(32)).unwrap(),
            seat,
            address: ClientAddress::TEST,
            passphrase: None,
            ice_servers: Vec::new(),
        };
        let outputs = (self.rooms).handle_join(self.clients[&who], join, self.now);
        assert_eq!(self.carry_out(who, outputs), expected);
        if expected == Answer::Good {
            assert_eq!(self.models[&seat].room, room);
        }
    }

    fn resume(&mut self, who: u64) {
        let seat = SeatId(who.into());
        let known = self.models.contains_key(&seat);
        let seated = self.is_seated(who).then(|| self.clients[&who]);
        let client = self.new_connection(who);
        let outputs = self.rooms.handle_resume(client, seat);
        let replaced = outputs.iter().find_map(|output| match output {
            Output::Replaced(client) => Some(*client),
            _ => None,
        });
        assert_eq!(replaced, seated);
        let expected = match known {
            true => Answer::Good,
            false => Answer::Refused(ErrorCode::CannotResume),
        };
        assert_eq!(self.carry_out(who, outputs), expected);
    }

    fn signal(&mut self, who: u64, target: u64) {
        self.counter += 1;
        let (from, to) = (SeatId(who.into()), SeatId(target.into()));
        let room = |seat| self.models.get(&seat).map(|model| model.room);
        let expected = if !self.is_seated(who) {
            Answer::Refused(ErrorCode::NotJoined)
        } else if who != target && room(from) == room(to) {
            Answer::None
        } else {
            Answer::Refused(ErrorCode::UnknownPeer)
        };
        let payload = serde_json::value::to_raw_value(&self.counter).unwrap();
        let outputs = (self.rooms).handle_signal(self.clients[&who], &to.peer_id(), None, payload);
        assert_eq!(self.carry_out(who, outputs), expected);
        if expected == Answer::None {
            assert_eq!(self.models[&to].last_signal[&from], self.counter);
        }
    }

    /// Applies outputs in order, as each client would, and refuses what a client must not see.
    fn carry_out(&mut self, who: u64, outputs: Outputs) -> Answer {
        let mut answer = Answer::None;
        for output in outputs {
            match output {
                Output::Answer(message) => {
                    assert_eq!(answer, Answer::None, "two answers");
                    answer = Answer::Good;
                    match message {
                        ServerMessage::Error(error) => answer = Answer::Refused(error.code),
                        ServerMessage::Joined {
                            room,
                            kind,
                            peers,
                            capacity,
                            ..
                        } => {
                            assert!(peers.len() < capacity, "nobody else would fit");
                            let peers = peers.into_iter();
                            let model = SeatModel {
                                room: room.as_str().rsplit(' ').next().unwrap().parse().unwrap(),
                                kind,
                                view: peers.map(|peer| (peer.peer_id, peer.connected)).collect(),
                                away: None,
                                last_signal: BTreeMap::new(),
                            };
                            let before = self.models.insert(SeatId(who.into()), model);
                            assert!(before.is_none(), "two seats for one participant");
                        }
                        _ => {}
                    }
                }
                Output::Tell { to, message } => {
                    assert!(!to.is_empty());
                    for seat in to {
                        let view = &mut self.models.get_mut(&seat).expect("a taken seat").view;
                        told(view, &message);
                    }
                }
                Output::Signal { from, to, signal } => {
                    let model = self.models.get_mut(&to).expect("a taken seat");
                    assert!(model.view.contains_key(&from.peer_id()), "of a stranger");
                    let number: u64 = signal.get().parse().unwrap();
                    let last = model.last_signal.insert(from, number);
                    assert!(last < Some(number), "out of order");
                }
                Output::Seated { client, seat } => {
                    assert_eq!(client, self.clients[&who]);
                    assert_eq!(seat, SeatId(who.into()));
                    self.models.get_mut(&seat).unwrap().away = None;
                }
                Output::Vacated(seat) => {
                    assert!(self.models.remove(&seat).is_some(), "given up twice");
                }
                Output::Replaced(_) => {}
                Output::Inform { .. } | Output::Work { .. } => {
                    panic!("nobody has decided anything")
                }
            }
        }
        answer
    }

    /// What everybody was told is what is.
    fn check(&self) {
        let in_use: BTreeSet<u8> = self.models.values().map(|model| model.room).collect();
        let rooms = &self.rooms;
        assert_eq!(rooms.room_count(), in_use.len(), "an empty room is kept");
        assert_eq!(rooms.seat_count(), self.models.len());
        assert!(rooms.rooms.values().all(|room| !room.members.is_empty()));
        let away: BTreeSet<Instant> = self.models.values().filter_map(|p| p.away).collect();
        assert_eq!(rooms.poll_timeout(), away.first().copied());
        let connected = self.models.values().filter(|model| model.away.is_none());
        assert_eq!(rooms.clients.len(), connected.count());
        for (seat, model) in &self.models {
            let members = self.members(model.room);
            assert!(Some(members.len()) <= self.capacity(&members));
            let others = members.iter().filter(|member| *member != seat);
            let expected: View = others
                .map(|member| (member.peer_id(), self.models[member].away.is_none()))
                .collect();
            assert_eq!(model.view, expected, "{seat:?}");
        }
    }
}

fn told(view: &mut View, message: &ServerMessage) {
    match message {
        ServerMessage::PeerJoined { peer_id, .. } => {
            assert_eq!(view.insert(peer_id.clone(), true), None, "told twice");
        }
        ServerMessage::PeerDisconnected { peer_id } => {
            assert_eq!(view.insert(peer_id.clone(), false), Some(true));
        }
        ServerMessage::PeerResumed { peer_id } => {
            assert_eq!(view.insert(peer_id.clone(), true), Some(false));
        }
        ServerMessage::PeerLeft { peer_id, .. } => {
            assert!(view.remove(peer_id).is_some(), "an unknown peer left");
        }
        // Whoever is here longest is host; the properties of rights look at that.
        ServerMessage::PeerChanged { host: true, .. } => {}
        other => panic!("{other:?} is no message of the room"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_sequence_keeps_everybody_informed_and_nothing_behind(
        ops in prop::collection::vec(op(), 0..120),
    ) {
        let mut world = World::new();
        for op in &ops {
            world.step(op);
        }
        for who in 0..CLIENTS {
            world.step(&Op::Lose { who });
        }
        world.step(&Op::Wait { seconds: GRACE });
        prop_assert_eq!(world.rooms.room_count(), 0);
        prop_assert_eq!(world.rooms.seat_count(), 0);
        prop_assert_eq!(world.rooms.away_count(), 0);
    }
}
