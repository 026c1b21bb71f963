//! Whatever connections are lost, and however much of what was sent is lost with them: every
//! participant that comes back in time gets every message of its room once, in order, and every
//! signal that it sends is taken once, also when some are dropped for coming too fast.

use std::time::Duration;

use futures_util::FutureExt;
use proptest::prelude::*;
use serde_json::{Value, json};
use signaling_protocol::ClientMessage;

use super::*;
use crate::signaling::ice::IceServers;
use crate::signaling::outbox::Outgoing;

const PARTICIPANTS: usize = 4;
const GRACE: Duration = Duration::from_secs(30);

#[derive(Clone, Debug)]
enum Op {
    Signal {
        who: usize,
        target: usize,
        /// The server drops it before it reads its number.
        dropped: bool,
    },
    /// Everything that waits is sent; but the last of it may never arrive.
    Read {
        who: usize,
        lost: usize,
    },
    Acknowledgement {
        who: usize,
    },
    /// The server notices that the connection is lost.
    Lose {
        who: usize,
    },
    /// A new connection resumes the seat; some of what was sent last arrives nowhere.
    Resume {
        who: usize,
    },
    Wait {
        seconds: u64,
    },
    Leave {
        who: usize,
    },
}

fn op() -> impl Strategy<Value = Op> {
    let who = || 0..PARTICIPANTS;
    prop_oneof![
        12 => (who(), who(), prop::bool::weighted(0.2))
            .prop_map(|(who, target, dropped)| Op::Signal { who, target, dropped }),
        4 => (who(), 0_usize..3).prop_map(|(who, lost)| Op::Read { who, lost }),
        2 => who().prop_map(|who| Op::Acknowledgement { who }),
        2 => who().prop_map(|who| Op::Lose { who }),
        4 => who().prop_map(|who| Op::Resume { who }),
        1 => (1_u64..20).prop_map(|seconds| Op::Wait { seconds }),
        1 => who().prop_map(|who| Op::Leave { who }),
    ]
}

/// A page that keeps its seat as the specification says.
struct Participant {
    client: Option<Client>,
    /// Messages under way were lost: nothing more arrives on this connection.
    broken: bool,
    /// The server said that it missed one.
    missed: bool,
    token: String,
    id: String,
    /// The number of the last message of the room that arrived.
    received: u64,
    /// Signals by number: to whom, and whether the server is known to have taken it.
    sent: Vec<Value>,
    taken: u64,
    /// What arrived from whom, since the last time either was new.
    arrived: Vec<(String, u64)>,
    /// When the server noticed that the connection was lost.
    lost_at: Option<tokio::time::Instant>,
}

struct World {
    hub: Arc<Hub>,
    people: Vec<Participant>,
    /// What each should get, by index: from whom, which. Also what was sent before it joined
    /// again: it is the same peer, and a signal may wait at its sender.
    expected: Vec<Vec<(String, u64)>>,
    counter: u64,
}

impl World {
    fn new() -> Self {
        let limits = Limits {
            mesh_capacity: PARTICIPANTS,
            resume_grace: GRACE,
            ..Limits::default()
        };
        let mut world = Self {
            hub: Hub::new(limits, Arc::new(IceServers::default())),
            people: Vec::new(),
            expected: vec![Vec::new(); PARTICIPANTS],
            counter: 0,
        };
        for n in 0..PARTICIPANTS {
            world.people.push(Participant {
                client: None,
                broken: false,
                missed: false,
                token: format!("{n:032}"),
                id: String::new(),
                received: 0,
                sent: Vec::new(),
                taken: 0,
                arrived: Vec::new(),
                lost_at: None,
            });
            world.join(n);
        }
        world
    }

    fn join(&mut self, who: usize) {
        let client = self.hub.connect(ClientAddress::TEST).unwrap();
        let token = self.people[who].token.clone();
        let join = json!({"type": "join", "room": "hall", "kind": "mesh", "token": token});
        client.handle_message(ClientMessage::from_json(&join.to_string()).unwrap());
        let person = &mut self.people[who];
        person.client = Some(client);
        (person.broken, person.missed) = (false, false);
        (person.received, person.taken, person.lost_at) = (0, 0, None);
        person.sent.clear();
        person.arrived.clear();
        self.read(who, 0);
        assert!(!self.people[who].id.is_empty());
    }

    fn step(&mut self, op: &Op) {
        match *op {
            Op::Signal {
                who,
                target,
                dropped,
            } => self.signal(who, target, dropped),
            Op::Read { who, lost } => self.read(who, lost),
            Op::Acknowledgement { who } => {
                let person = &self.people[who];
                if let Some(client) = &person.client {
                    let received = person.received;
                    client.handle_message(ClientMessage::Ping { received });
                }
            }
            Op::Lose { who } => {
                let person = &mut self.people[who];
                if person.client.take().is_some() {
                    person.lost_at = Some(tokio::time::Instant::now());
                }
            }
            Op::Resume { who } => self.resume(who),
            Op::Wait { .. } => unreachable!("the test waits"),
            Op::Leave { who } => {
                if let Some(client) = self.people[who].client.take() {
                    client.leave();
                    drop(client);
                    self.join(who);
                }
            }
        }
    }

    fn signal(&mut self, who: usize, target: usize, dropped: bool) {
        if who == target {
            return;
        }
        self.counter += 1;
        let to = self.people[target].id.clone();
        let person = &mut self.people[who];
        let seq = person.sent.len() + 1;
        let signal = json!({"type": "signal", "to": to, "seq": seq, "signal": self.counter});
        person.sent.push(signal.clone());
        if let Some(client) = person.client.as_ref().filter(|_| !dropped) {
            client.handle_message(ClientMessage::from_json(&signal.to_string()).unwrap());
        }
        let from = person.id.clone();
        self.expected[target].push((from, self.counter));
    }

