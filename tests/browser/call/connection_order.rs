//! In which order who joins connects to those who are there.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::call::{CallView, ConnectionOrder, Phase};

use crate::call::room::Room;
use crate::support::participant::{all_connected, audio_and_video, connected, join, join_in};
use crate::support::until;

/// With how many contacts ICE is at work now.
fn under_way(view: &CallView) -> usize {
    let connections = view.connections.values().filter(|there| {
        there.peer_connection.is_some() && !there.states.ice_connection.is_connected()
    });
    connections.count()
}

#[wasm_bindgen_test]
async fn who_joins_three_connects_to_them_at_once_or_one_after_the_other() {
    let media = audio_and_video();
    for (order, most) in [(ConnectionOrder::AtOnce, 3), (ConnectionOrder::OneByOne, 1)] {
        let room = Room::new(8);
        let there = ["a", "b", "c"].map(|name| join(room.way(), name, Some(&media)));
        until("the three are connected", || all_connected(&there, 2)).await;
        let seen = Rc::new(Cell::new(0));
        let seen_most = seen.clone();
        let look = move |view: &CallView| seen_most.set(seen_most.get().max(under_way(view)));
        let joiner = join_in(order, room.way(), "d", Some(&media), look);
        let [a, b, c] = there;
        let people = [a, b, c, joiner];
        until("everybody sees everybody", || all_connected(&people, 2)).await;
        assert_eq!(seen.get(), most, "{order:?}");
        let times = people[3].see(|view| view.connection_times.clone()).unwrap();
        assert_eq!((times.order, times.contacts.len()), (order, 3));
        let in_order = times.contacts.iter().is_sorted_by_key(|(_, time)| *time);
        assert!(in_order || order == ConnectionOrder::AtOnce, "{times:?}");
        assert!(times.all_ms().is_some(), "{times:?}");
    }
}

#[wasm_bindgen_test]
async fn a_contact_that_is_out_of_reach_keeps_the_others_waiting_only_until_it_has_gone() {
    let room = Room::new(8);
    let media = audio_and_video();
    let way = room.way();
    let open = way.switch();
    let lost = join(way, "a", Some(&media));
    until("the first is in", || lost.is_alone()).await;
    let there = join(room.way(), "b", Some(&media));
    connected(&lost, &there, 2).await;
    let id = lost.id();
    open.set(false);
    room.cut(&id);
    let joiner = join_in(
        ConnectionOrder::OneByOne,
        room.way(),
        "c",
        Some(&media),
        |_| {},
    );
    until("the second waits for its turn", || {
        joiner.sees(|view| {
            view.participants
                .iter()
                .any(|peer| peer.presence.is_waiting())
        })
    })
    .await;
    // What is written meanwhile waits, too.
    joiner.handle.chat("hello".to_owned());
    room.expire(&id);
    until("the second is connected", || joiner.is_connected(2)).await;
    until("what was written arrives", || {
        there.lines().iter().any(|line| line.text == "hello")
    })
    .await;
}

#[wasm_bindgen_test]
async fn who_joins_anew_while_some_wait_for_their_turn_loses_nobody() {
    let room = Room::new(8);
    let media = audio_and_video();
    let there = ["a", "b", "c"].map(|name| join(room.way(), name, Some(&media)));
    until("the three are connected", || all_connected(&there, 2)).await;
    let joiner = join_in(
        ConnectionOrder::OneByOne,
        room.way(),
        "d",
        Some(&media),
        |_| {},
    );
    until("some wait", || {
        joiner.sees(|view| {
            view.participants
                .iter()
                .any(|peer| peer.presence.is_waiting())
        })
    })
    .await;
    room.go_down();
    until("it is noticed", || {
        joiner.sees(|view| matches!(view.phase, Phase::Unreachable { .. }))
    })
    .await;
    room.come_back();
    let [a, b, c] = there;
    let people = [a, b, c, joiner];
    until("everybody sees everybody", || all_connected(&people, 2)).await;
}
