//! Any sequence of what people do and hosts decide: what everybody was told is what is, nobody does
//! what they may not, nobody comes in past the hosts, and nothing stays behind.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;
use signaling_protocol::{Passphrase, Policy, PolicyChange, RoomKind, Token};

use super::super::{Capacities, Join, RoomLimits, Work, WorkDone};
use super::tests::address;
use super::*;
use crate::signaling::passphrase::PassphraseHash;

const PEOPLE: u64 = 7;
const CAPACITIES: Capacities = Capacities { call: 2, mesh: 3 };
const MAX_SEATS: usize = 6;
const GRACE: Duration = Duration::from_secs(30);

/// Person `n` keeps the token for seat `n`, through all their connections.
#[derive(Clone, Debug)]
enum Op {
    Join {
        who: u64,
        room: u8,
        kind: RoomKind,
        passphrase: Option<u8>,
        /// The connection from before is not lost.
        second: bool,
    },
    Leave(u64),
    Lose(u64),
    Gone(u64),
    Resume(u64),
    Overflow(u64),
    Host(u64, HostMessage),
    /// One of those who are hosts.
    AsHost(usize, HostMessage),
    /// One of those who wait is let in.
    Admit(usize),
    /// Work for a client is done, the oldest first, or there was too much.
    Work {
        busy: bool,
    },
    Wait(u64),
}

fn passphrase(number: u8) -> Passphrase {
    Passphrase::new(format!("number {number}")).unwrap()
}

fn policy_change() -> impl Strategy<Value = PolicyChange> {
    let flag = || prop::option::of(any::<bool>());
    let passphrase = prop::option::of(prop::option::of((0_u8..2).prop_map(passphrase)));
    let returning = prop_oneof![
        3 => Just(Vec::new()),
        1 => prop::collection::vec((0..PEOPLE).prop_map(|who| SeatId(who.into()).peer_id()), 1..4),
    ];
    (flag(), flag(), passphrase, returning).prop_map(|(locked, lobby, passphrase, returning)| {
        PolicyChange {
            locked,
            lobby,
            passphrase,
            returning,
        }
    })
}

