//! Whoever comes, goes and speaks in whatever order: what the others learn of it, and what stays in
//! the database.

mod database;
mod world;

use std::collections::BTreeMap;

use proptest::prelude::*;
use signaling_protocol::database::EXPIRES_AFTER_MS;
use signaling_protocol::{ConnectionId, LeaveReason, PeerMessage};

use super::super::inbox::How;
use super::*;
use database::at;
use world::{Step, World};

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
fn who_takes_one_other_keeps_the_room_at_two_and_stays_out_of_a_fuller_one() {
    let (call, mesh) = (RoomKind::Call, RoomKind::Mesh);
    for (kinds, inside) in [
        ([mesh, call, mesh, mesh], &[0, 1][..]),
        ([mesh, mesh, call, call], &[0, 1]),
        ([mesh, mesh, mesh, call], &[0, 1, 2]),
    ] {
        let mut world = World::of(&kinds);
        for who in 0..kinds.len() {
            while world.clients[who].joins == 0 && !world.clients[who].refused {
                world.step(who, Step::Run);
                world.step(who, Step::Hear);
            }
        }
        world.settle();
        for who in 0..kinds.len() {
            let is_inside = inside.contains(&who);
            assert_eq!(world.clients[who].refused, !is_inside, "{kinds:?} {who}");
            if is_inside {
                assert_eq!(world.sees(who).len(), inside.len() - 1, "{kinds:?} {who}");
            }
        }
    }
}

proptest! {
    /// Whoever comes and goes, however late each hears of it: nobody is in the room with more people
    /// than they can be in a call with, as the database has it.
    #[test]
    fn no_room_has_more_people_than_the_least_of_them_take(
        kinds in proptest::collection::vec(prop_oneof![Just(RoomKind::Call), Just(RoomKind::Mesh)], 4),
        steps in proptest::collection::vec((0_usize..4, prop_oneof![
            4 => Just(Some(Step::Run)),
            4 => Just(Some(Step::Hear)),
            2 => Just(Some(Step::Show)),
            1 => Just(Some(Step::Beat)),
            1 => Just(None),
        ]), 0..200),
    ) {
        let mut world = World::of(&kinds);
        let mut gone = [false; 4];
        for (who, step) in steps {
            if gone[who] {
                continue;
            }
            match step {
                Some(step) => world.step(who, step),
                None => {
                    world.leave(who);
                    gone[who] = true;
                }
            }
            let inside = (0..4).filter(|&who| {
                world.clients[who].session.stage == Stage::In
                    && world.database.participants.contains_key(&format!("u{who}"))
            });
            let inside: Vec<_> = inside.collect();
            for &who in &inside {
                let most = signaling_protocol::database::capacity(kinds[who]);
                prop_assert!(inside.len() <= most, "{kinds:?} {inside:?}");
            }
        }
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
            .filter(|(request, _)| *request == DatabaseRequest::List)
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
