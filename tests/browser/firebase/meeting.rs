//! Two who meet through a database, whatever happens meanwhile.

use serde_json::Value;
use signaling_protocol::{ErrorCode, LeaveReason, RoomId, RoomKind};
use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::call::Phase;
use webrtc_tour::signaling::Event;
use webrtc_tour::signaling::firebase::FirebaseSignaling;
use webrtc_tour::signaling::firebase::watch::Stage;

use crate::firebase::person::{Person, Room, account, nothing};
use crate::firebase::rest::{Stranger, record_requests};
use crate::support::participant::{audio_and_video, connected, join};
use crate::support::{record_connections, recorded, trace, until, within};

/// Waits until only these have entries in the room.
async fn only_these_are_in(room: &Room, people: &[&Person]) {
    let mut expected: Vec<_> = people
        .iter()
        .map(|person| person.id().to_string())
        .collect();
    expected.sort();
    let path = format!("{}/participants", room.path());
    let read = async {
        let stranger = Stranger::new().await;
        loop {
            let entries = stranger.get(&path).await;
            let entries = entries.as_object().cloned().unwrap_or_default();
            if entries.keys().eq(&expected) {
                return;
            }
        }
    };
    within("only these have entries", read).await;
}

#[wasm_bindgen_test]
async fn two_meet_talk_and_leave_nothing_behind() {
    record_requests();
    let room = Room::new(RoomKind::Call);
    let mut kim = Person::join(&room, "Kim").await;
    let mut ada = Person::join(&room, "Ada").await;
    let joined = |person: &Person| {
        let joined = person.events().into_iter().find_map(|event| match event {
            Event::Joined {
                created,
                capacity: 2,
                peers,
                ice_servers,
                ..
            } => Some((created, peers, ice_servers)),
            _ => None,
        });
        let (created, peers, ice_servers) = joined.unwrap();
        assert_eq!(ice_servers, [], "the database offers none");
        (created, peers)
    };
    assert_eq!(joined(&kim), (true, Vec::new()));
    let (created, peers) = joined(&ada);
    assert!(!created);
    let [peer] = &peers[..] else {
        panic!("{peers:?}")
    };
    assert_eq!((&peer.peer_id, peer.name.as_str()), (&kim.id(), "Kim"));
    let (peer, name) = (ada.id(), "Ada".to_owned());
    let came = Event::PeerJoined { peer, name };
    kim.is_told("of the other", |event| *event == came).await;

    kim.send(&ada, 0..50);
    ada.send(&kim, 0..50);
    kim.receives(&ada, 0..50).await;
    ada.receives(&kim, 0..50).await;

    ada.leave().await;
    let (peer, reason) = (ada.id(), LeaveReason::Left);
    let left = Event::PeerLeft { peer, reason };
    kim.is_told("of the leaving", |event| *event == left).await;
    only_these_are_in(&room, &[&kim]).await;
    kim.leave().await;
    only_these_are_in(&room, &[]).await;
    kim.receives(&ada, 0..50).await;
    for person in [&kim, &ada] {
        let inbox = format!("{}/messages/{}", room.path(), person.id());
        assert_eq!(person.get(&inbox).await, Value::Null);
    }
}

#[wasm_bindgen_test]
async fn who_connects_again_misses_nothing_and_hears_nothing_twice() {
    record_requests();
    let room = Room::new(RoomKind::Call);
    let kim = Person::join(&room, "Kim").await;
    let mut ada = Person::join(&room, "Ada").await;
    let ada_id = ada.id();
    kim.is_told("of the other", |event| {
        matches!(event, Event::PeerJoined { .. })
    })
    .await;
    // What was read is still there when the next stream begins.
    ada.keep.set(true);
    kim.send(&ada, 0..10);
    ada.receives(&kim, 0..10).await;
    // Some of it may be on its way when the connection goes.
    ada.send(&kim, 0..30);
    ada.disconnect().await;
    kim.send(&ada, 10..40);
    let lying = format!("{}/messages/{ada_id}/{}", room.path(), kim.id());
    let written =
        async { while kim.get(&lying).await.as_object().map_or(0, |all| all.len()) < 40 {} };
    within("all is written", written).await;

    ada.connect();
    ada.is_told("that its seat is the same", |event| {
        *event == Event::Resumed
    })
    .await;
    ada.send(&kim, 30..40);
    ada.receives(&kim, 0..40).await;
    kim.receives(&ada, 0..40).await;
    kim.send(&ada, 40..50);
    ada.receives(&kim, 0..50).await;
    let joined = |event: &Event| matches!(event, Event::Joined { .. });
    assert_eq!(ada.events().into_iter().filter(joined).count(), 1);
    let left = |event: &Event| matches!(event, Event::PeerLeft { .. });
    assert!(!kim.events().iter().any(left));
}

