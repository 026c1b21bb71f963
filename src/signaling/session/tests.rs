use proptest::prelude::*;
use signaling_protocol::{
    ConnectionId, HostMessage, LeaveReason, PeerId, Policy, PolicyChange, numbered,
};

use super::*;

/// The server's part of one seat, as the wire specification has it.
#[derive(Default)]
struct Server {
    /// What was numbered and not acknowledged, oldest first.
    kept: VecDeque<(u64, String)>,
    sent: u64,
    /// Receivers of the signals that were taken, in order.
    taken: Vec<String>,
    taken_seq: u64,
    has_seat: bool,
    /// What happened in the room since the join.
    happened: Vec<String>,
}

/// A client, its server, and the connection between them with what is on its way.
struct World {
    session: WebSocketSession,
    server: Server,
    connected: bool,
    /// Whether the server knows whose connection it is.
    attached: bool,
    to_server: VecDeque<String>,
    to_client: VecDeque<String>,
    /// What the client learned of the room, in order, since it joined last.
    learned: Vec<String>,
    joins: u32,
    resumes: u32,
    /// Signals that were asked for since then.
    asked: Vec<String>,
    /// Whether the client knows that it is in the room: only then does it signal.
    in_room: bool,
}

fn token() -> Token {
    Token::new("0123456789abcdef0123456789abcdef").unwrap()
}

fn request() -> Request {
    Request::Join {
        room: RoomId::new("kitchen").unwrap(),
        kind: RoomKind::Mesh,
        name: "Kim".to_owned(),
        passphrase: None,
    }
}

fn json(message: &ServerMessage) -> String {
    serde_json::to_string(message).unwrap()
}

impl World {
    fn new() -> Self {
        Self {
            session: WebSocketSession::new(token()),
            server: Server::default(),
            connected: false,
            attached: false,
            to_server: VecDeque::new(),
            to_client: VecDeque::new(),
            learned: Vec::new(),
            joins: 0,
            resumes: 0,
            asked: Vec::new(),
            in_room: false,
        }
    }

    fn connect(&mut self) {
        self.disconnect();
        self.connected = true;
        self.ask(request());
    }

    fn disconnect(&mut self) {
        self.connected = false;
        self.attached = false;
        self.in_room = false;
        self.to_server.clear();
        self.to_client.clear();
    }

    fn ask(&mut self, request: Request) {
        let message = self.session.handle_request(request);
        self.send(message);
    }

    fn send(&mut self, messages: impl IntoIterator<Item = ClientMessage>) {
        for message in messages {
            if self.connected {
                let text = serde_json::to_string(&message).unwrap();
                self.to_server.push_back(text);
            }
        }
    }

    /// Something happens in the room.
    fn happen(&mut self, what: u64) {
        if self.server.has_seat {
            self.server.sent += 1;
            self.server.happened.push(what.to_string());
            let text = json(&ServerMessage::PeerLeft {
                peer_id: PeerId::new(what.to_string()),
                reason: LeaveReason::Left,
            });
            let text = numbered(&text, self.server.sent);
            self.server.kept.push_back((self.server.sent, text.clone()));
            if self.attached {
                self.to_client.push_back(text);
            }
        }
    }

    fn restart_server(&mut self) {
        self.server = Server::default();
        self.disconnect();
    }

    fn server_step(&mut self) {
        let Some(text) = self.to_server.pop_front() else {
            return;
        };
        let server = &mut self.server;
        match ClientMessage::from_json(&text).unwrap() {
            ClientMessage::Join { .. } => {
                self.attached = true;
                *server = Server {
                    has_seat: true,
                    ..Server::default()
                };
                self.to_client.push_back(json(&ServerMessage::Joined {
                    room: RoomId::new("kitchen").unwrap(),
                    kind: RoomKind::Mesh,
                    peer_id: PeerId::new("me"),
                    token: token(),
                    grace_ms: 30_000,
                    created: true,
                    capacity: 8,
                    peers: Vec::new(),
                    ice_servers: Vec::new(),
                    host: true,
                    silenced: false,
                    spotlight: false,
                    policy: Policy::default(),
                }));
            }
            ClientMessage::Resume { received, .. } if received > server.sent && server.has_seat => {
                panic!("more was received than was ever sent");
            }
            ClientMessage::Resume { received, .. } if server.has_seat => {
                self.attached = true;
                server.kept.retain(|(seq, _)| *seq > received);
                self.to_client.push_back(json(&ServerMessage::Resumed {
                    received: server.taken_seq,
                }));
                self.to_client
                    .extend(server.kept.iter().map(|(_, text)| text.clone()));
            }
            ClientMessage::Resume { .. } => {
                let error = ErrorMessage::new(ErrorCode::CannotResume, "no such seat");
                self.to_client.push_back(json(&ServerMessage::Error(error)));
            }
            ClientMessage::Signal { to, seq, .. } => {
                let seq = seq.unwrap();
                // A gap is refused, and none can come about here.
                assert!(seq <= server.taken_seq + 1);
                if seq > server.taken_seq {
                    server.taken_seq = seq;
                    server.taken.push(to.to_string());
                }
            }
            ClientMessage::Ping { received } => {
                assert!(
                    !self.attached || received <= server.sent,
                    "more than was sent"
                );
                server.kept.retain(|(seq, _)| *seq > received);
                let received = server.taken_seq;
                self.to_client
                    .push_back(json(&ServerMessage::Pong { received }));
            }
            ClientMessage::Leave | ClientMessage::Host(_) => {}
        }
    }

