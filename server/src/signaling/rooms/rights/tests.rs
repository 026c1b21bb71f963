//! Each right, and who is told what.

use serde_json::{Value, json};
use signaling_protocol::{Passphrase, RoomKind};

use super::super::tests::{
    A, B, C, GRACE, counts, host, id, join, join_mesh, lines, newcomer, refused_with, rooms,
};
use super::super::{Join, Work, WorkDone};
use super::*;
use crate::signaling::passphrase::PassphraseHash;

mod passphrases;

/// What a client says as a host, as it is on the wire.
fn say(rooms: &mut Rooms, client: ClientId, message: Value) -> Outputs {
    let message = serde_json::from_value(message).unwrap();
    rooms.handle_host(client, ClientAddress::TEST, message, Instant::now())
}

fn set_policy(rooms: &mut Rooms, client: ClientId, change: Value) -> Outputs {
    let mut message = json!({"type": "setPolicy"});
    let fields = change.as_object().unwrap().clone();
    message.as_object_mut().unwrap().extend(fields);
    say(rooms, client, message)
}

fn policy(locked: bool, lobby: bool, passphrase: bool) -> Value {
    let policy = json!({"locked": locked, "lobby": lobby, "passphrase": passphrase});
    json!({"type": "policy", "policy": policy})
}

/// That a participant has set another passphrase, in a room that is locked or not.
fn passphrase_by(seat: u128, locked: bool) -> Value {
    let policy = json!({"locked": locked, "lobby": false, "passphrase": true});
    json!({"type": "policy", "policy": policy, "passphraseBy": id(seat)})
}

/// A room of A, its host, and B.
fn hall() -> Rooms {
    let mut rooms = rooms();
    join_mesh(&mut rooms, A, "hall", 7);
    join_mesh(&mut rooms, B, "hall", 8);
    rooms
}

/// A room of A in which newcomers wait.
fn lobby() -> Rooms {
    let mut rooms = rooms();
    join_mesh(&mut rooms, A, "hall", 7);
    let told = set_policy(&mut rooms, A, json!({"lobby": true}));
    assert_eq!(lines(&told), [json!([[7], policy(false, true, false)])]);
    rooms
}

/// A room of A with a passphrase, and the hash of it.
fn with_passphrase() -> (Rooms, Arc<PassphraseHash>) {
    let mut rooms = rooms();
    join_mesh(&mut rooms, A, "hall", 7);
    let hash = change_passphrase(&mut rooms);
    (rooms, hash)
}

fn change_passphrase(rooms: &mut Rooms) -> Arc<PassphraseHash> {
    let outputs = set_policy(rooms, A, json!({"passphrase": "open sesame"}));
    assert!(matches!(work(&outputs), Work::Hash(_)));
    let hash = Arc::new(PassphraseHash::dummy());
    let done = WorkDone::Hashed(Arc::clone(&hash));
    rooms.handle_work_done(A, done, Instant::now());
    hash
}

fn work(outputs: &Outputs) -> &Work {
    match outputs.as_slice() {
        [Output::Work { work, .. }] => work,
        other => panic!("not work alone: {other:?}"),
    }
}

/// Where the `n`th comes from.
pub(super) fn address(n: u64) -> ClientAddress {
    ClientAddress::new(std::net::Ipv4Addr::from_bits(n as u32).into())
}

/// Everybody comes from an address of their own.
fn join_with(rooms: &mut Rooms, client: ClientId, seat: u128, passphrase: &str) -> Outputs {
    join_from(rooms, client, address(client.0), seat, passphrase)
}

fn join_from(
    rooms: &mut Rooms,
    client: ClientId,
    address: ClientAddress,
    seat: u128,
    passphrase: &str,
) -> Outputs {
    let join = Join {
        address,
        passphrase: Some(Passphrase::new(passphrase).unwrap()),
        ..newcomer(RoomKind::Mesh, "hall", seat)
    };
    rooms.handle_join(client, join, Instant::now())
}

fn verified(
    rooms: &mut Rooms,
    client: ClientId,
    hash: &Arc<PassphraseHash>,
    right: bool,
) -> Outputs {
    let done = WorkDone::Verified(Arc::clone(hash), right);
    rooms.handle_work_done(client, done, Instant::now())
}

fn is_in(outputs: &Outputs) -> bool {
    let seated = |output: &Output| matches!(output, Output::Seated { .. });
    outputs.iter().any(seated)
}

