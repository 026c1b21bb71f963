//! Participants of one room and their connections to a model of the database, each of which does
//! its next step when a test says so.

use std::collections::BTreeMap;

use signaling_protocol::{ConnectionId, LeaveReason, PeerMessage};

use super::super::*;
use super::database::{Database, at};
use crate::signaling::firebase::inbox::How;

/// One participant, the connection it has now, and what it has learnt.
pub(super) struct Client {
    name: String,
    pub(super) session: FirebaseSession,
    pub(super) changes: VecDeque<Change>,
    running: VecDeque<DatabaseRequest>,
    /// What was carried out, and is not yet known to be.
    pub(super) answers: VecDeque<(DatabaseRequest, Result<Value, DatabaseError>)>,
    sees: Vec<PeerId>,
    pub(super) received: BTreeMap<PeerId, Vec<u32>>,
    pub(super) departed: Vec<(PeerId, LeaveReason)>,
    pub(super) sent: BTreeMap<PeerId, Vec<u32>>,
    pub(super) joins: u32,
    pub(super) refused: bool,
}

pub(super) struct World {
    pub(super) database: Database,
    pub(super) clients: Vec<Client>,
    sent: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
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
    /// People who can all be in a call with as many.
    pub(super) fn new(count: usize, kind: RoomKind) -> Self {
        Self::of(&vec![kind; count])
    }

    pub(super) fn of(kinds: &[RoomKind]) -> Self {
        let room = RoomId::new("kitchen").unwrap();
        let clients = kinds.iter().enumerate().map(|(number, &kind)| {
            let name = format!("u{number}");
            Client {
                session: FirebaseSession::new(PeerId::new(&*name), room.clone(), kind),
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
        for who in 0..kinds.len() {
            world.connect(who);
        }
        world
    }

    pub(super) fn request(&mut self, who: usize, request: Request) {
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
        self.request(
            who,
            Request::Join {
                room,
                kind,
                name,
                passphrase: None,
            },
        );
    }

    pub(super) fn step(&mut self, who: usize, step: Step) {
        let client = &mut self.clients[who];
        while let Some(request) = client.session.poll_request() {
            client.running.push_back(request);
        }
        match step {
            Step::Run => self.run(who),
            Step::Hear => {
                if let Some((request, result)) = client.answers.pop_front() {
                    let now = self.database.now;
                    let result = client.session.handle_result(request, result, now, [0; 12]);
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
        let Some(request) = client.running.pop_front() else {
            return;
        };
        let (result, told) = self.database.run(&client.name, &request);
        client.answers.push_back((request, result));
        for (to, change) in told {
            if let Some(client) = self.clients.iter_mut().find(|client| client.name == to) {
                client.changes.push_back(change);
            }
        }
    }

    pub(super) fn take_events(&mut self, who: usize) {
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
    pub(super) fn settle(&mut self) {
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
    pub(super) fn let_in(&mut self, who: usize) {
        while self.clients[who].joins == 0 {
            self.step(who, Step::Run);
            self.step(who, Step::Hear);
        }
    }

    /// Up to where the list of a heartbeat is made, and not yet heard.
    pub(super) fn make_list(&mut self, who: usize) {
        self.step(who, Step::Beat);
        self.step(who, Step::Run);
        self.step(who, Step::Hear);
        self.step(who, Step::Run);
    }

    pub(super) fn leave(&mut self, who: usize) {
        self.request(who, Request::Leave);
        self.step(who, Step::Run);
    }

    /// Goes without a word; its requests come to nothing.
    pub(super) fn kill(&mut self, who: usize) {
        self.clients.remove(who);
    }

    pub(super) fn sees(&self, who: usize) -> Vec<&str> {
        let mut sees: Vec<_> = self.clients[who].sees.iter().map(PeerId::as_str).collect();
        sees.sort_unstable();
        sees
    }
}
