//! The modules about one browser alone: media, a pair of peers, a channel, candidates.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use leptos::prelude::document;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlVideoElement, MediaStream, MediaStreamTrack, RtcDataChannel, RtcPeerConnection};

use crate::code::tools::{Unheard, field, number, object, text, video};
use crate::code::twins;
use crate::support::{frames, has_ended, until, within};

mod media_stream {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "mediaStream"])]
    extern "C" {
        #[wasm_bindgen(catch)]
        pub(super) async fn start(
            video: &HtmlVideoElement,
            wish: &JsValue,
            signal: &JsValue,
        ) -> Result<MediaStream, JsValue>;
        pub(super) fn stop(video: &HtmlVideoElement);
        #[wasm_bindgen(js_name = setEnabled)]
        pub(super) fn set_enabled(stream: &MediaStream, kind: &str, enabled: bool);
        #[wasm_bindgen(catch)]
        pub(super) async fn devices(kind: &str) -> Result<Array, JsValue>;
        pub(super) fn settings(stream: &MediaStream) -> Array;
        #[wasm_bindgen(js_name = onEnded)]
        pub(super) fn on_ended(stream: &MediaStream, tell: &Closure<dyn FnMut(String)>);
    }
}

mod peer_connection {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "peerConnection"])]
    extern "C" {
        pub(super) fn call(
            stream: &MediaStream,
            on_track: &Closure<dyn FnMut(MediaStreamTrack, MediaStream)>,
        ) -> JsValue;
        #[wasm_bindgen(js_name = selectedPair)]
        pub(super) async fn selected_pair(connection: &RtcPeerConnection) -> JsValue;
        #[wasm_bindgen(js_name = hangUp)]
        pub(super) fn hang_up(peers: &JsValue);
    }
}

mod data_channel {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "dataChannel"])]
    extern "C" {
        pub(super) fn open(options: &JsValue, on_message: &Closure<dyn FnMut(JsValue)>) -> JsValue;
        #[wasm_bindgen(catch)]
        pub(super) async fn opened(channel: &RtcDataChannel) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_name = sendWhenRoom)]
        pub(super) async fn send_when_room(
            channel: &RtcDataChannel,
            message: &JsValue,
        ) -> Result<JsValue, JsValue>;
    }
}

mod nat {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "nat"])]
    extern "C" {
        #[wasm_bindgen(catch)]
        pub(super) async fn gather(
            ice_servers: &Array,
            on_candidate: &Closure<dyn FnMut(JsValue)>,
        ) -> Result<JsValue, JsValue>;
        pub(super) fn describe(candidate: &JsValue) -> JsValue;
    }
}

/// A video in the document, until dropped.
struct Video(HtmlVideoElement);

impl Video {
    fn new() -> Self {
        let video: HtmlVideoElement = document().create_element("video").unwrap().unchecked_into();
        video.set_muted(true);
        video.set_autoplay(true);
        document().body().unwrap().append_child(&video).unwrap();
        Self(video)
    }

    async fn plays(&self) {
        self.0.scroll_into_view();
        let then = frames(&self.0);
        until("the picture moves", || frames(&self.0) > then + 2.0).await;
    }
}

impl Drop for Video {
    fn drop(&mut self) {
        self.0.remove();
    }
}

#[wasm_bindgen_test]
async fn media_stream_starts_mutes_and_stops() {
    let unheard = Unheard::watch().await;
    let video = Video::new();
    let wish = object(&[("width", 320.into()), ("height", 240.into())]);
    let stream = media_stream::start(&video.0, &wish, &JsValue::UNDEFINED).await;
    let stream = stream.unwrap();
    video.plays().await;
    let tracks: Vec<MediaStreamTrack> = stream
        .get_tracks()
        .iter()
        .map(JsCast::unchecked_into)
        .collect();
    let mut kinds: Vec<_> = tracks.iter().map(MediaStreamTrack::kind).collect();
    kinds.sort();
    assert_eq!(kinds, ["audio", "video"]);

    media_stream::set_enabled(&stream, "audio", false);
    let enabled = |kind: &str| {
        tracks
            .iter()
            .find(|track| track.kind() == kind)
            .unwrap()
            .enabled()
    };
    assert!(!enabled("audio") && enabled("video"));

    let settings = media_stream::settings(&stream);
    let of_video = settings
        .iter()
        .map(|entry| Array::from(&entry))
        .find(|entry| entry.get(0) == "video");
    assert_eq!(number(&of_video.unwrap().get(1), "width"), 320.0);
    let cameras = media_stream::devices("videoinput").await.unwrap();
    assert!(
        cameras
            .iter()
            .all(|device| text(&device, "kind") == "videoinput")
    );
    assert!(cameras.length() > 0);

    media_stream::stop(&video.0);
    assert!(has_ended(&stream) && video.0.src_object().is_none());
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn who_shows_media_hears_of_an_unplugged_device() {
    twins::load().await;
    // No page can unplug a device: what a track does then, something else does here.
    let stand_in = js_sys::eval(
        "(() => {
            const track = Object.assign(new EventTarget(), { kind: 'video' });
            return { track, getTracks: () => [track] };
        })()",
    )
    .unwrap();
    let ended = Rc::new(RefCell::new(Vec::new()));
    let heard = ended.clone();
    let tell = Closure::new(move |kind| heard.borrow_mut().push(kind));
    media_stream::on_ended(stand_in.unchecked_ref(), &tell);
    let track: web_sys::EventTarget = field(&stand_in, "track").unchecked_into();
    let event = web_sys::Event::new("ended").unwrap();
    track.dispatch_event(&event).unwrap();
    assert_eq!(*ended.borrow(), ["video"]);
}

