//! Calls between participants in one page, over a signaling service that lives in it.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "call/room.rs"]
mod room;
mod support;

use std::cell::Cell;
use std::rc::Rc;

use room::Room;
use signaling_protocol::{ErrorCode, LeaveReason, Token};
use support::participant::{
    Participant, all_connected, connected, join, join_in, picture_and_sound,
};
use support::{bitrate_limits, record_connections, recorded, trace, until, within};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use webrtc_tour::call::{CallView, ContactOrder, Phase, Presence};
use webrtc_tour::signaling::Signaling;
use webrtc_tour::signaling::websocket::WebSocketSignaling;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn two_who_join_see_and_hear_each_other() {
    let room = Room::new(2);
    let (media, other_media) = (picture_and_sound(), picture_and_sound());
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", Some(&other_media));
    connected(&one, &other, 2).await;
    assert_eq!(
        one.see(|view| view.phase.clone()),
        Phase::InRoom { created: true }
    );
    assert_eq!(
        other.see(|view| view.phase.clone()),
        Phase::InRoom { created: false }
    );
    assert_eq!(one.see(|view| view.peers[0].name.clone()), "Ada");
    assert_eq!(other.see(|view| view.peers[0].name.clone()), "Kim");
}

#[wasm_bindgen_test]
async fn four_who_join_at_once_have_six_connections() {
    record_connections();
    let room = Room::new(8);
    let media = picture_and_sound();
    let people = ["a", "b", "c", "d"].map(|name| join(room.way(), name, Some(&media)));
    until("everybody sees everybody", || all_connected(&people, 2)).await;
    assert_eq!(
        recorded(),
        (12, 0),
        "an end of each of the six, and no more"
    );
}

/// As many as there may be; without media, which two processors could not encode 56 times.
#[wasm_bindgen_test]
async fn eight_who_join_at_once_have_twenty_eight_connections() {
    record_connections();
    let room = Room::new(8);
    let people = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|name| join(room.way(), name, None));
    until("everybody is connected to everybody", || {
        all_connected(&people, 0)
    })
    .await;
    assert_eq!(recorded(), (56, 0), "an end of each, and no more");
}

/// With how many contacts ICE is at work now.
fn under_way(view: &CallView) -> usize {
    let peers = view.peers.iter().filter(|peer| {
        let state = peer.states.ice_connection.as_str();
        peer.connection.is_some() && !matches!(state, "connected" | "completed")
    });
    peers.count()
}

#[wasm_bindgen_test]
async fn who_joins_three_connects_to_them_at_once_or_one_after_the_other() {
    let media = picture_and_sound();
    for (order, most) in [(ContactOrder::AtOnce, 3), (ContactOrder::OneByOne, 1)] {
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
        let times = people[3].see(|view| view.contacts.clone()).unwrap();
        assert_eq!((times.order, times.contacts.len()), (order, 3));
        let in_order = times.contacts.iter().is_sorted_by_key(|(_, time)| *time);
        assert!(in_order || order == ContactOrder::AtOnce, "{times:?}");
        assert!(times.all_ms().is_some(), "{times:?}");
    }
}

