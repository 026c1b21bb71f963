//! Each input of the machine, and each refusal.

use serde_json::value::RawValue;
use serde_json::{Value, json};
use signaling_protocol::PeerId;

use super::*;

pub(super) const A: ClientId = ClientId(1);
pub(super) const B: ClientId = ClientId(2);
pub(super) const C: ClientId = ClientId(3);
pub(super) const GRACE: Duration = Duration::from_secs(30);

pub(super) fn rooms() -> Rooms {
    Rooms::new(RoomLimits {
        max_rooms: 2,
        max_seats: 4,
        capacities: Capacities { call: 2, mesh: 3 },
        max_room_chars: 64,
        max_name_chars: 10,
        grace: GRACE,
    })
}

fn token(seat: u128) -> Token {
    Token::new(format!("{seat:032}")).unwrap()
}

pub(super) fn join(rooms: &mut Rooms, client: ClientId, room: &str, seat: u128) -> Outputs {
    named(rooms, client, room, "", seat)
}

fn named(rooms: &mut Rooms, client: ClientId, room: &str, name: &str, seat: u128) -> Outputs {
    let join = Join {
        name: name.to_owned(),
        ..newcomer(RoomKind::Call, room, seat)
    };
    rooms.handle_join(client, join, Instant::now())
}

pub(super) fn newcomer(kind: RoomKind, room: &str, seat: u128) -> Join {
    Join {
        room: room.to_owned(),
        kind,
        name: String::new(),
        token: token(seat),
        seat: SeatId(seat),
        address: ClientAddress::TEST,
        passphrase: None,
        ice_servers: Vec::new(),
    }
}

pub(super) fn id(seat: u128) -> PeerId {
    SeatId(seat).peer_id()
}

fn payload() -> Box<RawValue> {
    RawValue::from_string("{\"a\": 1}".to_owned()).unwrap()
}

fn signal(rooms: &mut Rooms, client: ClientId, to: &PeerId) -> Outputs {
    rooms.handle_signal(client, to, None, payload())
}

/// Outputs as JSON, with the seats they are for.
pub(super) fn lines(outputs: &Outputs) -> Vec<Value> {
    let line = |output: &Output| match output {
        Output::Answer(message) => json!(["answer", message]),
        Output::Tell { to, message } => {
            let to: Vec<_> = to.iter().map(|seat| seat.0).collect();
            json!([to, message])
        }
        Output::Signal { from, to, signal } => json!([to.0, from.0, signal]),
        Output::Inform { client, message } => json!(["inform", client.0, message]),
        Output::Seated { seat, .. } => json!(["seated", seat.0]),
        Output::Vacated(seat) => json!(["vacated", seat.0]),
        Output::Replaced(client) => json!(["replaced", client.0]),
        Output::Work { client, .. } => json!(["work", client.0]),
    };
    outputs.iter().map(line).collect()
}

/// That a participant is a host, as others are told.
pub(super) fn host(seat: u128) -> Value {
    json!({"type": "peerChanged", "peerId": id(seat), "host": true, "silenced": false})
}

pub(super) fn refused_with(outputs: &Outputs) -> ErrorCode {
    match outputs.as_slice() {
        [Output::Answer(ServerMessage::Error(error))] => error.code,
        other => panic!("not one refusal: {other:?}"),
    }
}

pub(super) fn counts(rooms: &Rooms) -> (usize, usize, usize) {
    (rooms.room_count(), rooms.seat_count(), rooms.away_count())
}