    fn client_step(&mut self) {
        let Some(text) = self.to_client.pop_front() else {
            return;
        };
        let frame = ServerFrame::from_json(&text).unwrap();
        let outcome = self.session.handle_frame(frame);
        assert!(!outcome.broken, "a gap");
        match outcome.event {
            Some(Event::Joined { .. }) => {
                self.joins += 1;
                self.in_room = true;
                self.learned.clear();
                self.asked.clear();
            }
            Some(Event::Resumed) => {
                self.resumes += 1;
                self.in_room = true;
            }
            Some(Event::PeerLeft { peer, .. }) => self.learned.push(peer.to_string()),
            _ => {}
        }
        self.send(outcome.replies);
    }

    fn settle(&mut self) {
        while !(self.to_server.is_empty() && self.to_client.is_empty()) {
            self.server_step();
            self.client_step();
        }
    }
}

fn signal(to: u64) -> Request {
    Request::Signal {
        to: PeerId::new(to.to_string()),
        message: PeerMessage {
            connection: ConnectionId::new("c"),
            remote_connection: None,
            signal: None,
        },
    }
}

proptest! {
    /// However often the connection is lost, and with whatever on its way in either direction:
    /// what happened in the room since the last join is learned once and in order, and so are the
    /// signals of this client by the server.
    #[test]
    fn nothing_is_lost_doubled_or_reordered(
        steps in proptest::collection::vec(0_u8..16, 0..200)
    ) {
        let mut world = World::new();
        world.connect();
        let mut number = 0;
        for step in steps {
            number += 1;
            match step {
                0..4 => world.server_step(),
                4..8 => world.client_step(),
                8..10 => world.happen(number),
                // Only who is in the room sends: the roster sees to that.
                10..12 => if world.in_room {
                    world.ask(signal(number));
                    world.asked.push(number.to_string());
                },
                12 => {
                    let acknowledgement = world.session.acknowledgement();
                    world.send([acknowledgement]);
                }
                13 => world.disconnect(),
                14 => world.connect(),
                _ => {
                    if number % 4 == 0 {
                        world.restart_server();
                    }
                }
            }
        }
        world.connect();
        world.settle();
        prop_assert!(world.in_room);
        prop_assert_eq!(&world.learned, &world.server.happened);
        prop_assert_eq!(&world.server.taken, &world.asked);
        let acknowledgement = world.session.acknowledgement();
        world.send([acknowledgement]);
        world.settle();
        prop_assert!(world.session.kept.is_empty());
        prop_assert!(world.server.kept.is_empty());
    }
}

#[test]
fn a_lost_seat_is_joined_anew_with_the_same_token() {
    let mut world = World::new();
    world.connect();
    world.settle();
    world.restart_server();
    world.connect();
    world.settle();
    assert_eq!((world.joins, world.resumes), (2, 0));
    world.connect();
    world.settle();
    assert_eq!((world.joins, world.resumes), (2, 1));
}

#[test]
fn another_room_is_another_seat() {
    let mut world = World::new();
    world.connect();
    world.settle();
    let other = Request::Join {
        room: RoomId::new("cellar").unwrap(),
        kind: RoomKind::Mesh,
        name: String::new(),
        passphrase: None,
    };
    let asked = world.session.handle_request(other);
    assert!(matches!(asked, Some(ClientMessage::Join { .. })));
}

#[test]
fn a_gap_is_noticed() {
    let mut world = World::new();
    world.connect();
    world.settle();
    world.happen(1);
    world.happen(2);
    world.to_client.pop_front();
    let frame = ServerFrame::from_json(&world.to_client[0]).unwrap();
    assert!(world.session.handle_frame(frame).broken);
}

#[test]
fn a_seat_of_which_nothing_was_heard_is_joined_again() {
    let mut world = World::new();
    world.connect();
    world.settle();
    world.happen(1);
    world.settle();
    world.restart_server();
    world.connect();
    // `resume`, its refusal, and the `join`; the answer to that is lost.
    world.server_step();
    world.client_step();
    world.server_step();
    assert!(world.server.has_seat);
    world.connect();
    world.settle();
    assert!(world.in_room);
    assert_eq!((world.joins, world.resumes), (2, 0));
}

#[test]
fn what_was_refused_for_now_is_kept_to_be_sent_again() {
    let mut world = World::new();
    world.connect();
    world.settle();
    world.ask(signal(1));
    world.ask(signal(2));
    world.to_server.pop_front();
    let error = ErrorMessage::new(ErrorCode::RateLimited, "slow down");
    let frame = ServerFrame {
        seq: None,
        message: ServerMessage::Error(error),
    };
    let outcome = world.session.handle_frame(frame);
    assert!(outcome.send_again && outcome.event.is_none());
    assert_eq!(world.session.unacknowledged().count(), 2);
}

#[test]
fn what_a_host_says_goes_out_as_it_is_and_nothing_does_outside_a_room() {
    let host = || Request::Host(HostMessage::SetPolicy(PolicyChange::default()));
    let mut world = World::new();
    assert!(world.session.handle_request(host()).is_none());
    world.connect();
    world.settle();
    let message = world.session.handle_request(host()).unwrap();
    let text = serde_json::to_string(&message).unwrap();
    assert_eq!(text, r#"{"type":"setPolicy"}"#);
}

#[test]
fn who_was_removed_joins_anew() {
    let mut world = World::new();
    world.connect();
    world.settle();
    let removed = ServerMessage::Removed {
        room: RoomId::new("kitchen").unwrap(),
    };
    let frame = ServerFrame {
        seq: None,
        message: removed,
    };
    let outcome = world.session.handle_frame(frame);
    assert_eq!(outcome.event, Some(Event::Removed));
    let again = world.session.handle_request(request());
    assert!(matches!(again, Some(ClientMessage::Join { .. })));
}