    /// Takes what waits off the server's hands; but for the last `lost`, it arrives.
    fn read(&mut self, who: usize, lost: usize) {
        let person = &mut self.people[who];
        let Some(client) = &person.client else { return };
        let mut texts = Vec::new();
        while let Some(Outgoing::Text(text)) = client.next().now_or_never() {
            texts.push(serde_json::from_str::<Value>(&text).unwrap());
        }
        if person.broken {
            return;
        }
        texts.truncate(texts.len().saturating_sub(lost));
        person.broken = lost > 0;
        for text in texts {
            person.handle(&text);
        }
        if std::mem::take(&mut person.missed) {
            person.send_again();
        }
    }

    fn resume(&mut self, who: usize) {
        let too_late = |at: tokio::time::Instant| at.elapsed() >= GRACE;
        let too_late = self.people[who].lost_at.is_some_and(too_late);
        let client = self.hub.connect(ClientAddress::TEST).unwrap();
        let person = &mut self.people[who];
        let resume = json!({"type": "resume", "token": person.token, "received": person.received});
        client.handle_message(ClientMessage::from_json(&resume.to_string()).unwrap());
        let Some(Outgoing::Text(answer)) = client.next().now_or_never() else {
            panic!("no answer");
        };
        if too_late {
            assert!(answer.contains("cannotResume"), "{answer}");
            drop(client);
            return self.join(who);
        }
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["type"], "resumed", "{answer}");
        let taken = answer["received"].as_u64().unwrap();
        assert!(taken >= person.taken, "what was taken stays taken");
        if let Some(replaced) = person.client.replace(client) {
            let next = replaced.next().now_or_never();
            assert_eq!(next, Some(Outgoing::Close(Closing::Replaced)));
        }
        person.taken = taken;
        person.broken = false;
        person.lost_at = None;
        person.missed = false;
        person.send_again();
    }
}

impl Participant {
    /// All signals that are not known to be taken, and one that is.
    fn send_again(&self) {
        let client = self.client.as_ref().unwrap();
        let from = usize::try_from(self.taken).unwrap().saturating_sub(1);
        for signal in &self.sent[from..] {
            client.handle_message(ClientMessage::from_json(&signal.to_string()).unwrap());
        }
    }

    fn handle(&mut self, text: &Value) {
        if let Some(seq) = text["seq"].as_u64() {
            assert_eq!(seq, self.received + 1, "a gap or a double: {text}");
            self.received = seq;
        }
        match text["type"].as_str().unwrap() {
            "joined" => text["peerId"].as_str().unwrap().clone_into(&mut self.id),
            "signal" => {
                let from = text["from"].as_str().unwrap().to_owned();
                self.arrived.push((from, text["signal"].as_u64().unwrap()));
            }
            "pong" => self.taken = text["received"].as_u64().unwrap(),
            "error" if text["code"] == "missedSignal" => {
                assert!(!self.missed, "told twice");
                self.missed = true;
            }
            "error" => assert_eq!(text["code"], "unknownPeer", "{text}"),
            "resumed" | "peerJoined" | "peerChanged" | "peerLeft" | "peerResumed"
            | "peerDisconnected" => {}
            other => panic!("{other}"),
        }
    }
}

/// Everything of `part` is in `whole`, in that order.
fn is_subsequence(part: &[(String, u64)], whole: &[(String, u64)]) -> bool {
    let mut whole = whole.iter();
    part.iter().all(|one| whole.any(|other| other == one))
}

fn run(ops: &[Op], may_end: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::new();
        let hub = Arc::clone(&world.hub);
        tokio::spawn(async move { hub.expire().await });
        for op in ops {
            match op {
                Op::Wait { seconds } if may_end => {
                    // Not at the very moment when a grace is over.
                    let pause = Duration::from_secs(*seconds) + Duration::from_millis(2);
                    tokio::time::sleep(pause).await;
                }
                Op::Wait { .. } | Op::Leave { .. } if !may_end => {}
                op => world.step(op),
            }
        }
        for who in 0..PARTICIPANTS {
            world.step(&Op::Resume { who });
        }
        for who in 0..PARTICIPANTS {
            world.read(who, 0);
            let (person, expected) = (&world.people[who], &world.expected[who]);
            for from in 0..PARTICIPANTS {
                let of = |list: &[(String, u64)]| -> Vec<_> {
                    let id = &world.people[from].id;
                    list.iter().filter(|one| one.0 == *id).cloned().collect()
                };
                let (arrived, expected) = (of(&person.arrived), of(expected));
                if may_end {
                    assert!(
                        is_subsequence(&arrived, &expected),
                        "{arrived:?} {expected:?}"
                    );
                } else {
                    assert_eq!(arrived, expected, "from {from} to {who}");
                }
            }
        }
        drop(world.people);
        assert_eq!(world.hub.counts().clients, 0);
        tokio::time::sleep(2 * GRACE).await;
        let nothing = Counts {
            clients: 0,
            rooms: 0,
            away: 0,
        };
        assert_eq!(world.hub.counts(), nothing);
        assert!(world.hub.state().seats.is_empty());
        assert_eq!(world.hub.queued_bytes(), 0);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn nothing_is_lost_or_doubled_for_who_comes_back_in_time(
        ops in prop::collection::vec(op(), 0..120),
    ) {
        run(&ops, false);
    }

    #[test]
    fn nothing_is_doubled_or_out_of_order_for_who_does_not(
        ops in prop::collection::vec(op(), 0..120),
    ) {
        run(&ops, true);
    }
}
