//! Each input of the machine, and each refusal.

use super::*;

const A: ClientId = ClientId(1);
const B: ClientId = ClientId(2);
const C: ClientId = ClientId(3);

fn rooms() -> Rooms {
    Rooms::new(RoomLimits {
        max_rooms: 2,
        capacities: Capacities { call: 2 },
    })
}

fn join(rooms: &mut Rooms, client: ClientId, name: &str, peer: &str) -> Outputs {
    rooms.handle_join(client, name, RoomKind::Call, PeerId::new(peer), &[])
}

fn signal(rooms: &mut Rooms, client: ClientId, to: &str) -> Outputs {
    let payload = RawValue::from_string("{\"a\": 1}".to_owned()).unwrap();
    rooms.handle_signal(client, &PeerId::new(to), payload)
}

/// Outputs as `recipients: JSON` lines.
fn lines(outputs: &Outputs) -> Vec<(Vec<u64>, serde_json::Value)> {
    outputs
        .iter()
        .map(|output| {
            let text = serde_json::to_string(&output.message).unwrap();
            (
                output.to.iter().map(|client| client.0).collect(),
                serde_json::from_str(&text).unwrap(),
            )
        })
        .collect()
}

fn refused_with(outputs: &Outputs, client: ClientId) -> ErrorCode {
    match outputs.as_slice() {
        [
            Output {
                to,
                message: ServerMessage::Error(error),
            },
        ] if to.as_slice() == [client] => error.code,
        other => panic!("not one refusal to {client:?}: {other:?}"),
    }
}

#[test]
fn the_first_creates_the_room_and_the_second_finds_the_first() {
    let mut rooms = rooms();
    let ice = [IceServer {
        urls: vec!["stun:stun.example:3478".to_owned()],
        username: None,
        credential: None,
    }];
    let outputs = rooms.handle_join(A, " hall ", RoomKind::Call, PeerId::new("a"), &ice);
    assert_eq!(
        lines(&outputs),
        [(
            vec![1],
            serde_json::json!({
                "type": "joined", "room": "hall", "kind": "call", "peerId": "a", "created": true,
                "capacity": 2, "peers": [], "iceServers": [{"urls": ["stun:stun.example:3478"]}],
            })
        )]
    );
    let outputs = join(&mut rooms, B, "hall", "b");
    assert_eq!(
        lines(&outputs),
        [
            (
                vec![2],
                serde_json::json!({
                    "type": "joined", "room": "hall", "kind": "call", "peerId": "b",
                    "created": false, "capacity": 2, "peers": ["a"], "iceServers": [],
                })
            ),
            (
                vec![1],
                serde_json::json!({"type": "peerJoined", "peerId": "b"})
            ),
        ]
    );
    assert_eq!((rooms.room_count(), rooms.seat_count()), (1, 2));
}

#[test]
fn a_signal_goes_unchanged_to_the_addressed_peer_only() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", "a");
    join(&mut rooms, B, "hall", "b");
    let outputs = signal(&mut rooms, A, "b");
    assert_eq!(outputs.len(), 1);
    assert_eq!(outputs[0].to.as_slice(), [B]);
    let ServerMessage::Signal { from, signal } = &outputs[0].message else {
        panic!("{outputs:?}");
    };
    assert_eq!(from.as_str(), "a");
    assert_eq!(signal.get(), "{\"a\": 1}");
}

#[test]
fn a_full_room_refuses_and_is_usable_again_when_somebody_left() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", "a");
    join(&mut rooms, B, "hall", "b");
    let refusal = join(&mut rooms, C, "hall", "c");
    assert_eq!(refused_with(&refusal, C), ErrorCode::RoomFull);
    rooms.handle_leave(A);
    assert_eq!(join(&mut rooms, C, "hall", "c").len(), 2);
}

#[test]
fn one_room_more_than_the_limit_is_refused_but_known_rooms_are_not() {
    let mut rooms = rooms();
    join(&mut rooms, A, "one", "a");
    join(&mut rooms, B, "two", "b");
    let refusal = join(&mut rooms, C, "three", "c");
    assert_eq!(refused_with(&refusal, C), ErrorCode::ServerFull);
    assert_eq!(join(&mut rooms, C, "two", "c").len(), 2);
}

#[test]
fn joining_twice_is_refused_and_changes_nothing() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", "a");
    let refusal = join(&mut rooms, A, "other", "a2");
    assert_eq!(refused_with(&refusal, A), ErrorCode::AlreadyJoined);
    assert_eq!(rooms.peer_id(A), Some(&PeerId::new("a")));
    assert_eq!(rooms.room_count(), 1);
}

#[test]
fn bad_names_are_refused_and_leave_no_room() {
    let mut rooms = rooms();
    for name in ["", "  ", "a\u{0}b", &"x".repeat(65)] {
        let refusal = join(&mut rooms, A, name, "a");
        assert_eq!(refused_with(&refusal, A), ErrorCode::InvalidRoom);
    }
    assert_eq!((rooms.room_count(), rooms.seat_count()), (0, 0));
}

#[test]
fn nothing_but_join_is_possible_outside_a_room() {
    let mut rooms = rooms();
    let leave = rooms.handle_leave(A);
    assert_eq!(refused_with(&leave, A), ErrorCode::NotJoined);
    let signal = signal(&mut rooms, A, "b");
    assert_eq!(refused_with(&signal, A), ErrorCode::NotJoined);
    assert!(
        rooms
            .handle_disconnect(A, LeaveReason::Disconnected)
            .is_empty()
    );
}

#[test]
fn unknown_foreign_and_own_ids_are_no_addressees() {
    let mut rooms = rooms();
    join(&mut rooms, A, "one", "a");
    join(&mut rooms, B, "two", "b");
    for to in ["nobody", "b", "a"] {
        let refusal = signal(&mut rooms, A, to);
        assert_eq!(refused_with(&refusal, A), ErrorCode::UnknownPeer, "{to}");
    }
}

#[test]
fn others_are_told_why_somebody_is_gone() {
    for reason in [LeaveReason::Disconnected, LeaveReason::Removed] {
        let mut rooms = rooms();
        join(&mut rooms, A, "hall", "a");
        join(&mut rooms, B, "hall", "b");
        let outputs = rooms.handle_disconnect(A, reason);
        assert_eq!(
            lines(&outputs),
            [(
                vec![2],
                serde_json::json!({"type": "peerLeft", "peerId": "a", "reason": reason})
            )]
        );
    }
}

#[test]
fn leaving_is_answered_and_told_and_the_last_one_ends_the_room() {
    let mut rooms = rooms();
    join(&mut rooms, A, "hall", "a");
    join(&mut rooms, B, "hall", "b");
    assert_eq!(
        lines(&rooms.handle_leave(A)),
        [
            (vec![1], serde_json::json!({"type": "left", "room": "hall"})),
            (
                vec![2],
                serde_json::json!({"type": "peerLeft", "peerId": "a", "reason": "left"})
            ),
        ]
    );
    rooms.handle_leave(B);
    assert_eq!((rooms.room_count(), rooms.seat_count()), (0, 0));
}
