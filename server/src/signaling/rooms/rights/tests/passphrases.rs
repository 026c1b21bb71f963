//! How often passphrases are looked at, what overtakes a new one, and who passes a policy.

use std::time::Duration;

use super::*;

/// One wrong passphrase of a new client; whether it was looked at.
fn guess(rooms: &mut Rooms, hash: &Arc<PassphraseHash>, n: u64, from: ClientAddress) -> bool {
    let client = ClientId(100 + n);
    let outputs = join_from(rooms, client, from, 100 + u128::from(n), "guess");
    let is_looked_at = matches!(outputs.as_slice(), [Output::Work { .. }]);
    if is_looked_at {
        let refusal = verified(rooms, client, hash, false);
        assert_eq!(refused_with(&refusal), ErrorCode::WrongPassphrase);
    } else {
        assert_eq!(refused_with(&outputs), ErrorCode::Busy);
    }
    rooms.handle_lost(client, Instant::now());
    is_looked_at
}

#[test]
fn an_address_has_five_wrong_attempts_in_a_row_in_however_many_connections() {
    let (mut rooms, hash) = with_passphrase();
    let looked_at = (0..20).filter(|n| guess(&mut rooms, &hash, *n, address(1)));
    assert_eq!(looked_at.count(), 5);
    assert!(guess(&mut rooms, &hash, 21, address(2)));
    // Later it has another.
    let later = Instant::now() + Duration::from_secs(11);
    let join = Join {
        address: address(1),
        passphrase: Some(Passphrase::new("again").unwrap()),
        ..newcomer(RoomKind::Mesh, "hall", 8)
    };
    let outputs = rooms.handle_join(B, join, later);
    assert!(matches!(work(&outputs), Work::Verify(..)));
}

#[test]
fn many_addresses_that_guess_together_are_slowed_down_and_lock_nobody_out() {
    let (mut rooms, hash) = with_passphrase();
    let guesses = (0..1000).filter(|n| guess(&mut rooms, &hash, *n, address(n % 100)));
    // Thirty in the room; and whoever has made no mistake yet has one all the same.
    assert_eq!(guesses.count(), 100);
    join_with(&mut rooms, ClientId(5000), 8, "open sesame");
    assert!(is_in(&verified(&mut rooms, ClientId(5000), &hash, true)));
}

#[test]
fn right_ones_are_no_mistakes() {
    let (mut rooms, hash) = with_passphrase();
    for _ in 0..10 {
        join_with(&mut rooms, B, 8, "open sesame");
        assert!(is_in(&verified(&mut rooms, B, &hash, true)));
        rooms.handle_leave(B);
    }
    assert!(guess(&mut rooms, &hash, 0, address(B.0)));
}

#[test]
fn one_check_of_an_address_waits_and_its_connection_may_end_meanwhile() {
    let (mut rooms, hash) = with_passphrase();
    assert_eq!(join_with(&mut rooms, B, 8, "one").len(), 1);
    for (client, from) in [(B, address(9)), (C, address(B.0))] {
        let refusal = join_from(&mut rooms, client, from, 9, "two");
        assert_eq!(refused_with(&refusal), ErrorCode::Busy);
    }
    rooms.handle_lost(B, Instant::now());
    let refusal = join_from(&mut rooms, C, address(B.0), 9, "two");
    assert_eq!(
        refused_with(&refusal),
        ErrorCode::Busy,
        "it is still in the queue"
    );
    assert!(verified(&mut rooms, B, &hash, false).is_empty());
    let outputs = join_from(&mut rooms, C, address(B.0), 9, "two");
    assert!(matches!(work(&outputs), Work::Verify(..)));
    let refusal = rooms.handle_work_done(C, WorkDone::Busy, Instant::now());
    assert_eq!(refused_with(&refusal), ErrorCode::Busy);
}

#[test]
fn a_room_fills_only_a_part_of_the_queue() {
    let (mut rooms, _) = with_passphrase();
    rooms.limits.max_seats = 100;
    let waits = |n: &u64| {
        let outputs = join_with(&mut rooms, ClientId(10 + n), 8, "one");
        matches!(outputs.as_slice(), [Output::Work { .. }])
    };
    assert_eq!((0..20).filter(waits).count(), 8);
}

