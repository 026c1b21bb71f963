//! Any sequence of joins, leaves, signals and crashes, held against a model that knows nothing
//! but "who should be where".

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

const CLIENTS: u64 = 7;
const ROOMS: u8 = 4;
const CAPACITY: usize = 3;
const MAX_ROOMS: usize = 3;

#[derive(Clone, Debug)]
enum Op {
    Join { client: u64, room: u8 },
    Leave { client: u64 },
    Signal { client: u64, target: u64 },
    Crash { client: u64, removed: bool },
}

fn op() -> impl Strategy<Value = Op> {
    let client = 0..CLIENTS;
    prop_oneof![
        4 => (client.clone(), 0..ROOMS).prop_map(|(client, room)| Op::Join { client, room }),
        2 => client.clone().prop_map(|client| Op::Leave { client }),
        6 => (client.clone(), 0..CLIENTS).prop_map(|(client, target)| Op::Signal { client, target }),
        1 => (client, any::<bool>()).prop_map(|(client, removed)| Op::Crash { client, removed }),
    ]
}

/// What one client has been told, as a page would keep it.
#[derive(Default)]
struct View {
    me: Option<PeerId>,
    peers: BTreeSet<PeerId>,
    last_signal: BTreeMap<PeerId, u64>,
    errors: usize,
}

struct World {
    rooms: Rooms,
    views: BTreeMap<ClientId, View>,
    /// The model: which room, and as whom.
    places: BTreeMap<ClientId, (u8, PeerId)>,
    counter: u64,
}

impl World {
    fn new() -> Self {
        Self {
            rooms: Rooms::new(RoomLimits {
                max_rooms: MAX_ROOMS,
                capacities: Capacities { call: CAPACITY },
            }),
            views: (0..CLIENTS)
                .map(|n| (ClientId(n), View::default()))
                .collect(),
            places: BTreeMap::new(),
            counter: 0,
        }
    }

    fn members(&self, room: u8) -> BTreeSet<PeerId> {
        let here = self.places.values().filter(|place| place.0 == room);
        here.map(|place| place.1.clone()).collect()
    }

    fn step(&mut self, op: &Op) {
        self.counter += 1;
        match *op {
            Op::Join { client, room } => {
                let client = ClientId(client);
                let peer = PeerId::new(format!("p{}", self.counter));
                let rooms_in_use: BTreeSet<u8> = self.places.values().map(|p| p.0).collect();
                let allowed = !self.places.contains_key(&client)
                    && self.members(room).len() < CAPACITY
                    && (rooms_in_use.contains(&room) || rooms_in_use.len() < MAX_ROOMS);
                let errors = self.views[&client].errors;
                let name = format!("room {room}");
                let outputs =
                    self.rooms
                        .handle_join(client, &name, RoomKind::Call, peer.clone(), &[]);
                if allowed {
                    self.places.insert(client, (room, peer));
                }
                self.deliver(outputs);
                assert_eq!(self.views[&client].errors, errors + usize::from(!allowed));
            }
            Op::Leave { client } => {
                let client = ClientId(client);
                let outputs = self.rooms.handle_leave(client);
                self.places.remove(&client);
                self.deliver(outputs);
            }
            Op::Crash { client, removed } => {
                let client = ClientId(client);
                let reason = if removed {
                    LeaveReason::Removed
                } else {
                    LeaveReason::Disconnected
                };
                let outputs = self.rooms.handle_disconnect(client, reason);
                self.places.remove(&client);
                assert!(outputs.iter().all(|output| !output.to.contains(&client)));
                self.deliver(outputs);
                self.views.insert(client, View::default());
            }
            Op::Signal { client, target } => self.signal(ClientId(client), ClientId(target)),
        }
        self.check();
    }

    fn signal(&mut self, client: ClientId, target: ClientId) {
        let to = match self.places.get(&target) {
            Some(place) => place.1.clone(),
            None => PeerId::new("nobody"),
        };
        let deliverable = client != target
            && matches!((self.places.get(&client), self.places.get(&target)),
                (Some(here), Some(there)) if here.0 == there.0);
        let payload = serde_json::value::to_raw_value(&self.counter).unwrap();
        let outputs = self.rooms.handle_signal(client, &to, payload);
        assert_eq!(outputs.len(), 1);
        let reached = if deliverable { target } else { client };
        assert_eq!(outputs[0].to.as_slice(), [reached]);
        self.deliver(outputs);
        if deliverable {
            let from = &self.places[&client].1;
            assert_eq!(self.views[&target].last_signal[from], self.counter);
        }
    }

    /// Applies outputs in order, as each client would, and refuses what a client must not see.
    fn deliver(&mut self, outputs: Outputs) {
        for output in outputs {
            for client in output.to {
                let view = self.views.get_mut(&client).unwrap();
                match output.message.clone() {
                    ServerMessage::Joined { peer_id, peers, .. } => {
                        assert!(view.me.is_none(), "joined twice");
                        view.me = Some(peer_id);
                        view.peers = peers.into_iter().collect();
                    }
                    ServerMessage::PeerJoined { peer_id } => {
                        assert!(view.me.is_some());
                        assert!(view.peers.insert(peer_id), "told twice");
                    }
                    ServerMessage::PeerLeft { peer_id, .. } => {
                        assert!(view.peers.remove(&peer_id), "an unknown peer left");
                    }
                    ServerMessage::Left { .. } => {
                        assert!(view.me.take().is_some());
                        view.peers.clear();
                    }
                    ServerMessage::Signal { from, signal } => {
                        assert!(view.peers.contains(&from), "a signal of a stranger");
                        let number: u64 = signal.get().parse().unwrap();
                        let last = view.last_signal.insert(from, number);
                        assert!(last < Some(number), "out of order");
                    }
                    ServerMessage::Error(_) => view.errors += 1,
                    ServerMessage::GoingAway { .. } => unreachable!(),
                }
            }
        }
    }

    /// What everybody was told is what is.
    fn check(&self) {
        let in_use: BTreeSet<u8> = self.places.values().map(|place| place.0).collect();
        assert_eq!(
            self.rooms.room_count(),
            in_use.len(),
            "an empty room is kept"
        );
        assert_eq!(self.rooms.seat_count(), self.places.len());
        assert!(self.rooms.rooms.values().all(|members| !members.is_empty()));
        for (client, view) in &self.views {
            let Some((room, me)) = self.places.get(client) else {
                assert_eq!(view.me, None);
                continue;
            };
            assert_eq!(view.me.as_ref(), Some(me));
            let mut expected = self.members(*room);
            assert!(expected.len() <= CAPACITY);
            expected.remove(me);
            assert_eq!(view.peers, expected);
        }
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
        for client in 0..CLIENTS {
            world.step(&Op::Crash { client, removed: false });
        }
        prop_assert_eq!(world.rooms.room_count(), 0);
        prop_assert_eq!(world.rooms.seat_count(), 0);
    }
}