#[test]
fn the_first_creates_the_room_and_the_second_finds_the_first() {
    let mut rooms = rooms();
    let ice = [IceServer {
        urls: vec!["stun:stun.example:3478".to_owned()],
        username: None,
        credential: None,
    }];
    let hall = Join {
        name: " Kim ".to_owned(),
        ice_servers: ice.to_vec(),
        ..newcomer(RoomKind::Mesh, " hall ", 7)
    };
    let outputs = rooms.handle_join(A, hall, Instant::now());
    let a = json!({
        "type": "joined", "room": "hall", "kind": "mesh", "peerId": id(7), "token": token(7),
        "graceMs": 30_000, "created": true, "capacity": 3, "peers": [],
        "iceServers": [{"urls": ["stun:stun.example:3478"]}], "host": true, "silenced": false,
        "policy": {"locked": false, "lobby": false, "passphrase": false},
    });
    assert_eq!(
        lines(&outputs),
        [json!(["answer", a]), json!(["seated", 7])]
    );
    let outputs = join_mesh(&mut rooms, B, "hall", 8);
    let b = json!({
        "type": "joined", "room": "hall", "kind": "mesh", "peerId": id(8), "token": token(8),
        "graceMs": 30_000, "created": false, "capacity": 3,
        "peers": [{"peerId": id(7), "name": "Kim", "connected": true, "host": true}],
        "iceServers": [], "host": false, "silenced": false,
        "policy": {"locked": false, "lobby": false, "passphrase": false},
    });
    assert_eq!(
        lines(&outputs),
        [
            json!(["answer", b]),
            json!(["seated", 8]),
            json!([[7], {"type": "peerJoined", "peerId": id(8)}]),
        ]
    );
    assert_eq!(counts(&rooms), (1, 2, 0));
}

#[test]
fn a_signal_goes_unchanged_to_the_addressed_peer_only() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", 7);
    join(&mut rooms, B, "hall", 8);
    let outputs = signal(&mut rooms, A, &id(8));
    let [Output::Signal { from, to, signal }] = outputs.as_slice() else {
        panic!("{outputs:?}");
    };
    assert_eq!((*from, *to), (SeatId(7), SeatId(8)));
    assert_eq!(signal.get(), "{\"a\": 1}");
}

#[test]
fn a_signal_that_was_taken_is_not_taken_again() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", 7);
    join(&mut rooms, B, "hall", 8);
    for (seq, taken) in [(1, true), (1, false), (2, true), (1, false), (3, true)] {
        let outputs = rooms.handle_signal(A, &id(8), Some(seq), payload());
        assert_eq!(outputs.len(), usize::from(taken), "{seq}");
    }
    // Refused counts as taken: it would be refused again.
    let refusal = rooms.handle_signal(A, &id(9), Some(4), payload());
    assert_eq!(refused_with(&refusal), ErrorCode::UnknownPeer);
    let refusal = rooms.handle_too_long_signal(A, Some(5), 10);
    assert_eq!(refused_with(&refusal), ErrorCode::MessageTooLarge);
    for seq in [4, 5] {
        let again = rooms.handle_signal(A, &id(8), Some(seq), payload());
        assert!(again.is_empty());
    }
    assert_eq!((rooms.taken(A), rooms.taken(B), rooms.taken(C)), (5, 0, 0));
    rooms.handle_leave(A);
    join(&mut rooms, A, "hall", 7);
    assert_eq!(rooms.taken(A), 0);
}

#[test]
fn a_signal_is_not_taken_before_those_before_it() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", 7);
    join(&mut rooms, B, "hall", 8);
    for (to, seq) in [(8, 2), (9, 2)] {
        let refusal = rooms.handle_signal(A, &id(to), Some(seq), payload());
        match to {
            8 => assert_eq!(refused_with(&refusal), ErrorCode::MissedSignal),
            _ => assert!(refusal.is_empty(), "told already"),
        }
    }
    assert!(rooms.handle_too_long_signal(A, Some(3), 10).is_empty());
    assert_eq!(rooms.taken(A), 0);
    // Who has no numbers is not held up.
    assert_eq!(signal(&mut rooms, A, &id(8)).len(), 1);
    for seq in 1..=2 {
        let outputs = rooms.handle_signal(A, &id(8), Some(seq), payload());
        assert!(matches!(outputs.as_slice(), [Output::Signal { .. }]));
    }
    assert_eq!(rooms.taken(A), 2);
    let refusal = rooms.handle_too_long_signal(C, None, 10);
    assert_eq!(refused_with(&refusal), ErrorCode::NotJoined);
}