#[wasm_bindgen_test]
async fn media_that_come_when_nobody_waits_are_let_go() {
    twins::load().await;
    let video = Video::new();
    let abort = web_sys::AbortController::new().unwrap();
    abort.abort();
    let stream = media_stream::start(&video.0, &JsValue::UNDEFINED, &abort.signal()).await;
    assert!(has_ended(&stream.unwrap()));
}

#[wasm_bindgen_test]
async fn two_peers_in_one_page_show_moving_video() {
    let unheard = Unheard::watch().await;
    let media = video();
    let video = Video::new();
    let shown = video.0.clone();
    let on_track = Closure::new(move |_, stream| shown.set_src_object(Some(&stream)));
    let peers = peer_connection::call(media.stream(), &on_track);
    video.plays().await;
    let remote: RtcPeerConnection = field(&peers, "remotePeer").unchecked_into();
    let pair = within("the selected pair", async {
        loop {
            let pair = peer_connection::selected_pair(&remote).await;
            if pair.is_object() {
                return Array::from(&pair);
            }
        }
    })
    .await;
    assert_eq!(text(&pair.get(0), "type"), "local-candidate");
    assert_eq!(text(&pair.get(1), "type"), "remote-candidate");
    peer_connection::hang_up(&peers);
    assert_eq!(text(&remote, "signalingState"), "closed");
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn a_channel_delivers_text_and_more_than_its_queue_holds() {
    let unheard = Unheard::watch().await;
    let negotiated = object(&[("negotiated", true.into()), ("id", 5.into())]);
    for options in [JsValue::UNDEFINED, negotiated] {
        let messages = Rc::new(RefCell::new((Vec::new(), 0)));
        let received = messages.clone();
        let on_message = Closure::new(move |message: JsValue| {
            let (texts, bytes) = &mut *received.borrow_mut();
            match message.as_string() {
                Some(text) => texts.push(text),
                None => *bytes += js_sys::ArrayBuffer::from(message).byte_length(),
            }
        });
        let ends = data_channel::open(&options, &on_message);
        let channel: RtcDataChannel = field(&ends, "channel").unchecked_into();
        within("the channel opens", data_channel::opened(&channel))
            .await
            .unwrap();
        let send = async |message: &JsValue| {
            within("room", data_channel::send_when_room(&channel, message))
                .await
                .unwrap();
        };
        send(&"hello".into()).await;
        until("the text", || messages.borrow().0 == ["hello"]).await;
        // Chromium’s queue fails above 16 MiB: only who waits for room gets these through.
        let portion = js_sys::Uint8Array::new_with_length(64 * 1024);
        let mut most = 0;
        for _ in 0..320 {
            send(&portion).await;
            most = most.max(channel.buffered_amount());
        }
        assert!(
            most > 1024 * 1024 && most < 5 * 1024 * 1024,
            "{most} bytes waited"
        );
        until("all bytes", || messages.borrow().1 == 20 * 1024 * 1024).await;
        for end in ["localPeer", "remotePeer"] {
            field(&ends, end)
                .unchecked_into::<RtcPeerConnection>()
                .close();
        }
    }
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn gathering_finds_host_candidates_and_ends() {
    let unheard = Unheard::watch().await;
    let found = Rc::new(RefCell::new(Vec::new()));
    let heard = found.clone();
    let on_candidate = Closure::new(move |candidate| heard.borrow_mut().push(candidate));
    within("gathering", nat::gather(&Array::new(), &on_candidate))
        .await
        .unwrap();
    let found = found.borrow();
    assert!(!found.is_empty());
    for candidate in found.iter() {
        assert_eq!(text(candidate, "type"), "host");
        // Chromium has TCP candidates, too, and prefers them less.
        if text(candidate, "protocol") == "udp" {
            assert_eq!(number(candidate, "typePreference"), 126.0);
        }
        assert_eq!(number(candidate, "component"), 1.0);
    }
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn a_priority_is_taken_apart_as_the_standard_puts_it_together() {
    twins::load().await;
    // RFC 8445, section 5.1.2.1, with numbers that are all different.
    let priority = f64::from((100_u32 << 24) + (65_000 << 8) + (256 - 2));
    let parts = nat::describe(&object(&[("priority", priority.into())]));
    assert_eq!(number(&parts, "typePreference"), 100.0);
    assert_eq!(number(&parts, "localPreference"), 65_000.0);
    assert_eq!(number(&parts, "component"), 2.0);
}
