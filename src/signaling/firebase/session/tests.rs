use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Map;
use signaling_protocol::database::{EXPIRES_AFTER_MS, Record};
use signaling_protocol::{ConnectionId, LeaveReason, PeerMessage};

use super::super::inbox::How;
use super::*;

/// A database of one room that keeps the rules, as far as they matter here.
#[derive(Default)]
struct Database {
    now: u64,
    participants: BTreeMap<String, Value>,
    /// By recipient and then sender and id.
    messages: BTreeMap<String, BTreeMap<String, Value>>,
}

/// Whose inbox changed, and how.
type Told = Vec<(String, Change)>;

fn at(how: How, data: Value) -> Change {
    let path = "/".to_owned();
    Change { how, path, data }
}

impl Database {
    fn entry(&self, uid: &str) -> Option<&Value> {
        self.participants.get(uid)
    }

    fn inbox(&self, uid: &str) -> Value {
        let mut inbox = Map::new();
        for (path, record) in self.messages.get(uid).into_iter().flatten() {
            let (from, id) = path.split_once('/').unwrap();
            let letters = inbox.entry(from).or_insert_with(|| json!({}));
            letters[id] = record.clone();
        }
        if inbox.is_empty() {
            Value::Null
        } else {
            inbox.into()
        }
    }

    fn run(&mut self, me: &str, command: &Command) -> (Result<Value, Trouble>, Told) {
        self.now += 1;
        let mut told = Vec::new();
        let result = match command {
            Command::Enter(_) if self.entry(me).is_some() => Err(Trouble::Denied),
            Command::Enter(value) => {
                let (joined_at, seen_at) = (self.now, self.now);
                let entry =
                    json!({ "name": value["name"], "joinedAt": joined_at, "seenAt": seen_at });
                self.participants.insert(me.to_owned(), entry);
                Ok(Value::Null)
            }
            Command::Renew => match self.participants.get_mut(me) {
                Some(entry) => {
                    entry["seenAt"] = self.now.into();
                    Ok(Value::Null)
                }
                None => Err(Trouble::Denied),
            },
            Command::List => Ok(serde_json::to_value(&self.participants).unwrap()),
            Command::Send(letters) => self.send(me, letters, &mut told),
            Command::Remove(nulls) => {
                if let Some(inbox) = self.messages.get_mut(me) {
                    inbox.retain(|path, _| nulls.get(path).is_none());
                }
                told.push((me.to_owned(), at(How::Patch, nulls.clone())));
                Ok(Value::Null)
            }
            Command::Tidy(update) | Command::Leave(update) => {
                self.update(me, update, &mut told);
                Ok(Value::Null)
            }
        };
        (result, told)
    }

    fn send(&mut self, me: &str, letters: &[Letter], told: &mut Told) -> Result<Value, Trouble> {
        let here = |uid: &str| self.entry(uid).is_some();
        if !here(me) || !letters.iter().all(|letter| here(letter.to.as_str())) {
            return Err(Trouble::Denied);
        }
        for letter in letters {
            let record = Record {
                message: letter.text.clone(),
                sent_at: self.now,
            };
            let record = serde_json::to_value(record).unwrap();
            let to = letter.to.to_string();
            let path = format!("{me}/{}", letter.id);
            let mut change = at(How::Put, record.clone());
            change.path = format!("/{path}");
            told.push((to.clone(), change));
            self.messages.entry(to).or_default().insert(path, record);
        }
        Ok(Value::Null)
    }

    /// Several paths below the room.
    fn update(&mut self, me: &str, update: &Value, told: &mut Told) {
        for (path, value) in update.as_object().unwrap() {
            let keys: Vec<_> = path.split('/').collect();
            match keys[..] {
                ["participants", uid] => drop(self.participants.remove(uid)),
                ["messages", uid] => {
                    self.messages.remove(uid);
                    told.push((uid.to_owned(), at(How::Put, Value::Null)));
                }
                ["messages", to, from, id] if self.entry(to).is_some() && from == me => {
                    let record = json!({ "message": value["message"], "sentAt": self.now });
                    let path = format!("{from}/{id}");
                    told.push((to.to_owned(), at(How::Patch, json!({ &*path: record }))));
                    let inbox = self.messages.entry(to.to_owned()).or_default();
                    inbox.insert(path, record);
                }
                _ => panic!("{path}"),
            }
        }
    }
}