#[test]
fn a_signal_that_is_too_long_is_refused() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", 7);
    join(&mut rooms, B, "hall", 8);
    let long = RawValue::from_string("1".repeat(MAX_SIGNAL_BYTES + 1)).unwrap();
    let refusal = rooms.handle_signal(A, &id(8), None, long);
    assert_eq!(refused_with(&refusal), ErrorCode::MessageTooLarge);
}

#[test]
fn a_full_room_refuses_and_is_usable_again_when_somebody_left() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", 7);
    join(&mut rooms, B, "hall", 8);
    let refusal = join(&mut rooms, C, "hall", 9);
    assert_eq!(refused_with(&refusal), ErrorCode::RoomFull);
    // A seat that waits for its client is taken.
    rooms.handle_lost(A, Instant::now());
    let refusal = join(&mut rooms, C, "hall", 9);
    assert_eq!(refused_with(&refusal), ErrorCode::RoomFull);
    rooms.handle_leave(B);
    assert_eq!(join(&mut rooms, C, "hall", 9).len(), 3);
}

/// As `join`, of somebody who can be in a call with more.
pub(super) fn join_mesh(rooms: &mut Rooms, client: ClientId, room: &str, seat: u128) -> Outputs {
    let join = newcomer(RoomKind::Mesh, room, seat);
    rooms.handle_join(client, join, Instant::now())
}

fn capacity_told(outputs: &Outputs) -> usize {
    let told = outputs.iter().find_map(|output| match output {
        Output::Answer(ServerMessage::Joined { capacity, .. }) => Some(*capacity),
        _ => None,
    });
    told.expect("it is let in")
}

#[test]
fn a_room_has_one_name_and_as_many_places_as_the_least_of_its_people_want() {
    let mut rooms = rooms();
    assert_eq!(capacity_told(&join_mesh(&mut rooms, A, "hall", 7)), 3);
    assert_eq!(capacity_told(&join(&mut rooms, B, "hall", 8)), 2);
    assert_eq!(counts(&rooms), (1, 2, 0));
    let refusal = join_mesh(&mut rooms, C, "hall", 9);
    assert_eq!(refused_with(&refusal), ErrorCode::RoomFull);
    rooms.handle_leave(B);
    join_mesh(&mut rooms, B, "hall", 8);
    assert_eq!(capacity_told(&join_mesh(&mut rooms, C, "hall", 9)), 3);
    // Nobody comes into a room of more people than they can be in a call with, not even again.
    rooms.handle_leave(C);
    let refusal = join(&mut rooms, C, "hall", 9);
    assert_eq!(refused_with(&refusal), ErrorCode::RoomFull);
    assert_eq!(capacity_told(&join(&mut rooms, C, "hall", 7)), 2);
}

#[test]
fn one_room_more_than_the_limit_is_refused_but_known_rooms_are_not() {
    let mut rooms = rooms();
    join(&mut rooms, A, "one", 7);
    join(&mut rooms, B, "two", 8);
    let refusal = join(&mut rooms, C, "three", 9);
    assert_eq!(refused_with(&refusal), ErrorCode::ServerFull);
    assert_eq!(join(&mut rooms, C, "two", 9).len(), 3);
}

#[test]
fn seats_that_wait_count_but_not_for_their_own_token() {
    let mut rooms = rooms();
    for n in 1..=4 {
        let room = if n % 2 == 0 { "one" } else { "two" };
        join(&mut rooms, ClientId(n), room, n.into());
    }
    rooms.handle_lost(A, Instant::now());
    let refusal = join(&mut rooms, ClientId(5), "one", 5);
    assert_eq!(refused_with(&refusal), ErrorCode::ServerFull);
    let outputs = join(&mut rooms, ClientId(5), "two", 1);
    assert!(matches!(
        outputs[2],
        Output::Answer(ServerMessage::Joined { .. })
    ));
    assert_eq!(counts(&rooms), (2, 4, 0));
}

#[test]
fn joining_twice_is_refused_and_changes_nothing() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", 7);
    for seat in [7, 8] {
        let refusal = join(&mut rooms, A, "other", seat);
        assert_eq!(refused_with(&refusal), ErrorCode::AlreadyJoined);
    }
    let refusal = rooms.handle_resume(A, SeatId(7));
    assert_eq!(refused_with(&refusal), ErrorCode::AlreadyJoined);
    assert_eq!(rooms.seat_of(A), Some(SeatId(7)));
    assert_eq!(counts(&rooms), (1, 1, 0));
}

