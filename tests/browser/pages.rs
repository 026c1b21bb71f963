//! Pages, mounted and clicked through.

use crate::support::{
    Mounted, captured, has_ended, mount, record_connections, record_tracks, recorded, until,
    web_audio_runs,
};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement, MediaStream};
use webrtc_tour::pages::call::CallPage;
use webrtc_tour::pages::media_stream::MediaStreamPage;
use webrtc_tour::pages::nat::NatPage;
use webrtc_tour::pages::peer_connection::PeerConnectionPage;

fn stream_of(page: &Mounted, id: &str) -> Option<MediaStream> {
    page.video(id).src_object()
}

fn badge_texts(page: &Mounted, peer: &str) -> String {
    page.get::<HtmlElement>(&format!("#{peer} .states"))
        .text_content()
        .unwrap_or_default()
}

#[wasm_bindgen_test]
async fn media_stream_starts_stops_and_starts_again() {
    let page = mount(MediaStreamPage).await;
    assert!(!page.is_enabled("Stop"));
    for _ in 0..2 {
        page.click("Start").await;
        page.plays("localVideo").await;
        let stream = stream_of(&page, "localVideo").unwrap();
        assert!(page.video("localVideo").muted());
        assert!(
            page.get::<HtmlElement>("#settings")
                .inner_text()
                .contains("video: width")
        );
        page.click("Stop").await;
        until("the picture is gone", || {
            stream_of(&page, "localVideo").is_none()
        })
        .await;
        assert!(has_ended(&stream));
    }
}

#[wasm_bindgen_test]
async fn leaving_the_page_ends_every_track() {
    let page = mount(MediaStreamPage).await;
    page.click("Start").await;
    page.plays("localVideo").await;
    let stream = stream_of(&page, "localVideo").unwrap();
    drop(page);
    until("every track has ended", || has_ended(&stream)).await;
}

#[wasm_bindgen_test]
async fn a_failed_start_says_what_to_do_and_can_be_tried_again() {
    let page = mount(MediaStreamPage).await;
    page.switch("Camera");
    page.click("Start").await;
    until("the message", || {
        page.find::<HtmlElement>(".notice-error").is_some()
    })
    .await;
    assert!(page.text().contains("TypeError"));
    assert!(
        page.text()
            .contains("Switch on the camera or the microphone")
    );
    page.switch("Camera");
    page.click("Start").await;
    page.plays("localVideo").await;
    assert!(page.find::<HtmlElement>(".notice-error").is_none());
}

#[wasm_bindgen_test]
async fn the_synthetic_camera_gives_picture_sound_and_a_snapshot() {
    let page = mount(MediaStreamPage).await;
    page.switch("Microphone");
    page.switch("Use a synthetic camera");
    page.click("Start").await;
    page.plays("localVideo").await;
    // Without any audio output Firefox does not run its audio processing.
    let audible = web_audio_runs().await;
    until("the level moves", || {
        if !audible {
            return page.find::<HtmlElement>("#level").is_some();
        }
        let level = page.find::<HtmlElement>("#level");
        let value = level.and_then(|l| js_sys::Reflect::get(&l, &"value".into()).ok());
        value
            .and_then(|value| value.as_f64())
            .is_some_and(|value| value > 0.01)
    })
    .await;
    page.click("Take a snapshot").await;
    until("the snapshot", || {
        page.find::<HtmlElement>("#snapshot").is_some()
    })
    .await;
    let address = page
        .get::<HtmlElement>("#snapshot")
        .get_attribute("src")
        .unwrap();
    assert!(address.starts_with("data:image/png;base64,"));
}

#[wasm_bindgen_test]
async fn peer_connection_calls_and_hangs_up_any_number_of_times() {
    record_connections();
    let page = mount(PeerConnectionPage).await;
    assert!(page.is_enabled("Start") && !page.is_enabled("Call") && !page.is_enabled("Hang Up"));
    page.switch("Use a synthetic camera");
    page.click("Start").await;
    for round in 1..=3 {
        page.click("Call").await;
        until("only Hang Up is left", || {
            !page.is_enabled("Start") && !page.is_enabled("Call") && page.is_enabled("Hang Up")
        })
        .await;
        page.plays("remoteVideo").await;
        for peer in ["localPeer", "remotePeer"] {
            until("connected", || {
                badge_texts(&page, peer).contains("connected")
            })
            .await;
        }
        until("the time of the first frame", || {
            page.text().contains("first remote frame")
        })
        .await;
        until("the selected pair", || {
            page.find::<HtmlElement>("#selected-pair").is_some()
        })
        .await;
        let sdp = page.get::<HtmlElement>("#localPeer .sdp").text_content();
        assert!(sdp.unwrap().starts_with("v=0"));
        assert!(
            page.find::<HtmlElement>("#remotePeer .candidates li")
                .is_some()
        );
        page.click("Hang Up").await;
        until("the remote picture is gone", || {
            stream_of(&page, "remoteVideo").is_none()
        })
        .await;
        assert!(badge_texts(&page, "localPeer").contains("closed"));
        assert_eq!(recorded(), (2 * round, 2 * round));
    }
    assert!(
        stream_of(&page, "localVideo").is_some(),
        "the camera stays on"
    );
}