#[test]
fn who_is_no_host_may_nothing() {
    let mut rooms = hall();
    for message in [
        json!({"type": "setPolicy", "locked": true}),
        json!({"type": "setPolicy", "passphrase": "x"}),
        json!({"type": "admit", "peerId": id(9)}),
        json!({"type": "refuse", "peerId": id(9)}),
        json!({"type": "remove", "peerId": id(7)}),
        json!({"type": "setParticipant", "peerId": id(8), "host": true}),
        json!({"type": "setParticipant", "peerId": id(8), "silenced": false}),
        json!({"type": "setParticipant", "peerId": id(8), "spotlight": true}),
    ] {
        let refusal = say(&mut rooms, B, message.clone());
        assert_eq!(refused_with(&refusal), ErrorCode::NotAllowed, "{message}");
        let refusal = say(&mut rooms, C, message);
        assert_eq!(refused_with(&refusal), ErrorCode::NotJoined);
    }
}

#[test]
fn a_host_makes_others_hosts_and_not_the_reverse() {
    let mut rooms = hall();
    let make =
        |host: bool, seat| json!({"type": "setParticipant", "peerId": id(seat), "host": host});
    let told = say(&mut rooms, A, make(true, 8));
    assert_eq!(lines(&told), [json!([[7, 8], host(8)])]);
    assert!(say(&mut rooms, A, make(true, 8)).is_empty(), "it is one");
    let refusal = say(&mut rooms, B, make(false, 7));
    assert_eq!(refused_with(&refusal), ErrorCode::NotAllowed);
    let refusal = say(&mut rooms, B, make(true, 9));
    assert_eq!(refused_with(&refusal), ErrorCode::UnknownPeer);
    // There is still one, so nobody becomes host.
    assert_eq!(rooms.handle_leave(A).len(), 3);
}

#[test]
fn who_has_been_in_the_room_longest_is_host_after_the_last() {
    let mut rooms = hall();
    join_mesh(&mut rooms, C, "hall", 9);
    let now = Instant::now();
    // As long as the seat is kept, it is the host's.
    assert_eq!(lines(&rooms.handle_lost(A, now)).len(), 1);
    let told = lines(&rooms.handle_timeout(now + GRACE));
    assert_eq!(told[2], json!([[8, 9], host(8)]));
}

#[test]
fn nobody_new_comes_into_a_locked_room() {
    let mut rooms = hall();
    let told = set_policy(&mut rooms, A, json!({"locked": true}));
    assert_eq!(lines(&told), [json!([[7, 8], policy(true, false, false)])]);
    assert!(set_policy(&mut rooms, A, json!({"locked": true})).is_empty());
    let refusal = join_mesh(&mut rooms, C, "hall", 9);
    assert_eq!(refused_with(&refusal), ErrorCode::RoomLocked);
    // Own seats are no news, with the connection lost or not.
    rooms.handle_lost(B, Instant::now());
    assert!(is_in(&rooms.handle_resume(C, SeatId(8))));
    assert!(is_in(&join_mesh(&mut rooms, B, "hall", 8)));
    // The policy stays with the room, also when its only one comes anew.
    rooms.handle_leave(B);
    let joined = lines(&join_mesh(&mut rooms, C, "hall", 7));
    let answer = &joined[2][1];
    assert_eq!(answer["policy"]["locked"], true);
    assert_eq!(
        (&answer["host"], &answer["created"]),
        (&json!(true), &json!(false))
    );
    // It is gone with the room.
    rooms.handle_leave(C);
    assert!(is_in(&join_mesh(&mut rooms, B, "hall", 8)));
}

#[test]
fn who_waits_gets_nothing_but_an_answer() {
    let mut rooms = lobby();
    let waits = lines(&join_mesh(&mut rooms, B, "hall", 8));
    assert_eq!(
        waits,
        [
            json!(["answer", {"type": "waiting", "room": "hall", "peerId": id(8)}]),
            json!([[7], {"type": "knock", "peerId": id(8)}]),
        ]
    );
    assert_eq!((counts(&rooms), rooms.waiting_count()), ((1, 1, 0), 1));
    let refusal = join_mesh(&mut rooms, B, "other", 9);
    assert_eq!(refused_with(&refusal), ErrorCode::AlreadyJoined);
    let refusal = rooms.handle_resume(B, SeatId(7));
    assert_eq!(refused_with(&refusal), ErrorCode::AlreadyJoined);

    let admitted = lines(&say(
        &mut rooms,
        A,
        json!({"type": "admit", "peerId": id(8)}),
    ));
    assert_eq!(
        admitted[0],
        json!([[7], {"type": "knockEnded", "peerId": id(8)}])
    );
    assert_eq!(
        (&admitted[1][0], &admitted[1][1]),
        (&json!("inform"), &json!(2))
    );
    assert_eq!(admitted[1][2]["type"], "joined");
    assert_eq!(admitted[1][2]["peers"][0]["peerId"], json!(id(7)));
    assert_eq!(
        admitted[2..],
        [
            json!(["seated", 8]),
            json!([[7], {"type": "peerJoined", "peerId": id(8)}]),
        ]
    );
    assert_eq!((counts(&rooms), rooms.waiting_count()), ((1, 2, 0), 0));
}