#[test]
fn bad_names_are_refused_and_leave_no_room() {
    let mut rooms = rooms();
    for name in ["", "  ", "a\u{0}b", &"x".repeat(65)] {
        let refusal = join(&mut rooms, A, name, 7);
        assert_eq!(refused_with(&refusal), ErrorCode::InvalidRoom);
    }
    let refusal = named(&mut rooms, A, "hall", "longer than it may", 7);
    assert_eq!(refused_with(&refusal), ErrorCode::InvalidName);
    assert_eq!(counts(&rooms), (0, 0, 0));
}

#[test]
fn nothing_but_join_and_resume_is_possible_outside_a_room() {
    let mut rooms = rooms();
    assert_eq!(refused_with(&rooms.handle_leave(A)), ErrorCode::NotJoined);
    let signal = signal(&mut rooms, A, &id(8));
    assert_eq!(refused_with(&signal), ErrorCode::NotJoined);
    assert!(rooms.handle_lost(A, Instant::now()).is_empty());
    assert!(rooms.handle_gone(A, LeaveReason::Left).is_empty());
}

#[test]
fn unknown_foreign_and_own_ids_are_no_addressees() {
    let mut rooms = rooms();
    join(&mut rooms, A, "one", 7);
    join(&mut rooms, B, "two", 8);
    for to in [PeerId::new("nobody"), id(9), id(8), id(7)] {
        let refusal = signal(&mut rooms, A, &to);
        assert_eq!(refused_with(&refusal), ErrorCode::UnknownPeer, "{to}");
    }
}

#[test]
fn who_is_lost_keeps_its_seat_until_the_grace_is_over() {
    let mut rooms = rooms();
    let now = Instant::now();
    join(&mut rooms, A, "hall", 7);
    join(&mut rooms, B, "hall", 8);
    assert_eq!(rooms.poll_timeout(), None);
    assert_eq!(
        lines(&rooms.handle_lost(A, now)),
        [json!([[8], {"type": "peerDisconnected", "peerId": id(7)}])]
    );
    assert_eq!(rooms.poll_timeout(), Some(now + GRACE));
    // It is still there for the others, and for newcomers.
    assert_eq!(signal(&mut rooms, B, &id(7)).len(), 1);
    rooms.handle_leave(B);
    let joined = &lines(&join(&mut rooms, B, "hall", 8))[0][1];
    assert_eq!(
        joined["peers"],
        json!([{"peerId": id(7), "connected": false, "host": true}])
    );

    assert!(
        rooms
            .handle_timeout(now + GRACE - Duration::from_millis(1))
            .is_empty()
    );
    assert_eq!(
        lines(&rooms.handle_timeout(now + GRACE)),
        [
            json!(["vacated", 7]),
            json!([[8], {"type": "peerLeft", "peerId": id(7), "reason": "disconnected"}]),
            json!([[8], host(8)]),
        ]
    );
    assert_eq!(rooms.poll_timeout(), None);
    let refusal = rooms.handle_resume(A, SeatId(7));
    assert_eq!(refused_with(&refusal), ErrorCode::CannotResume);
    assert_eq!(counts(&rooms), (1, 1, 0));
}

#[test]
fn a_lost_client_resumes_its_seat() {
    let mut rooms = rooms();
    let now = Instant::now();
    join(&mut rooms, A, "hall", 7);
    join(&mut rooms, B, "hall", 8);
    rooms.handle_signal(A, &id(8), Some(1), payload());
    rooms.handle_lost(A, now);
    assert_eq!(
        lines(&rooms.handle_resume(C, SeatId(7))),
        [
            json!(["answer", {"type": "resumed", "received": 1}]),
            json!(["seated", 7]),
            json!([[8], {"type": "peerResumed", "peerId": id(7)}]),
        ]
    );
    assert!(rooms.handle_timeout(now + GRACE).is_empty());
    assert_eq!(
        (rooms.seat_of(A), rooms.seat_of(C)),
        (None, Some(SeatId(7)))
    );
    assert_eq!(counts(&rooms), (1, 2, 0));
}