/// One participant, the connection it has now, and what it has learnt.
struct Client {
    name: String,
    session: Session,
    changes: VecDeque<Change>,
    running: VecDeque<Command>,
    /// What was carried out, and is not yet known to be.
    answers: VecDeque<(Command, Result<Value, Trouble>)>,
    sees: Vec<PeerId>,
    received: BTreeMap<PeerId, Vec<u32>>,
    departed: Vec<(PeerId, LeaveReason)>,
    sent: BTreeMap<PeerId, Vec<u32>>,
    joins: u32,
    refused: bool,
}

struct World {
    database: Database,
    clients: Vec<Client>,
    sent: u32,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Carry out the next request.
    Run,
    /// Tell how it went.
    Hear,
    /// Show the next change.
    Show,
    Cut,
    Send,
    Beat,
}

fn number(message: &PeerMessage) -> u32 {
    message.connection.as_str().parse().unwrap()
}

impl World {
    fn new(count: usize, kind: RoomKind) -> Self {
        let room = RoomId::new("kitchen").unwrap();
        let clients = (0..count).map(|number| {
            let name = format!("u{number}");
            Client {
                session: Session::new(PeerId::new(&*name), room.clone(), kind),
                name,
                changes: VecDeque::new(),
                running: VecDeque::new(),
                answers: VecDeque::new(),
                sees: Vec::new(),
                received: BTreeMap::new(),
                departed: Vec::new(),
                sent: BTreeMap::new(),
                joins: 0,
                refused: false,
            }
        });
        let mut world = Self {
            database: Database::default(),
            clients: clients.collect(),
            sent: 0,
        };
        for who in 0..count {
            world.connect(who);
        }
        world
    }

    fn request(&mut self, who: usize, request: Request) {
        let client = &mut self.clients[who];
        client
            .session
            .handle_request(request, self.database.now, [0; 12]);
    }

    /// A new connection, which begins with all that is in the inbox.
    fn connect(&mut self, who: usize) {
        let client = &mut self.clients[who];
        let (room, kind) = (client.session.room.clone(), client.session.kind);
        let name = client.name.clone();
        client.running.clear();
        client.answers.clear();
        client.changes = VecDeque::from([at(How::Put, self.database.inbox(&name))]);
        client.session.begin(Vec::new());
        self.request(who, Request::Join { room, kind, name });
    }

    fn step(&mut self, who: usize, step: Step) {
        let client = &mut self.clients[who];
        while let Some(command) = client.session.poll_command() {
            client.running.push_back(command);
        }
        match step {
            Step::Run => self.run(who),
            Step::Hear => {
                if let Some((command, result)) = client.answers.pop_front() {
                    let now = self.database.now;
                    let result = client.session.handle_result(command, result, now, [0; 12]);
                    if result.is_err() {
                        self.connect(who);
                    }
                }
            }
            Step::Show => {
                if let Some(change) = client.changes.pop_front() {
                    client.session.handle_change(&change);
                }
            }
            Step::Cut => self.connect(who),
            Step::Send => {
                self.sent += 1;
                let message = PeerMessage {
                    connection: ConnectionId::new(self.sent.to_string()),
                    remote_connection: None,
                    signal: None,
                };
                // The roster holds back what is said while we are not in the room.
                if client.session.stage == Stage::In
                    && let Some(to) = client
                        .sees
                        .get(self.sent as usize % client.sees.len().max(1))
                {
                    let to = to.clone();
                    client.sent.entry(to.clone()).or_default().push(self.sent);
                    self.request(who, Request::Signal { to, message });
                }
            }
            Step::Beat => client.session.handle_heartbeat(),
        }
        self.take_events(who);
    }

    fn run(&mut self, who: usize) {
        let client = &mut self.clients[who];
        let Some(command) = client.running.pop_front() else {
            return;
        };
        let (result, told) = self.database.run(&client.name, &command);
        client.answers.push_back((command, result));
        for (to, change) in told {
            if let Some(client) = self.clients.iter_mut().find(|client| client.name == to) {
                client.changes.push_back(change);
            }
        }
    }