fn host_message() -> impl Strategy<Value = HostMessage> {
    let peer = || (0..PEOPLE).prop_map(|who| SeatId(who.into()).peer_id());
    let host = prop_oneof![Just(None), Just(Some(true)), Just(Some(false))];
    prop_oneof![
        4 => policy_change().prop_map(HostMessage::SetPolicy),
        3 => peer().prop_map(|peer_id| HostMessage::Admit { peer_id }),
        1 => peer().prop_map(|peer_id| HostMessage::Refuse { peer_id }),
        1 => peer().prop_map(|peer_id| HostMessage::Remove { peer_id }),
        3 => (peer(), host, prop::option::of(any::<bool>()), prop::option::of(any::<bool>())).prop_map(
            |(peer_id, host, silenced, spotlight)| {
                HostMessage::SetParticipant { peer_id, host, silenced, spotlight }
            }
        ),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let who = || 0..PEOPLE;
    let kind = prop_oneof![1 => Just(RoomKind::Call), 5 => Just(RoomKind::Mesh)];
    prop_oneof![
        10 => (who(), prop_oneof![5 => Just(0_u8), 1 => Just(1)], kind, prop::option::of(0..2_u8), prop::bool::weighted(0.2)).prop_map(
            |(who, room, kind, passphrase, second)| Op::Join { who, room, kind, passphrase, second }
        ),
        1 => who().prop_map(Op::Leave),
        2 => who().prop_map(Op::Lose),
        1 => who().prop_map(Op::Gone),
        2 => who().prop_map(Op::Resume),
        1 => who().prop_map(Op::Overflow),
        3 => (who(), host_message()).prop_map(|(who, message)| Op::Host(who, message)),
        5 => (any::<usize>(), host_message()).prop_map(|(n, message)| Op::AsHost(n, message)),
        2 => any::<usize>().prop_map(Op::Admit),
        4 => prop::bool::weighted(0.1).prop_map(|busy| Op::Work { busy }),
        1 => (1_u64..30).prop_map(Op::Wait),
    ]
}

/// What a page knows of its room.
#[derive(Debug, PartialEq)]
struct View {
    room: RoomId,
    policy: Policy,
    own: Rights,
    others: BTreeMap<PeerId, Rights>,
    /// Who waits, as hosts know it.
    knocks: BTreeSet<PeerId>,
}

/// How a room was before an input.
struct Before {
    members: BTreeSet<SeatId>,
    returning: BTreeSet<SeatId>,
    locked: bool,
    lobby: bool,
    passphrase: Option<Arc<PassphraseHash>>,
    /// Who is in the spotlight.
    spotlit: Option<SeatId>,
}

struct World {
    rooms: Rooms,
    now: Instant,
    clients: BTreeMap<u64, ClientId>,
    owners: BTreeMap<ClientId, u64>,
    views: BTreeMap<SeatId, View>,
    /// Who has asked to be let in, and still wants to be.
    asking: BTreeSet<ClientId>,
    work: Vec<(ClientId, Work)>,
    /// Which passphrase each hash is of.
    hashes: Vec<(Arc<PassphraseHash>, Passphrase)>,
    before: BTreeMap<RoomId, Before>,
    /// Who was removed from which room, and who had no voice there when it left.
    removed: BTreeSet<(RoomId, SeatId)>,
    silenced: BTreeSet<(RoomId, SeatId)>,
    /// The passphrase that was just found to be right.
    proven: Option<Arc<PassphraseHash>>,
    /// Whether a host has just decided who is in the spotlight.
    decided_spotlight: bool,
    counter: u64,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            rooms: Rooms::new(RoomLimits {
                max_rooms: 2,
                max_seats: MAX_SEATS,
                capacities: CAPACITIES,
                max_room_chars: 64,
                max_name_chars: 40,
                grace: GRACE,
            }),
            now: Instant::now(),
            clients: BTreeMap::new(),
            owners: BTreeMap::new(),
            views: BTreeMap::new(),
            asking: BTreeSet::new(),
            work: Vec::new(),
            hashes: Vec::new(),
            before: BTreeMap::new(),
            removed: BTreeSet::new(),
            silenced: BTreeSet::new(),
            proven: None,
            decided_spotlight: false,
            counter: 0,
        };
        for who in 0..PEOPLE {
            world.connect(who);
        }
        world
    }

    fn connect(&mut self, who: u64) -> ClientId {
        self.counter += 1;
        let client = ClientId(self.counter);
        self.owners.insert(client, who);
        self.clients.insert(who, client);
        client
    }

    fn step(&mut self, op: &Op) {
        let room = |(name, room): (&Arc<RoomId>, &super::super::Room)| {
            let before = Before {
                members: room.members.iter().copied().collect(),
                returning: (room.returning.iter())
                    .filter(|returning| self.now < returning.until)
                    .flat_map(|returning| returning.seats.iter().copied())
                    .collect(),
                locked: room.policy.locked,
                lobby: room.policy.lobby,
                passphrase: room.policy.passphrase.clone(),
                spotlit: (room.members.iter().copied())
                    .find(|id| self.rooms.seats[id].rights.spotlight),
            };
            (name.as_ref().clone(), before)
        };
        self.before = self.rooms.rooms.iter().map(room).collect();
        self.proven = None;
        self.decided_spotlight = false;
        match *op {
            Op::Join {
                who,
                room,
                kind,
                passphrase,
                second,
            } => self.join(who, room, kind, passphrase, second),
            Op::Leave(who) => {
                let client = self.clients[&who];
                self.asking.remove(&client);
                let outputs = self.rooms.handle_leave(client);
                self.carry_out(client, outputs);
            }
            Op::Lose(who) => {
                let client = self.clients[&who];
                self.asking.remove(&client);
                let outputs = self.rooms.handle_lost(client, self.now);
                self.carry_out(client, outputs);
                self.connect(who);
            }
            Op::Gone(who) => {
                let client = self.clients[&who];
                self.asking.remove(&client);
                let outputs = self.rooms.handle_gone(client, LeaveReason::Left);
                self.carry_out(client, outputs);
                self.connect(who);
            }
            Op::Resume(who) => {
                let client = self.clients[&who];
                let outputs = self.rooms.handle_resume(client, SeatId(who.into()));
                self.carry_out(client, outputs);
            }
            Op::Overflow(who) => {
                let outputs = self.rooms.handle_overflow(SeatId(who.into()));
                self.carry_out(self.clients[&who], outputs);
                // Its connection ends as well.
                self.step(&Op::Lose(who));
            }
            Op::Host(who, ref message) => self.host(who, message.clone()),
            Op::AsHost(n, ref message) => {
                let hosts = (0..PEOPLE).filter(|who| self.is_host(*who));
                let hosts: Vec<_> = hosts.collect();
                if !hosts.is_empty() {
                    self.host(hosts[n % hosts.len()], message.clone());
                }
            }
            Op::Admit(n) => self.admit(n),
            Op::Work { busy } => self.work(busy),
            Op::Wait(seconds) => {
                self.now += Duration::from_secs(seconds);
                let outputs = self.rooms.handle_timeout(self.now);
                self.carry_out(ClientId(0), outputs);
            }
        }
        self.check();
    }

    fn join(&mut self, who: u64, room: u8, kind: RoomKind, number: Option<u8>, second: bool) {
        let seat = SeatId(who.into());
        let former = self.clients[&who];
        let client = if second { self.connect(who) } else { former };
        let join = Join {
            room: format!(" room {room}"),
            kind,
            name: String::new(),
            token: Token::new("0".repeat(32)).unwrap(),
            seat,
            address: address(who),
            passphrase: number.map(passphrase),
            ice_servers: Vec::new(),
        };
        self.asking.insert(client);
        let outputs = self.rooms.handle_join(client, join, self.now);
        self.carry_out(client, outputs);
        if !second {
            return;
        }
        let gone = if self.rooms.seat_of(client).is_some() {
            former
        } else {
            // The person goes on where they were.
            self.clients.insert(who, former);
            client
        };
        self.asking.remove(&gone);
        let outputs = self.rooms.handle_gone(gone, LeaveReason::Left);
        self.carry_out(gone, outputs);
    }

    /// Whether the connection that `who` has now is that of a host.
    fn is_host(&self, who: u64) -> bool {
        let seat = self.rooms.seat_of(self.clients[&who]);
        seat.is_some_and(|seat| self.rooms.seats[&seat].rights.host)
    }

    fn admit(&mut self, n: usize) {
        let waiting: BTreeSet<_> = self.rooms.newcomers.keys().copied().collect();
        let Some(&newcomer) = waiting.iter().nth(n % waiting.len().max(1)) else {
            return;
        };
        let room = self.rooms.newcomers[&newcomer].room.as_ref().clone();
        let here = |who: &u64| {
            let seat = self.rooms.seat_of(self.clients[who]);
            seat.is_some_and(|seat| self.rooms.is_host_of(seat, &room))
        };
        if let Some(host) = (0..PEOPLE).find(here) {
            let peer_id = newcomer.peer_id();
            self.host(host, HostMessage::Admit { peer_id });
        }
    }

    fn host(&mut self, who: u64, message: HostMessage) {
        let client = self.clients[&who];
        let seat = self.rooms.seat_of(client);
        let is_host = self.is_host(who);
        self.decided_spotlight = is_host
            && matches!(
                &message,
                HostMessage::SetParticipant {
                    spotlight: Some(_),
                    ..
                }
            );
        let before = format!("{:?}", self.rooms);
        let outputs = (self.rooms).handle_host(client, address(who), message.clone(), self.now);
        if !is_host {
            let expected = match seat {
                Some(_) => ErrorCode::NotAllowed,
                None => ErrorCode::NotJoined,
            };
            let [Output::Answer(ServerMessage::Error(error))] = outputs.as_slice() else {
                panic!("{outputs:?}");
            };
            assert_eq!(error.code, expected);
            assert_eq!(format!("{:?}", self.rooms), before, "something has changed");
        }
        if let HostMessage::Remove { peer_id } = &message
            && let Some(removed) = SeatId::from_peer_id(peer_id)
            && let Some(view) = self.views.get(&removed)
            && outputs
                .iter()
                .any(|output| matches!(output, Output::Vacated(_)))
        {
            self.removed.insert((view.room.clone(), removed));
        }
        for output in &outputs {
            // Who gets in by what a host says was waiting.
            if let Output::Seated { seat, .. } = output {
                let room = &self.rooms.seats[seat].room;
                let newcomer = !self.before[room.as_ref()].members.contains(seat);
                assert!(newcomer && !self.rooms.newcomers.contains_key(seat));
            }
        }
        self.carry_out(client, outputs);
    }

    fn work(&mut self, busy: bool) {
        if self.work.is_empty() {
            return;
        }
        let (client, work) = self.work.remove(0);
        let done = match work {
            _ if busy => WorkDone::Busy,
            Work::Verify(hash, given) => {
                let known = self.hashes.iter().find(|(it, _)| Arc::ptr_eq(it, &hash));
                let right = known.unwrap().1 == given;
                self.proven = right.then(|| Arc::clone(&hash));
                WorkDone::Verified(hash, right)
            }
            Work::Hash(of) => {
                let hash = Arc::new(PassphraseHash::dummy());
                self.hashes.push((Arc::clone(&hash), of));
                WorkDone::Hashed(hash)
            }
        };
        let outputs = self.rooms.handle_work_done(client, done, self.now);
        self.carry_out(client, outputs);
    }

    fn carry_out(&mut self, asker: ClientId, outputs: Outputs) {
        for output in outputs {
            match output {
                Output::Answer(message) => self.said(asker, message, true),
                Output::Inform { client, message } => self.said(client, message, false),
                Output::Tell { to, message } => {
                    for seat in to {
                        let me = seat.peer_id();
                        let view = self.views.get_mut(&seat).expect("only who is in a room");
                        view.told(&me, &message);
                    }
                }
                Output::Seated { .. } | Output::Replaced(_) => {}
                Output::Vacated(seat) => {
                    let view = self.views.remove(&seat).expect("given up once");
                    if view.own.silenced {
                        self.silenced.insert((view.room, seat));
                    }
                }
                Output::Signal { .. } => panic!("nobody signals"),
                Output::Work { client, work } => {
                    assert!(self.work.iter().all(|(other, _)| *other != client));
                    self.work.push((client, work));
                }
            }
        }
    }

    fn said(&mut self, client: ClientId, message: ServerMessage, asked: bool) {
        let seat = SeatId(self.owners[&client].into());
        match message {
            ServerMessage::Joined {
                room,
                created,
                peers,
                host,
                silenced,
                spotlight,
                policy,
                ..
            } => {
                assert!(self.asking.remove(&client), "nobody wants in");
                let before = self.before.get(&room);
                assert_eq!(created, before.is_none());
                let here = (room.clone(), seat);
                assert!(!self.removed.contains(&here), "who was removed is back");
                let had_no_voice = self.silenced.remove(&here);
                assert!(silenced || !had_no_voice, "a voice again");
                let new = before.filter(|before| {
                    !before.members.contains(&seat) && !before.returning.contains(&seat)
                });
                if let Some(before) = new {
                    assert!(!before.locked || !asked, "into a locked room");
                    assert!(!before.lobby || !asked, "past the lobby");
                    let proven = match (&before.passphrase, &self.proven) {
                        (Some(hash), Some(proven)) => Arc::ptr_eq(hash, proven),
                        (hash, _) => hash.is_none(),
                    };
                    assert!(proven || !asked, "without the passphrase");
                }
                let others = peers.into_iter().map(|peer| {
                    let rights = Rights {
                        host: peer.host,
                        silenced: peer.silenced,
                        spotlight: peer.spotlight,
                    };
                    (peer.peer_id, rights)
                });
                let view = View {
                    room,
                    policy,
                    own: Rights {
                        host,
                        silenced,
                        spotlight,
                    },
                    others: others.collect(),
                    knocks: BTreeSet::new(),
                };
                assert!(self.views.insert(seat, view).is_none(), "two seats");
            }
            ServerMessage::Waiting { .. } => assert!(asked),
            ServerMessage::Removed { .. } => assert!(!self.views.contains_key(&seat)),
            ServerMessage::Left { .. } | ServerMessage::Resumed { .. } => {}
            ServerMessage::Error(error) => assert!(
                asked
                    || matches!(
                        error.code,
                        ErrorCode::NotAdmitted
                            | ErrorCode::RoomClosed
                            | ErrorCode::RoomFull
                            | ErrorCode::RoomLocked
                            | ErrorCode::ServerFull
                            | ErrorCode::PassphraseRequired
                            | ErrorCode::Overtaken
                            | ErrorCode::NotAllowed
                            | ErrorCode::Busy
                    ),
                "{error:?}"
            ),
            other => panic!("{other:?}"),
        }
    }

    /// What everybody was told is what is.
    fn check(&mut self) {
        let lives = |(room, _): &(RoomId, SeatId)| self.rooms.rooms.contains_key(room);
        self.removed.retain(lives);
        self.silenced.retain(lives);
        let rooms = &self.rooms;
        for (name, room) in &rooms.rooms {
            assert!(!rooms.hosts(name).is_empty(), "nobody is host");
            assert!(room.lobby.len() <= CAPACITIES.mesh);
            assert!(room.lobby.is_empty() || room.policy.lobby);
            let kinds = room.members.iter().map(|id| rooms.seats[id].kind);
            let capacity = kinds.map(|kind| CAPACITIES.of(kind)).min();
            assert!(Some(room.members.len()) <= capacity, "more than fit");
            if let Some(before) = self.before.get(name).filter(|before| before.locked) {
                // One input may unlock it and let in who waits.
                let known: BTreeSet<_> = before.members.union(&before.returning).collect();
                let stays = room.members.iter().all(|id| known.contains(id));
                assert!(!room.policy.locked || stays);
            }
            let is_spotlit = |id: &&SeatId| rooms.seats[*id].rights.spotlight;
            let spotlit: Vec<_> = room.members.iter().filter(is_spotlit).copied().collect();
            assert!(spotlit.len() <= 1, "two in the spotlight");
            let spotlit = spotlit.first().copied();
            let before = self.before.get(name).and_then(|before| before.spotlit);
            let is_gone = |id: SeatId| spotlit.is_none() && !room.members.contains(&id);
            assert!(
                spotlit == before || self.decided_spotlight || before.is_some_and(is_gone),
                "no host has put {spotlit:?} in the spotlight, where {before:?} was"
            );
            let knocks: BTreeSet<_> = room.lobby.iter().map(|id| id.peer_id()).collect();
            for id in &room.members {
                let others = room.members.iter().filter(|other| *other != id);
                let own = rooms.seats[id].rights;
                let expected = View {
                    room: name.as_ref().clone(),
                    policy: room.policy.public(),
                    own,
                    others: others
                        .map(|other| (other.peer_id(), rooms.seats[other].rights))
                        .collect(),
                    knocks: match own.host {
                        true => knocks.clone(),
                        false => BTreeSet::new(),
                    },
                };
                assert_eq!(self.views[id], expected, "{id:?}");
            }
        }
        assert_eq!(self.views.len(), rooms.seats.len());
        let waiting: usize = rooms.rooms.values().map(|room| room.lobby.len()).sum();
        assert_eq!(waiting, rooms.newcomers.len());
        assert_eq!(waiting, rooms.waiting_clients.len());
        assert!(rooms.seats.len() + waiting <= MAX_SEATS);
    }
}