#[test]
fn a_passphrase_that_is_not_ready_is_overtaken_by_who_decides_the_same_later() {
    let make_host = json!({"type": "setParticipant", "peerId": id(8), "host": true});
    for (later, overtakes) in [
        (json!({"passphrase": null}), true),
        (json!({"lobby": false}), true),
        (json!({"locked": true}), false),
    ] {
        let mut rooms = hall();
        say(&mut rooms, A, make_host.clone());
        let asked = json!({"passphrase": "open sesame", "lobby": true});
        let outputs = set_policy(&mut rooms, A, asked);
        assert!(matches!(work(&outputs), Work::Hash(_)));
        let told = lines(&set_policy(&mut rooms, B, later.clone()));
        let informed = told.iter().find(|line| line[0] == "inform");
        assert_eq!(informed.is_some(), overtakes, "{later}");
        if let Some(line) = informed {
            assert_eq!(
                (&line[1], &line[2]["code"]),
                (&json!(1), &json!("overtaken"))
            );
        }
        let done = WorkDone::Hashed(Arc::new(PassphraseHash::dummy()));
        let told = rooms.handle_work_done(A, done, Instant::now());
        assert_eq!(told.is_empty(), overtakes, "{told:?}");
        let policy = rooms.rooms.values().next().unwrap().policy.public();
        assert_eq!((policy.lobby, policy.passphrase), (!overtakes, !overtakes));
    }
}

#[test]
fn a_passphrase_that_is_not_ready_does_not_overtake_another_and_is_refused_to_who_was_removed() {
    let mut rooms = hall();
    say(
        &mut rooms,
        A,
        json!({"type": "setParticipant", "peerId": id(8), "host": true}),
    );
    let ask = |rooms: &mut Rooms, client: ClientId| {
        let message = json!({"type": "setPolicy", "passphrase": "open sesame"});
        let message = serde_json::from_value(message).unwrap();
        rooms.handle_host(client, address(client.0), message, Instant::now())
    };
    assert_eq!((ask(&mut rooms, A).len(), ask(&mut rooms, B).len()), (1, 1));
    let hashed = || WorkDone::Hashed(Arc::new(PassphraseHash::dummy()));
    let told = rooms.handle_work_done(A, hashed(), Instant::now());
    assert_eq!(lines(&told), [json!([[7, 8], passphrase_by(7, false)])]);
    say(&mut rooms, A, json!({"type": "remove", "peerId": id(8)}));
    let told = lines(&rooms.handle_work_done(B, hashed(), Instant::now()));
    assert_eq!(
        (&told[0][1], &told[0][2]["code"]),
        (&json!(2), &json!("notAllowed"))
    );
}

#[test]
fn who_has_resumed_its_seat_meanwhile_is_told_there() {
    let mut rooms = hall();
    set_policy(&mut rooms, A, json!({"passphrase": "open sesame"}));
    rooms.handle_lost(A, Instant::now());
    rooms.handle_resume(C, SeatId(7));
    let told = lines(&rooms.handle_work_done(A, WorkDone::Busy, Instant::now()));
    assert_eq!(
        (&told[0][1], &told[0][2]["code"]),
        (&json!(3), &json!("busy"))
    );
}

#[test]
fn who_waits_has_to_know_a_passphrase_that_takes_the_lobbys_place() {
    let mut rooms = lobby();
    rooms.limits.max_seats = 100;
    join_mesh(&mut rooms, B, "hall", 8);
    set_policy(&mut rooms, A, json!({"passphrase": "open sesame"}));
    let hash = Arc::new(PassphraseHash::dummy());
    let done = WorkDone::Hashed(Arc::clone(&hash));
    rooms.handle_work_done(A, done, Instant::now());
    join_with(&mut rooms, C, 9, "open sesame");
    verified(&mut rooms, C, &hash, true);
    let told = lines(&set_policy(&mut rooms, A, json!({"lobby": false})));
    let informed: Vec<_> = told.iter().filter(|line| line[0] == "inform").collect();
    assert_eq!(informed[0][2]["code"], "passphraseRequired");
    assert_eq!(informed[1][2]["type"], "joined");
}

#[test]
fn who_returns_to_a_room_that_the_server_lost_passes_its_policy_for_a_while_and_once() {
    let now = Instant::now();
    let mut rooms = rooms();
    join_mesh(&mut rooms, A, "hall", 7);
    let all = json!({"locked": true, "lobby": true, "returning": [id(8), id(9)]});
    set_policy(&mut rooms, A, all);
    assert!(is_in(&join_mesh(&mut rooms, B, "hall", 8)));
    rooms.handle_leave(B);
    let refusal = join_mesh(&mut rooms, B, "hall", 8);
    assert_eq!(refused_with(&refusal), ErrorCode::RoomLocked);
    let late = newcomer(RoomKind::Mesh, "hall", 9);
    let refusal = rooms.handle_join(C, late, now + 2 * GRACE);
    assert_eq!(refused_with(&refusal), ErrorCode::RoomLocked);
    let many: Vec<_> = (0..4).map(id).collect();
    let refusal = set_policy(&mut rooms, A, json!({"returning": many}));
    assert_eq!(refused_with(&refusal), ErrorCode::InvalidMessage);
}