    fn take_events(&mut self, who: usize) {
        let client = &mut self.clients[who];
        while let Some(event) = client.session.poll_event() {
            match event {
                Event::Joined { peers, .. } => {
                    client.joins += 1;
                    client.sees = peers.into_iter().map(|peer| peer.peer_id).collect();
                }
                Event::PeerJoined { peer, .. } => {
                    // A roster that is not in the room takes nothing in.
                    assert!(client.joins > 0, "we are not in the room yet");
                    assert!(!client.sees.contains(&peer), "{peer} came twice");
                    client.sees.push(peer);
                }
                Event::PeerLeft { peer, reason } => {
                    assert!(client.sees.contains(&peer), "{peer} was not here");
                    client.sees.retain(|seen| *seen != peer);
                    client.departed.push((peer, reason));
                }
                Event::Signal { from, message } => {
                    assert!(client.joins > 0, "we are not in the room yet");
                    assert!(client.sees.contains(&from), "{from} is not here");
                    client
                        .received
                        .entry(from)
                        .or_default()
                        .push(number(&message));
                }
                Event::Refused(error) => {
                    assert_eq!(error.code, ErrorCode::RoomFull);
                    client.refused = true;
                }
                Event::Resumed | Event::PeerDisconnected(_) | Event::PeerResumed(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Lets everybody go on undisturbed until nothing more happens.
    fn settle(&mut self) {
        for _ in 0..10 {
            for who in 0..self.clients.len() {
                self.step(who, Step::Beat);
            }
            for round in 0.. {
                assert!(round < 1000, "it never ends");
                for who in 0..self.clients.len() {
                    self.step(who, Step::Run);
                    self.step(who, Step::Hear);
                    self.step(who, Step::Show);
                }
                let idle = |client: &Client| {
                    client.running.is_empty()
                        && client.answers.is_empty()
                        && client.changes.is_empty()
                };
                if self.clients.iter().all(idle) {
                    break;
                }
            }
        }
    }

    /// Goes on until this one is in the room.
    fn let_in(&mut self, who: usize) {
        while self.clients[who].joins == 0 {
            self.step(who, Step::Run);
            self.step(who, Step::Hear);
        }
    }

    /// Up to where the list of a heartbeat is made, and not yet heard.
    fn make_list(&mut self, who: usize) {
        self.step(who, Step::Beat);
        self.step(who, Step::Run);
        self.step(who, Step::Hear);
        self.step(who, Step::Run);
    }

    fn leave(&mut self, who: usize) {
        self.request(who, Request::Leave);
        self.step(who, Step::Run);
    }

    /// Goes without a word; its requests come to nothing.
    fn kill(&mut self, who: usize) {
        self.clients.remove(who);
    }

    fn sees(&self, who: usize) -> Vec<&str> {
        let mut sees: Vec<_> = self.clients[who].sees.iter().map(PeerId::as_str).collect();
        sees.sort_unstable();
        sees
    }
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let step = prop_oneof![
        6 => Just(Step::Run),
        6 => Just(Step::Hear),
        6 => Just(Step::Show),
        1 => Just(Step::Cut),
        4 => Just(Step::Send),
        1 => Just(Step::Beat),
    ];
    proptest::collection::vec((0_usize..4, step), 0..300)
}

proptest! {
    /// Whatever requests fail, with or without having been carried out, and however often the
    /// stream begins anew: everybody sees everybody, each message arrives once and in its order,
    /// and nothing stays behind.
    #[test]
    fn nothing_is_lost_doubled_or_left_behind(steps in steps()) {
        let mut world = World::new(4, RoomKind::Mesh);
        for (who, step) in steps {
            world.step(who, step);
        }
        world.settle();
        for who in 0..4 {
            prop_assert_eq!(world.sees(who).len(), 3);
            prop_assert_eq!(world.clients[who].joins, 1, "it is resumed, not joined anew");
            prop_assert!(world.clients[who].departed.is_empty());
        }
        for one in &world.clients {
            for other in &world.clients {
                let sent = one.sent.get(&other.session.me);
                prop_assert_eq!(other.received.get(&one.session.me), sent);
            }
        }
        prop_assert!(world.database.messages.values().all(BTreeMap::is_empty));
        for who in 0..4 {
            world.leave(who);
            world.settle();
        }
        prop_assert!(world.database.participants.is_empty());
        prop_assert!(world.database.messages.values().all(BTreeMap::is_empty));
    }

    /// Those who come at the same time to a room of two agree on who is in it.
    #[test]
    fn a_room_of_two_takes_the_first_two(steps in steps()) {
        let mut world = World::new(4, RoomKind::Call);
        for (who, step) in steps {
            if !matches!(step, Step::Send) {
                world.step(who, step);
            }
        }
        world.settle();
        let inside: Vec<_> = (0..4).filter(|who| !world.clients[*who].refused).collect();
        prop_assert_eq!(inside.len(), 2);
        for who in inside {
            prop_assert_eq!(world.sees(who).len(), 1);
        }
        prop_assert_eq!(world.database.participants.len(), 2);
    }
}

#[test]
fn who_leaves_is_gone_at_once() {
    let mut world = World::new(3, RoomKind::Mesh);
    world.settle();
    world.leave(1);
    let told = world.clients[0].changes.pop_front().unwrap();
    world.clients[0].session.handle_change(&told);
    world.take_events(0);
    assert_eq!(world.sees(0), ["u2"]);
    let (_, reason) = &world.clients[0].departed[0];
    assert_eq!(*reason, LeaveReason::Left);
}

#[test]
fn who_is_killed_is_late_then_expires_and_is_removed_by_the_others() {
    let mut world = World::new(3, RoomKind::Mesh);
    world.settle();
    world.kill(1);
    world.database.now += signaling_protocol::database::LATE_AFTER_MS;
    world.settle();
    assert_eq!(world.sees(0), ["u1", "u2"]);
    world.database.now += EXPIRES_AFTER_MS;
    // Both are a little late themselves, and renew before they look.
    world.step(0, Step::Beat);
    world.step(1, Step::Beat);
    world.settle();
    assert_eq!(world.sees(0), ["u2"]);
    assert!(!world.database.participants.contains_key("u1"));
    assert_eq!(world.clients[0].departed.len(), 1);
}

#[test]
fn a_message_to_somebody_who_has_gone_does_not_hold_up_the_others() {
    let mut world = World::new(3, RoomKind::Mesh);
    world.settle();
    // Before u0 hears of it.
    world.leave(1);
    for to in ["u1", "u2"] {
        let message = PeerMessage {
            connection: ConnectionId::new("7"),
            remote_connection: None,
            signal: None,
        };
        let to = PeerId::new(to);
        world.request(0, Request::Signal { to, message });
    }
    world.settle();
    let received = &world.clients[2].received;
    assert_eq!(received.get(&PeerId::new("u0")), Some(&vec![7]));
}

#[test]
fn a_message_longer_than_the_database_takes_is_refused_here() {
    let mut world = World::new(2, RoomKind::Call);
    world.settle();
    let message = PeerMessage {
        connection: ConnectionId::new("x".repeat(MAX_MESSAGE_UNITS)),
        remote_connection: None,
        signal: None,
    };
    let to = PeerId::new("u1");
    world.request(0, Request::Signal { to, message });
    let Some(Event::Refused(error)) = world.clients[0].session.poll_event() else {
        panic!("it is not refused");
    };
    assert_eq!(error.code, ErrorCode::MessageTooLarge);
}

#[test]
fn while_messages_are_kept_they_stay_and_afterwards_they_go() {
    let mut world = World::new(2, RoomKind::Call);
    world.settle();
    world.clients[1].session.set_keep(true);
    world.step(0, Step::Send);
    world.settle();
    assert_eq!(world.database.messages["u1"].len(), 1);
    assert_eq!(world.clients[1].received[&PeerId::new("u0")], [1]);
    world.step(1, Step::Cut);
    world.settle();
    assert_eq!(world.clients[1].received[&PeerId::new("u0")], [1], "once");
    world.clients[1].session.set_keep(false);
    world.settle();
    assert!(world.database.messages["u1"].is_empty());
}

/// What a list said that was asked for before somebody spoke is older than what was said.
#[test]
fn who_goes_while_a_list_is_on_its_way_is_gone() {
    let mut world = World::new(2, RoomKind::Mesh);
    world.settle();
    world.make_list(0);
    world.leave(1);
    world.step(0, Step::Show);
    assert!(world.sees(0).is_empty());
    world.step(0, Step::Hear);
    assert!(world.sees(0).is_empty(), "it is not here again");
}

#[test]
fn who_comes_while_a_list_is_on_its_way_is_in_the_next() {
    let mut world = World::new(2, RoomKind::Mesh);
    world.let_in(0);
    world.make_list(0);
    world.let_in(1);
    // It says so.
    world.step(1, Step::Run);
    while !world.clients[0].changes.is_empty() {
        world.step(0, Step::Show);
    }
    world.step(0, Step::Hear);
    assert!(world.sees(0).is_empty());
    for _ in 0..4 {
        world.step(0, Step::Run);
        world.step(0, Step::Hear);
    }
    assert_eq!(world.sees(0), ["u1"]);
}

/// Somebody without an entry, or with one beyond the capacity, may write whatever the rules let it.
#[test]
fn who_is_not_in_the_room_is_not_heard() {
    let mut world = World::new(2, RoomKind::Call);
    world.settle();
    let signal = PeerMessage {
        connection: ConnectionId::new("666"),
        remote_connection: None,
        signal: None,
    };
    let name = "Mallory".repeat(1000);
    let messages = [Message::Joined { name }, Message::Signal { signal }];
    for (number, message) in (0..).zip(messages.iter().cycle().take(20)) {
        let text = serde_json::to_string(message).unwrap();
        let mut change = at(How::Put, json!({ "message": text, "sentAt": 1 }));
        change.path = format!("/mallory/-{number:019}");
        world.clients[0].session.handle_change(&change);
    }
    let mut lists = 0;
    for _ in 0..50 {
        world.step(0, Step::Run);
        let answers = world.clients[0].answers.iter();
        lists += answers
            .filter(|(command, _)| *command == Command::List)
            .count();
        world.step(0, Step::Hear);
    }
    assert_eq!(world.sees(0), ["u1"]);
    assert_eq!(
        lists, 2,
        "one, and one for what came while it was on its way"
    );
    // It goes on showing that it is there.
    let seen_at = |world: &World| world.database.participants["u0"]["seenAt"].clone();
    let before = seen_at(&world);
    world.step(0, Step::Beat);
    world.step(0, Step::Run);
    assert_ne!(seen_at(&world), before);
}

/// Its entry may be newer than the list that is on its way.
#[test]
fn who_speaks_without_having_been_seen_is_looked_for_twice() {
    let mut world = World::new(2, RoomKind::Mesh);
    world.let_in(0);
    world.make_list(0);
    world.let_in(1);
    let signal = PeerMessage {
        connection: ConnectionId::new("7"),
        remote_connection: None,
        signal: None,
    };
    let text = serde_json::to_string(&Message::Signal { signal }).unwrap();
    let mut change = at(How::Put, json!({ "message": text, "sentAt": 1 }));
    change.path = "/u1/-zzzzzzzzzzzzzzzzzzz".to_owned();
    world.clients[0].session.handle_change(&change);
    world.step(0, Step::Hear);
    assert!(world.sees(0).is_empty(), "the list is older");
    for _ in 0..4 {
        world.step(0, Step::Run);
        world.step(0, Step::Hear);
    }
    assert_eq!(world.clients[0].received[&PeerId::new("u1")], [7]);
}

/// A list of before our own entry must not be taken for one that it is missing from.
#[test]
fn what_comes_before_we_are_in_waits() {
    let mut world = World::new(2, RoomKind::Mesh);
    // u0 is in; u1's entry is written and its list not read when u0 speaks to it.
    world.step(1, Step::Run);
    world.let_in(0);
    world.step(0, Step::Send);
    world.step(0, Step::Run);
    while !world.clients[1].changes.is_empty() {
        world.step(1, Step::Show);
    }
    assert!(world.clients[1].received.is_empty());
    world.settle();
    assert_eq!(world.clients[1].joins, 1);
    assert_eq!(world.clients[1].received[&PeerId::new("u0")], [1]);
}
