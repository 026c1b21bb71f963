//! Calls between participants in one page, over a signaling service that lives in it.

mod channels;
mod connection_order;
mod cuts;
mod media;
mod room;
mod trace_sharing;

use crate::support::participant::{all_connected, audio_and_video, connected, join};
use crate::support::{record_connections, recorded, trace, until, within};
use room::Room;
use signaling_protocol::{ErrorCode, LeaveReason, Token};
use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::call::{Phase, Presence};
use webrtc_tour::signaling::Signaling;
use webrtc_tour::signaling::websocket::WebSocketSignaling;

#[wasm_bindgen_test]
async fn two_who_join_see_and_hear_each_other() {
    let room = Room::new(2);
    let (media, other_media) = (audio_and_video(), audio_and_video());
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
    assert_eq!(one.see(|view| view.participants[0].name.clone()), "Ada");
    assert_eq!(other.see(|view| view.participants[0].name.clone()), "Kim");
}

#[wasm_bindgen_test]
async fn four_who_join_at_once_have_six_connections() {
    record_connections();
    let room = Room::new(8);
    let media = audio_and_video();
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

#[wasm_bindgen_test]
async fn who_hangs_up_is_gone_and_may_come_back() {
    record_connections();
    let room = Room::new(2);
    let media = audio_and_video();
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
    let media = audio_and_video();
    let one = join(room.way(), "Kim", Some(&media));
    let way = room.way();
    let open = way.switch();
    let other = join(way, "Ada", Some(&media));
    connected(&one, &other, 2).await;
    let ada = other.id();
    open.set(false);
    room.cut(&ada);
    until("it is noticed", || {
        one.presence().is_some_and(Presence::is_away)
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
    let media = audio_and_video();
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
    let media = audio_and_video();
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
async fn what_is_written_arrives_once_and_in_order_across_cuts() {
    let room = Room::new(8);
    let media = audio_and_video();
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
        kim.see(|view| view.participants.iter().all(|p| p.undelivered == 0))
    })
    .await;
    // Whoever comes later was not meant.
    let late = join(room.way(), "Max", None);
    until("the late one is connected", || {
        late.sees(|view| view.participants.len() == 3)
    })
    .await;
    ada.handle.chat("5".to_owned());
    until("the fifth is there", || !late.lines().is_empty()).await;
    assert_eq!(late.lines()[0].text, "5");
}

fn token() -> Token {
    Token::new("0123456789abcdef0123456789abcdef").unwrap()
}

#[wasm_bindgen_test]
async fn a_server_that_is_not_there_is_said_to_be_unreachable() {
    // Port 9 is the discard service, where nobody listens.
    let address = "ws://127.0.0.1:9/ws".to_owned();
    let signaling = WebSocketSignaling::new(address, token(), trace().tracer("test"));
    let result = within("the failure", signaling.connect()).await;
    assert!(result.is_err());
}

#[wasm_bindgen_test]
async fn an_address_that_is_none_is_an_error_and_not_a_panic() {
    let signaling = WebSocketSignaling::new("nonsense".to_owned(), token(), trace().tracer("test"));
    assert!(within("the failure", signaling.connect()).await.is_err());
}
