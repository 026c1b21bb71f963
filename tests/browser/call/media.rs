//! What is sent in a call: camera, microphone and screen, which come and go.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::call::room::Room;
use crate::support::participant::{audio_and_video, connected, join};
use crate::support::{bitrate_limits, record_connections, until};

#[wasm_bindgen_test]
async fn without_media_of_ones_own_one_still_receives() {
    let room = Room::new(2);
    let media = audio_and_video();
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", None);
    until("the one without media receives", || other.is_connected(2)).await;
    assert!(one.see(|view| view.failure.is_none()));
    until("that is told", || {
        one.see(|view| !view.participants[0].camera_on && !view.participants[0].microphone_on)
    })
    .await;
}

#[wasm_bindgen_test]
async fn media_may_come_after_the_call_has_begun() {
    let room = Room::new(2);
    let media = audio_and_video();
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", None);
    until("the one without media receives", || other.is_connected(2)).await;
    let late = audio_and_video();
    other.send(&late, false);
    until("the first receives it", || one.is_connected(2)).await;
}

/// Both offer at the same moment, and what they offer begins with different media, which Chromium takes only
/// over a new connection.
#[wasm_bindgen_test]
async fn a_microphone_and_a_camera_that_come_at_the_same_moment_arrive_both() {
    let media = audio_and_video();
    for round in 0..2 {
        let room = Room::new(2);
        let people = ["Kim", "Ada"].map(|name| join(room.way(), name, None));
        connected(&people[0], &people[1], 0).await;
        // Either end is the polite one in one of the two rounds.
        let [polite_first, polite_last] = [round, 1 - round];
        let mut microphone = people[polite_first].local_tracks(&media, false);
        microphone.camera = None;
        let mut camera = people[polite_last].local_tracks(&media, false);
        camera.microphone = None;
        people[polite_first].handle.send(microphone);
        people[polite_last].handle.send(camera);
        connected(&people[0], &people[1], 1).await;
        // Nor is that the last thing that the two can agree on.
        for person in &people {
            person.send(&media, false);
        }
        connected(&people[0], &people[1], 2).await;
    }
}

#[wasm_bindgen_test]
async fn a_camera_goes_off_and_on_without_a_new_negotiation() {
    let room = Room::new(2);
    let (media, other_media) = (audio_and_video(), audio_and_video());
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", Some(&other_media));
    connected(&one, &other, 2).await;
    let seen = || one.see(|view| view.participants[0].has_video && view.participants[0].camera_on);
    until("the picture is there", seen).await;
    let described = || one.peer_connection().local_description();
    let before = described();
    let mut sent = other.local_tracks(&other_media, false);
    sent.camera = None;
    other.handle.send(sent.clone());
    until("the picture is gone", || !seen()).await;
    let another = audio_and_video();
    sent.camera = another.track("video");
    other.handle.send(sent);
    until("the picture is back", seen).await;
    assert_eq!(described(), before);
}

#[wasm_bindgen_test]
async fn a_screen_is_shared_beside_the_camera_any_number_of_times() {
    let room = Room::new(2);
    let media = audio_and_video();
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
    let description = one.peer_connection().local_description().unwrap();
    let sections = description.sdp.matches("m=video").count();
    assert_eq!(
        sections, 2,
        "a screen that is shared again uses the same section"
    );
}

#[wasm_bindgen_test]
async fn a_camera_that_comes_after_a_screen_is_the_picture_of_the_person() {
    let room = Room::new(2);
    let media = audio_and_video();
    let one = join(room.way(), "Kim", Some(&media));
    let other = join(room.way(), "Ada", None);
    until("they are connected", || other.is_connected(2)).await;
    let mut sent = other.local_tracks(&media, true);
    let camera = sent.camera.take();
    other.handle.send(sent.clone());
    until("the screen is there", || one.sees_screen()).await;
    sent.screen = None;
    other.handle.send(sent.clone());
    until("the screen is gone", || !one.sees_screen()).await;
    sent.camera = camera;
    other.handle.send(sent);
    let videos = || one.see(|view| view.participants[0].camera.get_video_tracks().length());
    until("the person is seen", || {
        one.see(|view| view.participants[0].has_video) && videos() > 0
    })
    .await;
    assert_eq!(videos(), 1);
}

#[wasm_bindgen_test]
async fn the_bitrate_falls_as_the_room_grows() {
    record_connections();
    let room = Room::new(8);
    let media = audio_and_video();
    let one = join(room.way(), "Kim", Some(&media));
    let mut others = Vec::new();
    for kbps in [2400, 1200, 800] {
        others.push(join(room.way(), "Ada", Some(&media)));
        until(&format!("at most {kbps} kbit/s to each"), || {
            let limits = bitrate_limits();
            // Both ends of each pair send, and everybody knows the size of the room.
            let videos = others.len() * (others.len() + 1);
            limits.len() == videos && limits.iter().all(|limit| *limit == kbps * 1000)
        })
        .await;
    }
    drop(one);
}