#[test]
fn waiting_ends_by_a_refusal_by_leaving_and_with_the_connection() {
    let mut rooms = lobby();
    let ended = json!([[7], {"type": "knockEnded", "peerId": id(8)}]);
    join_mesh(&mut rooms, B, "hall", 8);
    let refused = lines(&say(
        &mut rooms,
        A,
        json!({"type": "refuse", "peerId": id(8)}),
    ));
    assert_eq!(refused[0], ended);
    assert_eq!(refused[1][2]["code"], "notAdmitted");

    join_mesh(&mut rooms, B, "hall", 8);
    let left = json!(["answer", {"type": "left", "room": "hall"}]);
    assert_eq!(lines(&rooms.handle_leave(B)), [left, ended.clone()]);

    join_mesh(&mut rooms, B, "hall", 8);
    assert_eq!(
        lines(&rooms.handle_lost(B, Instant::now())),
        std::slice::from_ref(&ended)
    );

    // Another connection with its token takes its place.
    join_mesh(&mut rooms, B, "hall", 8);
    let again = lines(&join_mesh(&mut rooms, C, "hall", 8));
    assert_eq!(again[..2], [ended, json!(["replaced", 2])]);

    let closed = lines(&rooms.handle_leave(A));
    let last = closed.last().unwrap();
    assert_eq!(
        (&last[1], &last[2]["code"]),
        (&json!(3), &json!("roomClosed"))
    );
    assert_eq!((counts(&rooms), rooms.waiting_count()), ((0, 0, 0), 0));
}

#[test]
fn as_many_may_wait_as_a_mesh_has_people() {
    let mut rooms = lobby();
    for seat in 10..13 {
        join_mesh(&mut rooms, ClientId(seat), "hall", seat.into());
    }
    // The server has four places in all, of which these have taken every one.
    let refusal = join_mesh(&mut rooms, ClientId(13), "hall", 13);
    assert_eq!(refused_with(&refusal), ErrorCode::ServerFull);
    rooms.limits.max_seats = 100;
    let refusal = join_mesh(&mut rooms, ClientId(13), "hall", 13);
    assert_eq!(refused_with(&refusal), ErrorCode::RoomFull);
}

#[test]
fn without_a_lobby_who_waits_comes_in_as_far_as_there_is_a_place() {
    let mut rooms = lobby();
    rooms.limits.max_seats = 100;
    for seat in 10..13 {
        join_mesh(&mut rooms, ClientId(seat), "hall", seat.into());
    }
    let outputs = set_policy(&mut rooms, A, json!({"lobby": false}));
    let informed: Vec<_> = (lines(&outputs).into_iter())
        .filter(|line| line[0] == "inform")
        .map(|line| {
            (
                line[1].clone(),
                line[2]["type"].clone(),
                line[2]["code"].clone(),
            )
        })
        .collect();
    assert_eq!(
        informed,
        [
            (json!(10), json!("joined"), Value::Null),
            (json!(11), json!("joined"), Value::Null),
            (json!(12), json!("error"), json!("roomFull")),
        ]
    );
}

#[test]
fn a_host_cannot_let_anybody_into_a_locked_or_full_room() {
    let mut rooms = lobby();
    join(&mut rooms, B, "hall", 8);
    set_policy(&mut rooms, A, json!({"locked": true}));
    let admit = || json!({"type": "admit", "peerId": id(8)});
    assert_eq!(
        refused_with(&say(&mut rooms, A, admit())),
        ErrorCode::RoomLocked
    );
    set_policy(&mut rooms, A, json!({"locked": false}));
    join_mesh(&mut rooms, C, "hall", 9);
    say(&mut rooms, A, json!({"type": "admit", "peerId": id(9)}));
    // B can be in a call with one other only.
    assert_eq!(
        refused_with(&say(&mut rooms, A, admit())),
        ErrorCode::RoomFull
    );
    assert_eq!(rooms.waiting_count(), 1);
}