#[wasm_bindgen_test]
async fn leaving_the_page_during_a_call_closes_both_peers() {
    record_connections();
    let page = mount(PeerConnectionPage).await;
    page.switch("Use a synthetic camera");
    page.click("Start").await;
    page.click("Call").await;
    page.plays("remoteVideo").await;
    drop(page);
    until("both are closed", || recorded() == (2, 2)).await;
}

#[wasm_bindgen_test]
async fn call_shows_the_own_video_only_when_asked_and_offers_a_room_before_joining() {
    record_tracks();
    let page = mount(CallPage).await;
    assert!(page.is_enabled("Join") && captured("video").is_empty());
    page.click("Start preview").await;
    page.plays("localVideo").await;
    let room = page.get::<HtmlInputElement>("#room").value();
    assert_eq!(room.len(), 25, "three words and four digits: {room}");
    page.click("Another name").await;
    until("another name", || {
        page.get::<HtmlInputElement>("#room").value() != room
    })
    .await;
    assert!(page.is_enabled("Join") && !page.is_enabled("Hang Up"));
    page.click("Mute").await;
    let enabled = || captured("audio").last() == Some(&("live".to_owned(), true));
    until("muted", || !enabled()).await;
    assert!(page.text().contains("muted"));
    page.click("Unmute").await;
    until("not muted", enabled).await;
}

#[wasm_bindgen_test]
async fn call_captures_camera_and_microphone_apart_from_each_other() {
    record_tracks();
    let page = mount(CallPage).await;
    let live = |kind| {
        captured(kind)
            .iter()
            .filter(|(state, _)| state == "live")
            .count()
    };
    let both = |video, audio| live("video") == video && live("audio") == audio;
    assert!(both(0, 0), "nobody has asked for it yet");
    page.click("Start preview").await;
    until("picture and sound", || both(1, 1)).await;
    page.switch("Microphone");
    until("the picture only", || both(1, 0)).await;
    page.switch("Microphone");
    until("picture and sound again", || both(1, 1)).await;
    assert_eq!(captured("video").len(), 1, "the camera was left alone");
    page.click("Camera off").await;
    until("the sound only", || both(0, 1)).await;
    page.click("Camera on").await;
    until("all again", || both(1, 1)).await;
    drop(page);
    until("nothing", || both(0, 0)).await;
}

#[wasm_bindgen_test]
async fn a_server_that_cannot_be_reached_is_named_and_tried_again() {
    let page = mount(CallPage).await;
    // The test's own web server has no /ws.
    page.click("Join").await;
    until("the message", || page.text().contains("cannot be reached")).await;
    let text = page.text();
    assert!(
        text.contains(" cannot be reached") && text.contains("Trying again in"),
        "{text}"
    );
    page.click("Hang Up").await;
    until("Join is there again", || page.is_enabled("Join")).await;
}

fn write_servers(page: &Mounted, text: &str) {
    let field: HtmlTextAreaElement = page.get("textarea");
    field.set_value(text);
    field.dispatch_event(&Event::new("input").unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn candidates_are_gathered_without_a_call() {
    record_connections();
    let page = mount(NatPage).await;
    write_servers(&page, "");
    for round in 1..=2 {
        page.click("Gather candidates").await;
        until("the gathering is complete", || {
            page.text().contains("Gathering is complete")
        })
        .await;
        let rows: HtmlElement = page.get("#gathered tbody");
        let text = rows.inner_text();
        assert!(text.contains("host") && text.contains("port"), "{text:?}");
        assert!(!text.contains("Server reflexive"), "{text:?}");
        // What was gathered before is replaced, and its connection closed.
        assert_eq!(recorded(), (round, round - 1));
    }
    drop(page);
    until("all connections are closed", || recorded() == (2, 2)).await;
}

#[wasm_bindgen_test]
async fn a_line_that_names_no_server_is_quoted() {
    let page = mount(NatPage).await;
    write_servers(&page, "stun:127.0.0.1:9\nhttps://stun.example.org");
    page.click("Gather candidates").await;
    until("the line is quoted", || {
        page.find::<HtmlElement>("[role=alert]")
            .is_some_and(|alert| {
                alert
                    .inner_text()
                    .contains("line 2: “https://stun.example.org”")
            })
    })
    .await;
    write_servers(&page, "");
    page.click("Gather candidates").await;
    until("the error is gone", || {
        page.text().contains("Gathering is complete")
            && page.find::<HtmlElement>("[role=alert]").is_none()
    })
    .await;
}