impl View {
    fn told(&mut self, me: &PeerId, message: &ServerMessage) {
        match message.clone() {
            ServerMessage::PeerJoined { peer_id, .. } => {
                let before = self.others.insert(peer_id, Rights::default());
                assert_eq!(before, None, "told twice");
            }
            ServerMessage::PeerLeft { peer_id, .. } => {
                assert!(self.others.remove(&peer_id).is_some(), "a stranger left");
            }
            ServerMessage::PeerChanged {
                peer_id,
                host,
                silenced,
                spotlight,
            } => {
                let now = Rights {
                    host,
                    silenced,
                    spotlight,
                };
                let rights = match peer_id == *me {
                    true => &mut self.own,
                    false => self.others.get_mut(&peer_id).expect("of a stranger"),
                };
                assert_ne!(*rights, now, "told twice");
                *rights = now;
            }
            ServerMessage::Policy { policy, .. } => self.policy = policy,
            ServerMessage::Knock { peer_id, .. } => {
                assert!(self.own.host, "only hosts know who waits");
                assert!(self.knocks.insert(peer_id), "told twice");
            }
            ServerMessage::KnockEnded { peer_id } => {
                assert!(self.knocks.remove(&peer_id), "nobody waited");
            }
            ServerMessage::PeerDisconnected { .. } | ServerMessage::PeerResumed { .. } => {}
            other => panic!("{other:?} is no message of the room"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..Default::default() })]

    #[test]
    fn nobody_does_what_they_may_not_and_everybody_knows_who_may(
        ops in prop::collection::vec(op(), 0..150),
    ) {
        let mut world = World::new();
        for op in &ops {
            world.step(op);
        }
        for who in 0..PEOPLE {
            world.step(&Op::Lose(who));
        }
        while !world.work.is_empty() {
            world.step(&Op::Work { busy: false });
        }
        world.step(&Op::Wait(GRACE.as_secs()));
        let rooms = &mut world.rooms;
        let attempts = rooms.attempts.remembered(world.now + Duration::from_secs(60));
        let left = [
            rooms.rooms.len(), rooms.seats.len(), rooms.clients.len(), rooms.deadlines.len(),
            rooms.newcomers.len(), rooms.waiting_clients.len(),
            rooms.pending.len(), attempts,
        ];
        prop_assert_eq!(left, [0; 8]);
    }
}