#[wasm_bindgen_test]
async fn a_contact_that_is_out_of_reach_keeps_the_others_waiting_only_until_it_has_gone() {
    let room = Room::new(8);
    let media = picture_and_sound();
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
        ContactOrder::OneByOne,
        room.way(),
        "c",
        Some(&media),
        |_| {},
    );
    until("the second waits for its turn", || {
        joiner.sees(|view| view.peers.iter().any(|peer| peer.waiting))
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
    let media = picture_and_sound();
    let there = ["a", "b", "c"].map(|name| join(room.way(), name, Some(&media)));
    until("the three are connected", || all_connected(&there, 2)).await;
    let joiner = join_in(
        ContactOrder::OneByOne,
        room.way(),
        "d",
        Some(&media),
        |_| {},
    );
    until("some wait", || {
        joiner.sees(|view| view.peers.iter().any(|peer| peer.waiting))
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

#[wasm_bindgen_test]
async fn who_hangs_up_is_gone_and_may_come_back() {
    record_connections();
    let room = Room::new(2);
    let media = picture_and_sound();
    let one = join(room.way(), "Kim", Some(&media));
    for _ in 0..3 {
        let other = join(room.way(), "Ada", Some(&media));
        connected(&one, &other, 2).await;
        other.handle.hang_up();
        until("the other is gone", || one.is_alone()).await;
        assert_eq!(one.departed(), Some(("Ada".to_owned(), LeaveReason::Left)));
        assert_eq!(other.see(|view| view.phase.clone()), Phase::Left);
    }
    let (made, closed) = recorded();
    assert_eq!(
        (made, closed),
        (6, 6),
        "every connection of an earlier call is closed"
    );
}

#[wasm_bindgen_test]
async fn who_vanishes_is_waited_for_and_then_gone() {
    let room = Room::new(2);
    let media = picture_and_sound();
    let one = join(room.way(), "Kim", Some(&media));
    let way = room.way();
    let open = way.switch();
    let other = join(way, "Ada", Some(&media));
    connected(&one, &other, 2).await;
    let ada = other.id();
    open.set(false);
    room.cut(&ada);
    until("it is noticed", || {
        one.presence() == Some(Presence::Reconnecting)
    })
    .await;
    room.expire(&ada);
    until("the other is gone", || one.is_alone()).await;
    assert_eq!(
        one.departed(),
        Some(("Ada".to_owned(), LeaveReason::Disconnected))
    );
}

#[wasm_bindgen_test]
async fn who_leaves_the_page_has_left_the_room() {
    record_connections();
    let room = Room::new(2);
    let media = picture_and_sound();
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", Some(&media));
    connected(&one, &other, 2).await;
    drop(other);
    until("the other is gone", || one.is_alone()).await;
    assert_eq!(one.departed(), Some(("Ada".to_owned(), LeaveReason::Left)));
    assert_eq!(recorded(), (2, 2));
}

#[wasm_bindgen_test]
async fn a_third_is_refused_and_harms_nobody() {
    let room = Room::new(2);
    let media = picture_and_sound();
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", Some(&media));
    connected(&one, &other, 2).await;
    let third = join(room.way(), "Eve", Some(&media));
    until("the third is refused", || {
        third.sees(|view| matches!(&view.phase, Phase::Refused(e) if e.code == ErrorCode::RoomFull))
    })
    .await;
    assert!(one.is_connected(2) && other.is_connected(2));
}

#[wasm_bindgen_test]
async fn a_lost_connection_to_the_service_costs_nothing() {
    record_connections();
    let room = Room::new(2);
    let media = picture_and_sound();
    let one = join(room.way(), "Kim", Some(&media));
    let way = room.way();
    let switch = way.switch();
    let other = join(way, "Ada", Some(&media));
    connected(&one, &other, 2).await;
    switch.set(false);
    room.cut(&other.id());
    until("the first is told", || {
        one.presence() == Some(Presence::Reconnecting)
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
    let media = picture_and_sound();
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
    let media = picture_and_sound();
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
    let media = picture_and_sound();
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
    let media = picture_and_sound();
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

#[wasm_bindgen_test]
async fn what_is_written_arrives_once_and_in_order_across_cuts() {
    let room = Room::new(8);
    let media = picture_and_sound();
    let people = ["Kim", "Ada", "Eve"].map(|name| join(room.way(), name, Some(&media)));
    until("everybody sees everybody", || all_connected(&people, 2)).await;
    let [kim, ada, eve] = &people;
    kim.handle.chat("1".to_owned());
    room.cut(&ada.id());
    kim.handle.chat("2".to_owned());
    // The channel itself ends, too, with messages on their way.
    ada.handle.reconnect(kim.id());
    kim.handle.chat("3".to_owned());
    kim.handle.chat("4".to_owned());
    for (person, own) in [(kim, true), (ada, false), (eve, false)] {
        until("all four are there", || person.lines().len() >= 4).await;
        let lines = person.lines();
        let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["1", "2", "3", "4"]);
        assert!(
            lines
                .iter()
                .all(|line| line.own == own && line.author == "Kim")
        );
    }
    until("nothing waits", || {
        kim.see(|view| view.peers.iter().all(|p| p.undelivered == 0))
    })
    .await;
    // Whoever comes later was not meant.
    let late = join(room.way(), "Max", None);
    until("the late one is connected", || {
        late.sees(|view| view.peers.len() == 3)
    })
    .await;
    ada.handle.chat("5".to_owned());
    until("the fifth is there", || !late.lines().is_empty()).await;
    assert_eq!(late.lines()[0].text, "5");
}

#[wasm_bindgen_test]
async fn without_media_of_ones_own_one_still_receives() {
    let room = Room::new(2);
    let media = picture_and_sound();
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", None);
    until("the one without media receives", || other.is_connected(2)).await;
    assert!(one.see(|view| view.failure.is_none()));
    until("that is told", || {
        one.see(|view| !view.peers[0].camera_on && !view.peers[0].microphone_on)
    })
    .await;
}

#[wasm_bindgen_test]
async fn media_may_come_after_the_call_has_begun() {
    let room = Room::new(2);
    let media = picture_and_sound();
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", None);
    until("the one without media receives", || other.is_connected(2)).await;
    let late = picture_and_sound();
    other.send(&late, false);
    until("the first receives it", || one.is_connected(2)).await;
}

#[wasm_bindgen_test]
async fn a_camera_goes_off_and_on_without_a_new_negotiation() {
    let room = Room::new(2);
    let (media, other_media) = (picture_and_sound(), picture_and_sound());
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", Some(&other_media));
    connected(&one, &other, 2).await;
    let seen = || one.see(|view| view.peers[0].has_picture && view.peers[0].camera_on);
    until("the picture is there", seen).await;
    let described = || {
        let connection = one.see(|view| view.peers[0].connection.clone().unwrap());
        connection.local_description()
    };
    let before = described();
    let mut sent = other.outgoing(&other_media, false);
    sent.camera = None;
    other.handle.send(sent.clone());
    until("the picture is gone", || !seen()).await;
    let another = picture_and_sound();
    sent.camera = another.track("video");
    other.handle.send(sent);
    until("the picture is back", seen).await;
    assert_eq!(described(), before);
}

#[wasm_bindgen_test]
async fn a_screen_is_shared_beside_the_camera_any_number_of_times() {
    let room = Room::new(2);
    let media = picture_and_sound();
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", Some(&media));
    connected(&one, &other, 2).await;
    for _ in 0..3 {
        other.send(&media, true);
        until("the screen is there", || one.sees_screen()).await;
        assert!(one.is_connected(2), "beside the person");
        other.send(&media, false);
        until("the screen is gone", || !one.sees_screen()).await;
    }
    let sections = one.see(|view| {
        let connection = view.peers[0].connection.clone().unwrap();
        connection
            .local_description()
            .unwrap()
            .sdp
            .matches("m=video")
            .count()
    });
    assert_eq!(
        sections, 2,
        "a screen that is shared again uses the same section"
    );
}

#[wasm_bindgen_test]
async fn a_camera_that_comes_after_a_screen_is_the_picture_of_the_person() {
    let room = Room::new(2);
    let media = picture_and_sound();
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", None);
    until("they are connected", || other.is_connected(2)).await;
    let mut sent = other.outgoing(&media, true);
    let camera = sent.camera.take();
    other.handle.send(sent.clone());
    until("the screen is there", || one.sees_screen()).await;
    sent.screen = None;
    other.handle.send(sent.clone());
    until("the screen is gone", || !one.sees_screen()).await;
    sent.camera = camera;
    other.handle.send(sent);
    let pictures = || one.see(|view| view.peers[0].camera.get_video_tracks().length());
    until("the person is seen", || {
        one.see(|view| view.peers[0].has_picture) && pictures() > 0
    })
    .await;
    assert_eq!(pictures(), 1);
}

#[wasm_bindgen_test]
async fn the_bitrate_falls_as_the_room_grows() {
    record_connections();
    let room = Room::new(8);
    let media = picture_and_sound();
    let one = join(room.way(), "Kim", Some(&media));
    let mut others = Vec::new();
    for kbps in [2400, 1200, 800] {
        others.push(join(room.way(), "Ada", Some(&media)));
        until(&format!("at most {kbps} kbit/s to each"), || {
            let limits = bitrate_limits();
            // Both ends of each pair send, and everybody knows the size of the room.
            let pictures = others.len() * (others.len() + 1);
            limits.len() == pictures && limits.iter().all(|limit| *limit == kbps * 1000)
        })
        .await;
    }
    drop(one);
}

fn token() -> Token {
    Token::new("0123456789abcdef0123456789abcdef").unwrap()
}

#[wasm_bindgen_test]
async fn a_server_that_is_not_there_is_said_to_be_unreachable() {
    // Port 9 is the discard service, where nobody listens.
    let address = "ws://127.0.0.1:9/ws".to_owned();
    let signaling = WebSocketSignaling::new(address.clone(), token(), trace().tracer("test"));
    assert_eq!(signaling.address(), address);
    let result = within("the failure", signaling.connect()).await;
    assert!(result.is_err());
}

#[wasm_bindgen_test]
async fn an_address_that_is_none_is_an_error_and_not_a_panic() {
    let signaling = WebSocketSignaling::new("nonsense".to_owned(), token(), trace().tracer("test"));
    assert!(within("the failure", signaling.connect()).await.is_err());
}