#[test]
fn who_becomes_host_learns_who_waits() {
    let mut rooms = hall();
    set_policy(&mut rooms, A, json!({"lobby": true}));
    join_mesh(&mut rooms, C, "hall", 9);
    let told = lines(&rooms.handle_leave(A));
    let knock = json!({"type": "knock", "peerId": id(9)});
    assert_eq!(told[3..], [json!([[8], host(8)]), json!([[8], knock])]);
}

#[test]
fn a_passphrase_is_asked_for_checked_and_checked_again_if_it_changed() {
    let (mut rooms, hash) = with_passphrase();
    let refusal = join_mesh(&mut rooms, B, "hall", 8);
    assert_eq!(refused_with(&refusal), ErrorCode::PassphraseRequired);
    let outputs = join_with(&mut rooms, B, 8, "open barley");
    let Work::Verify(checked, given) = work(&outputs) else {
        panic!("{outputs:?}");
    };
    assert!(Arc::ptr_eq(checked, &hash));
    assert_eq!(given.expose(), "open barley");
    let refusal = verified(&mut rooms, B, &hash, false);
    assert_eq!(refused_with(&refusal), ErrorCode::WrongPassphrase);

    join_with(&mut rooms, B, 8, "open sesame");
    let other = change_passphrase(&mut rooms);
    let again = verified(&mut rooms, B, &hash, true);
    assert!(matches!(work(&again), Work::Verify(hash, _) if Arc::ptr_eq(hash, &other)));
    set_policy(&mut rooms, A, json!({"lobby": true}));
    let waits = lines(&verified(&mut rooms, B, &other, true));
    assert_eq!(waits[0][1]["type"], "waiting");

    let told = set_policy(&mut rooms, A, json!({"passphrase": null}));
    assert_eq!(lines(&told), [json!([[7], policy(false, true, false)])]);
}

#[test]
fn who_left_meanwhile_is_not_let_in() {
    let (mut rooms, hash) = with_passphrase();
    join_with(&mut rooms, B, 8, "open sesame");
    let left = json!(["answer", {"type": "left", "room": "hall"}]);
    assert_eq!(lines(&rooms.handle_leave(B)), [left]);
    assert!(verified(&mut rooms, B, &hash, true).is_empty());
    join_with(&mut rooms, B, 8, "open sesame");
    rooms.handle_lost(B, Instant::now());
    assert!(verified(&mut rooms, B, &hash, true).is_empty());
}

#[test]
fn what_a_host_has_decided_does_not_end_with_its_connection_but_with_its_right() {
    let error = |code: &str, line: &Value| assert_eq!(line["code"], code, "{line}");
    for leaves in [false, true] {
        let mut rooms = hall();
        set_policy(
            &mut rooms,
            A,
            json!({"passphrase": "open sesame", "locked": true}),
        );
        if leaves {
            let told = lines(&rooms.handle_leave(A));
            error("notAllowed", &told[0][1]);
            assert_eq!(told[1][1]["type"], "left");
        } else {
            rooms.handle_lost(A, Instant::now());
        }
        let hash = Arc::new(PassphraseHash::dummy());
        let outputs = rooms.handle_work_done(A, WorkDone::Hashed(hash), Instant::now());
        match leaves {
            true => assert!(outputs.is_empty()),
            false => assert_eq!(lines(&outputs), [json!([[7, 8], passphrase_by(7, true)])]),
        }
    }
}

#[test]
fn who_is_removed_is_told_and_so_are_the_others() {
    let mut rooms = hall();
    join_mesh(&mut rooms, C, "hall", 9);
    let remove = |seat| json!({"type": "remove", "peerId": id(seat)});
    assert_eq!(
        refused_with(&say(&mut rooms, A, remove(7))),
        ErrorCode::NotAllowed
    );
    let left = json!({"type": "peerLeft", "peerId": id(8), "reason": "removedByHost"});
    let removed = json!({"type": "removed", "room": "hall"});
    assert_eq!(
        lines(&say(&mut rooms, A, remove(8))),
        [
            json!(["vacated", 8]),
            json!([[7, 9], left]),
            json!(["inform", 2, removed]),
        ]
    );
    // The connection is there, and may join another room, but not this one as long as it lives.
    let refusal = join_mesh(&mut rooms, B, "hall", 8);
    assert_eq!(refused_with(&refusal), ErrorCode::RemovedByHost);
    assert!(is_in(&join_mesh(&mut rooms, B, "other", 8)));
    rooms.handle_leave(B);
    assert_eq!(
        refused_with(&say(&mut rooms, A, remove(5))),
        ErrorCode::UnknownPeer
    );
}