#[test]
fn a_connection_that_nobody_missed_yet_is_replaced_in_silence() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", 7);
    join(&mut rooms, B, "hall", 8);
    assert_eq!(
        lines(&rooms.handle_resume(C, SeatId(7))),
        [
            json!(["answer", {"type": "resumed", "received": 0}]),
            json!(["seated", 7]),
            json!(["replaced", 1]),
        ]
    );
    assert!(rooms.handle_lost(A, Instant::now()).is_empty());
    assert_eq!(counts(&rooms), (1, 2, 0));
}

#[test]
fn a_join_with_a_known_token_gives_up_its_seat_first() {
    let now = Instant::now();
    for lost in [true, false] {
        let mut rooms = rooms();
        join(&mut rooms, A, "hall", 7);
        join(&mut rooms, B, "hall", 8);
        if lost {
            rooms.handle_lost(A, now);
        }
        // The room is full but for the seat that becomes free.
        let mut lines = lines(&join(&mut rooms, C, "hall", 7));
        let left = json!({"type": "peerLeft", "peerId": id(7), "reason": "disconnected"});
        assert_eq!(lines[..2], [json!(["vacated", 7]), json!([[8], left])]);
        if !lost {
            assert_eq!(lines.remove(2), json!(["replaced", 1]));
        }
        assert_eq!(lines[2][1]["created"], json!(false));
        assert_eq!(lines[2][1]["peerId"], json!(id(7)));
        let joined = json!({"type": "peerJoined", "peerId": id(7)});
        // It was the host, and is it again.
        let as_before = host(7);
        assert_eq!(
            lines[3..],
            [
                json!(["seated", 7]),
                json!([[8], joined]),
                json!([[8], as_before])
            ]
        );
        assert!(rooms.handle_timeout(now + GRACE).is_empty());
        assert_eq!(counts(&rooms), (1, 2, 0));
    }
}

#[test]
fn a_join_that_fails_gives_up_nothing() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", 7);
    join(&mut rooms, B, "hall", 8);
    join(&mut rooms, C, "other", 9);
    for (room, code) in [("", ErrorCode::InvalidRoom), ("hall", ErrorCode::RoomFull)] {
        let refusal = join(&mut rooms, ClientId(4), room, 9);
        assert_eq!(refused_with(&refusal), code);
    }
    assert_eq!(rooms.seat_of(C), Some(SeatId(9)));
    // Its own room would end, so there is a place for another.
    let outputs = join(&mut rooms, ClientId(4), "third", 9);
    assert_eq!(
        lines(&outputs)[..2],
        [json!(["vacated", 9]), json!(["replaced", 3])]
    );
    assert_eq!(counts(&rooms), (2, 3, 0));
}

#[test]
fn others_are_told_why_somebody_is_gone() {
    for reason in [LeaveReason::Left, LeaveReason::Removed] {
        let mut rooms = rooms();
        join(&mut rooms, A, "hall", 7);
        join(&mut rooms, B, "hall", 8);
        let outputs = match reason {
            LeaveReason::Removed => rooms.handle_overflow(SeatId(7)),
            reason => rooms.handle_gone(A, reason),
        };
        let left = json!({"type": "peerLeft", "peerId": id(7), "reason": reason});
        assert_eq!(
            lines(&outputs),
            [
                json!(["vacated", 7]),
                json!([[8], left]),
                json!([[8], host(8)])
            ]
        );
    }
}

#[test]
fn leaving_is_answered_and_told_and_the_last_one_ends_the_room() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", 7);
    join(&mut rooms, B, "hall", 8);
    assert_eq!(
        lines(&rooms.handle_leave(A)),
        [
            json!(["answer", {"type": "left", "room": "hall"}]),
            json!(["vacated", 7]),
            json!([[8], {"type": "peerLeft", "peerId": id(7), "reason": "left"}]),
            json!([[8], host(8)]),
        ]
    );
    rooms.handle_leave(B);
    assert_eq!(counts(&rooms), (0, 0, 0));
}
