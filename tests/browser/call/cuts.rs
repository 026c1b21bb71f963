//! What a call survives: lost connections to the service, a service that forgets, and connections
//! that are asked for anew.

use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::call::{Phase, Presence};

use crate::call::room::Room;
use crate::support::participant::{Participant, all_connected, audio_and_video, connected, join};
use crate::support::{record_connections, recorded, until};

#[wasm_bindgen_test]
async fn a_lost_connection_to_the_service_costs_nothing() {
    record_connections();
    let room = Room::new(2);
    let media = audio_and_video();
    let one = join(room.way(), "Kim", Some(&media));
    let way = room.way();
    let switch = way.switch();
    let other = join(way, "Ada", Some(&media));
    connected(&one, &other, 2).await;
    switch.set(false);
    room.cut(&other.id());
    until("the first is told", || {
        one.presence().is_some_and(Presence::is_away)
    })
    .await;
    assert!(one.is_receiving() && other.is_receiving(), "media goes on");
    // Its signals wait at the service and in the page.
    one.send(&media, true);
    other.send(&media, true);
    switch.set(true);
    until("both see the other's screen", || {
        one.sees_screen() && other.sees_screen()
    })
    .await;
    connected(&one, &other, 2).await;
    assert_eq!(
        (room.joins(), recorded()),
        (2, (2, 0)),
        "seats and connections are the same"
    );
}

#[wasm_bindgen_test]
async fn a_service_that_forgot_everything_finds_the_call_still_there() {
    record_connections();
    let room = Room::new(8);
    let media = audio_and_video();
    let people = ["a", "b", "c"].map(|name| join(room.way(), name, Some(&media)));
    until("everybody sees everybody", || all_connected(&people, 2)).await;
    room.go_down();
    until("all notice", || {
        people
            .iter()
            .all(|p| p.see(|view| matches!(view.phase, Phase::Unreachable { .. })))
    })
    .await;
    assert!(
        people.iter().all(Participant::is_receiving),
        "media goes on"
    );
    room.come_back();
    until("all have a new seat", || room.joins() == 6).await;
    until("everybody sees everybody", || all_connected(&people, 2)).await;
    assert_eq!(recorded(), (6, 0), "the connections are the same");
}

#[wasm_bindgen_test]
async fn a_seat_that_was_given_up_is_taken_anew_and_both_ends_begin_anew() {
    let media = audio_and_video();
    for first in [true, false] {
        let room = Room::new(2);
        let ways = [room.way(), room.way()];
        let switches = [ways[0].switch(), ways[1].switch()];
        let [kim, ada] = ways;
        let people = [
            join(kim, "Kim", Some(&media)),
            join(ada, "Ada", Some(&media)),
        ];
        connected(&people[0], &people[1], 2).await;
        // Either end is the polite one in one of the two rounds.
        let (lost, other) = (usize::from(first), usize::from(!first));
        let id = people[lost].id();
        switches[lost].set(false);
        room.cut(&id);
        room.expire(&id);
        until("the other is alone", || people[other].is_alone()).await;
        switches[lost].set(true);
        connected(&people[0], &people[1], 2).await;
        assert_eq!(people[lost].id(), id);
    }
}

#[wasm_bindgen_test]
async fn either_end_may_ask_for_a_new_connection() {
    record_connections();
    let room = Room::new(2);
    let media = audio_and_video();
    let people = ["Kim", "Ada"].map(|name| join(room.way(), name, Some(&media)));
    connected(&people[0], &people[1], 2).await;
    for (round, (one, other)) in [(0, 1), (1, 0)].into_iter().enumerate() {
        people[one].handle.reconnect(people[other].id());
        until("the old connections are closed", || {
            recorded().1 == 2 * round + 2
        })
        .await;
        connected(&people[0], &people[1], 2).await;
    }
}

#[wasm_bindgen_test]
async fn both_ends_may_ask_for_a_new_connection_at_the_same_moment() {
    let room = Room::new(2);
    let media = audio_and_video();
    let people = ["Kim", "Ada"].map(|name| join(room.way(), name, Some(&media)));
    connected(&people[0], &people[1], 2).await;
    people[0].handle.reconnect(people[1].id());
    people[1].handle.reconnect(people[0].id());
    until("it begins anew", || {
        people[0].presence() != Some(Presence::Connected)
    })
    .await;
    connected(&people[0], &people[1], 2).await;
}