#[test]
fn a_removal_holds_until_the_room_ends_also_for_who_was_away() {
    let now = Instant::now();
    for late in [false, true] {
        let mut rooms = hall();
        rooms.handle_lost(B, now);
        say(&mut rooms, A, json!({"type": "remove", "peerId": id(8)}));
        assert_eq!((rooms.away_count(), rooms.poll_timeout()), (0, None));
        if late {
            rooms.handle_timeout(now + GRACE);
        }
        let refusal = rooms.handle_resume(C, SeatId(8));
        assert_eq!(refused_with(&refusal), ErrorCode::CannotResume);
        for _ in 0..2 {
            let refusal = join_mesh(&mut rooms, C, "hall", 8);
            assert_eq!(refused_with(&refusal), ErrorCode::RemovedByHost);
        }
        rooms.handle_leave(A);
        assert!(is_in(&join_mesh(&mut rooms, C, "hall", 8)));
    }
}

#[test]
fn who_is_silenced_stays_so_until_a_host_lifts_it() {
    let mut rooms = hall();
    let silence =
        |silenced: bool| json!({"type": "setParticipant", "peerId": id(8), "silenced": silenced});
    let told = |silenced: bool| json!({"type": "peerChanged", "peerId": id(8), "host": false, "silenced": silenced});
    assert_eq!(
        lines(&say(&mut rooms, A, silence(true))),
        [json!([[7, 8], told(true)])]
    );
    let again = lines(&join_mesh(&mut rooms, C, "hall", 8));
    let joined = again.iter().find(|line| line[0] == "answer").unwrap();
    assert_eq!(joined[1]["silenced"], true);
    assert_eq!(again.last(), Some(&json!([[7], told(true)])));
    // Nor does it get its voice back by leaving.
    rooms.handle_leave(C);
    join_mesh(&mut rooms, C, "hall", 8);
    let third = lines(&join_mesh(&mut rooms, ClientId(4), "hall", 9));
    assert_eq!(third[0][1]["peers"][1]["silenced"], true);
    assert_eq!(
        lines(&say(&mut rooms, A, silence(false))),
        [json!([[7, 8, 9], told(false)])]
    );
    rooms.handle_leave(C);
    let again = lines(&join_mesh(&mut rooms, C, "hall", 8));
    assert_eq!(again[0][1]["silenced"], false);
}

#[test]
fn one_is_in_the_spotlight_until_a_host_takes_it_back_or_it_leaves() {
    let mut rooms = hall();
    let put = |seat: u128, spotlight: bool| json!({"type": "setParticipant", "peerId": id(seat), "spotlight": spotlight});
    let told = |seat: u128, spotlight: bool| {
        let mut told = json!({"type": "peerChanged", "peerId": id(seat), "host": seat == 7, "silenced": false});
        if spotlight {
            told["spotlight"] = json!(true);
        }
        json!([[7, 8], told])
    };
    assert_eq!(lines(&say(&mut rooms, A, put(8, true))), [told(8, true)]);
    assert_eq!(
        lines(&say(&mut rooms, A, put(7, true))),
        [told(8, false), told(7, true)]
    );
    assert_eq!(lines(&say(&mut rooms, A, put(7, false))), [told(7, false)]);
    say(&mut rooms, A, put(8, true));
    // Whose page is loaded again.
    let again = lines(&join_mesh(&mut rooms, C, "hall", 8));
    let joined = again.iter().find(|line| line[0] == "answer").unwrap();
    assert_eq!(joined[1]["spotlight"], true);
    assert_eq!(again.last().unwrap()[1]["spotlight"], true);
    // Who comes later.
    let third = lines(&join_mesh(&mut rooms, ClientId(4), "hall", 9));
    assert_eq!(third[0][1]["peers"][1]["spotlight"], true);
    rooms.handle_leave(C);
    let again = lines(&join_mesh(&mut rooms, C, "hall", 8));
    assert_eq!(again[0][1].get("spotlight"), None);
}