#[wasm_bindgen_test]
async fn a_token_is_renewed_while_the_connection_stands() {
    record_requests();
    let room = Room::new(RoomKind::Call);
    let kim = Person::join(&room, "Kim").await;
    let ada = Person::join(&room, "Ada").await;
    ada.keep.set(true);
    kim.send(&ada, 0..5);
    ada.receives(&kim, 0..5).await;
    for count in 2..4 {
        until("both have a new stream", || {
            kim.streams() >= count && ada.streams() >= count
        })
        .await;
        let sent = 5 * count;
        kim.send(&ada, sent - 5..sent);
        ada.receives(&kim, 0..sent).await;
    }
    for person in [&kim, &ada] {
        let lost = |event: &Event| matches!(event, Event::Lost(_) | Event::Resumed);
        assert!(!person.events().iter().any(lost), "{:?}", person.events());
    }
}

/// Also those that the database refuses because the token's time was just over.
#[wasm_bindgen_test]
async fn messages_flow_on_while_tokens_are_renewed() {
    let room = Room::new(RoomKind::Call);
    let kim = Person::join(&room, "Kim").await;
    let ada = Person::join(&room, "Ada").await;
    let mut sent = 0;
    while kim.streams() < 2 || ada.streams() < 2 {
        kim.send(&ada, sent..sent + 1);
        ada.send(&kim, sent..sent + 1);
        sent += 1;
        ada.receives(&kim, 0..sent).await;
        kim.receives(&ada, 0..sent).await;
    }
    kim.send(&ada, sent..sent + 5);
    ada.receives(&kim, 0..sent + 5).await;
}

#[wasm_bindgen_test]
async fn a_third_finds_the_room_full_and_leaves_no_trace() {
    let room = Room::new(RoomKind::Call);
    let kim = Person::join(&room, "Kim").await;
    let ada = Person::join(&room, "Ada").await;
    let eve = Person::join(&room, "Eve").await;
    let full = |event: &Event| matches!(event, Event::Refused(e) if e.code == ErrorCode::RoomFull);
    assert!(eve.events().iter().any(full), "{:?}", eve.events());
    only_these_are_in(&room, &[&kim, &ada]).await;
    kim.send(&ada, 0..3);
    ada.receives(&kim, 0..3).await;
    drop(ada);
    only_these_are_in(&room, &[&kim]).await;
    let eve = Person::join(&room, "Eve").await;
    only_these_are_in(&room, &[&kim, &eve]).await;
}

#[wasm_bindgen_test]
async fn what_was_read_stays_while_it_is_to_be_kept() {
    record_requests();
    let room = Room::new(RoomKind::Call);
    let kim = Person::join(&room, "Kim").await;
    let ada = Person::join(&room, "Ada").await;
    ada.keep.set(true);
    kim.send(&ada, 0..3);
    ada.receives(&kim, 0..3).await;
    let inbox = format!("{}/messages/{}", room.path(), ada.id());
    let lying = ada.get(&inbox).await;
    assert_eq!(lying[kim.id().as_str()].as_object().unwrap().len(), 3);
    let is_read = || {
        let view = ada.view.borrow();
        view.inbox().count() == 3 && view.inbox().all(|row| row.stage == Stage::Read)
    };
    assert!(is_read(), "{:?}", ada.view.borrow());
    let sent = |stage: fn(Stage) -> bool| {
        let view = kim.view.borrow();
        view.sent().count() == 3 && view.sent().all(|row| stage(row.stage))
    };
    assert!(sent(|stage| stage == Stage::There));

    ada.keep.set(false);
    let gone: fn(Stage) -> bool = |stage| matches!(stage, Stage::Gone { .. });
    until("it goes", || {
        ada.view.borrow().inbox().all(|row| gone(row.stage))
    })
    .await;
    assert_eq!(ada.get(&inbox).await, Value::Null);
    until("the sender sees it go", || sent(gone)).await;
}

#[wasm_bindgen_test]
async fn two_see_and_hear_each_other() {
    record_connections();
    let media = audio_and_video();
    let way = || {
        let room = RoomId::new("kitchen").unwrap();
        let tracer = trace().tracer("test");
        FirebaseSignaling::new(account(), room, RoomKind::Mesh, nothing(), tracer)
    };
    let one = join(way(), "Kim", Some(&media));
    until("the first is in", || one.is_alone()).await;
    let other = join(way(), "Ada", Some(&media));
    connected(&one, &other, 2).await;
    let phase = |created| Phase::InRoom { created };
    assert_eq!(one.see(|view| view.phase.clone()), phase(true));
    assert_eq!(other.see(|view| view.phase.clone()), phase(false));
    other.send(&media, true);
    until("the screen is there", || one.sees_screen()).await;
    other.handle.hang_up();
    until("the other is gone", || one.is_alone()).await;
    assert_eq!(one.departed(), Some(("Ada".to_owned(), LeaveReason::Left)));
    assert_eq!(recorded(), (2, 2));
}
