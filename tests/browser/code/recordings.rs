//! The module about recordings: what it writes, this site reads.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, File, HtmlElement, MediaStream, MediaStreamTrack, RtcPeerConnection};
use webrtc_tour::pages::replay::ReplayPage;
use webrtc_tour::recording::Recording;
use webrtc_tour::trace::Kind;

use crate::code::tools::{Unheard, field, text, video};
use crate::support::{mount, until, within};

mod twin {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "peerConnection"])]
    extern "C" {
        pub(super) fn call(
            stream: &MediaStream,
            on_track: &Closure<dyn FnMut(MediaStreamTrack, MediaStream)>,
        ) -> JsValue;
        #[wasm_bindgen(js_name = hangUp)]
        pub(super) fn hang_up(peers: &JsValue);
    }

    #[wasm_bindgen(js_namespace = ["twins", "replay"])]
    extern "C" {
        pub(super) fn record(connection: &RtcPeerConnection, peer: &str) -> js_sys::Function;
        pub(super) fn redact(recording: &JsValue) -> JsValue;
        pub(super) fn save(recording: &JsValue) -> File;
        #[wasm_bindgen(catch)]
        pub(super) async fn open(file: &File) -> Result<JsValue, JsValue>;
        pub(super) fn after(recording: &JsValue, count: u32) -> JsValue;
    }
}

async fn text_of(file: &File) -> String {
    let text = JsFuture::from(file.text()).await.unwrap();
    text.as_string().unwrap()
}

/// What stands where a ufrag does. Four letters may stand anywhere else by chance.
fn ufrags(json: &str) -> Vec<&str> {
    let places = ["ufrag ", "ice-ufrag:", "sernameFragment\":\""];
    let found = places.into_iter().flat_map(|place| {
        let after = json.split(place).skip(1);
        after.filter_map(|text| text.split([' ', '"', '\\']).next())
    });
    found.collect()
}

fn of_text(json: &str) -> File {
    File::new_with_str_sequence(&Array::of1(&json.into()), "test.json").unwrap()
}

/// What happened to one end of a call until it was connected and measured.
async fn recorded() -> JsValue {
    let media = video();
    let on_track = Closure::new(|_, _| ());
    let peers = twin::call(media.stream(), &on_track);
    let local: RtcPeerConnection = field(&peers, "localPeer").unchecked_into();
    let stop = twin::record(&local, "localPeer");
    until("it is connected", || {
        text(&local, "connectionState") == "connected"
    })
    .await;
    let stopping: js_sys::Promise = stop.call0(&JsValue::NULL).unwrap().unchecked_into();
    let recording = within("it stops", JsFuture::from(stopping)).await.unwrap();
    let count = || Array::from(&field(&recording, "entries")).length();
    let noted = count();
    let event = Event::new("connectionstatechange").unwrap();
    local.dispatch_event(&event).unwrap();
    assert_eq!(count(), noted, "it is stopped");
    twin::hang_up(&peers);
    assert_eq!(text(&local, "connectionState"), "closed");
    recording
}

#[wasm_bindgen_test]
async fn what_the_module_writes_is_a_recording_without_addresses() {
    let unheard = Unheard::watch().await;
    let whole = recorded().await;
    let whole_text = text_of(&twin::save(&whole)).await;
    let file = twin::save(&twin::redact(&whole));
    let json = text_of(&file).await;
    let recording = Recording::from_json(&json).unwrap();
    assert!(recording.is_redacted());
    let states = |json: &str| -> Vec<String> {
        let recording = Recording::from_json(json).unwrap();
        let states = recording.entries().iter().filter(|e| e.kind == Kind::State);
        states.map(|e| format!("{} {}", e.name, e.detail)).collect()
    };
    assert_eq!(states(&json), states(&whole_text));
    assert!(states(&json).contains(&"connectionState connected".to_owned()));
    assert!(!recording.samples().is_empty());

    // What its candidates and its certificate tell is in the one file and not in the other.
    let whole = Recording::from_json(&whole_text).unwrap();
    let mut candidates = 0;
    for entry in whole.entries().iter().filter(|e| e.name == "icecandidate") {
        // Firefox ends with an empty one, and names no ufrag in the text.
        if let Some(told) = entry.detail.text().split(' ').nth(4) {
            assert!(whole_text.contains(told) && !json.contains(told), "{told}");
            candidates += 1;
        }
    }
    assert!(candidates > 0, "{whole_text}");
    let is_replaced = |ufrag: &&str| ufrag.starts_with("ufrag-");
    assert!(!ufrags(&whole_text).iter().any(is_replaced), "{whole_text}");
    assert!(ufrags(&json).iter().all(is_replaced), "{json}");
    assert_eq!(ufrags(&json).len(), ufrags(&whole_text).len());
    let stats = whole.samples()[0].stats.as_array().unwrap();
    // Not each browser tells of its certificate.
    for stat in stats {
        for key in ["fingerprint", "base64Certificate"] {
            if let Some(told) = stat[key].as_str().filter(|told| !told.is_empty()) {
                assert!(!json.contains(told), "{told}");
            }
        }
    }

    let page = mount(ReplayPage).await;
    give(&page.get("#replay-file"), &file);
    until("it is open", || {
        page.find::<HtmlElement>(".ladder").is_some()
    })
    .await;
    assert!(
        page.text()
            .contains("addresses and fingerprints are replaced")
    );
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn of_more_than_the_page_reads_the_module_keeps_the_newest_and_says_so() {
    let unheard = Unheard::watch().await;
    // Its seconds pass when the test says so.
    let connection: RtcPeerConnection = js_sys::eval(
        "window.wasSetInterval = window.setInterval;
         window.setInterval = (measure) => { window.second = measure; };
         Object.assign(new EventTarget(), { connectionState: 'new', getStats: async () => new Map() })",
    )
    .unwrap()
    .unchecked_into();
    let stop = twin::record(&connection, "localPeer");
    let long = js_sys::Function::new_with_args(
        "connection, stop",
        "window.setInterval = window.wasSetInterval;
         return (async () => {
             for (let i = 0; i < 310; i++) await window.second();
             for (let i = 0; i < 20_007; i++) {
                 connection.connectionState = String(i);
                 connection.dispatchEvent(new Event('connectionstatechange'));
             }
             return stop();
         })();",
    );
    let made = long.call2(&JsValue::NULL, &connection, &stop).unwrap();
    let made = within("it stops", JsFuture::from(js_sys::Promise::from(made))).await;
    let json = text_of(&twin::save(&twin::redact(&made.unwrap()))).await;
    let recording = Recording::from_json(&json).unwrap();
    let newest = recording.entries().last().map(|entry| entry.detail.text());
    assert_eq!(newest.as_deref(), Some("20006"));
    assert_eq!(recording.entries()[0].detail, "7");
    let left_out = recording.left_out().to_string();
    assert_eq!(left_out, "7 entries and 11 samples of statistics");
    unheard.expect_none();
}

fn give(input: &HtmlElement, file: &File) {
    let give = js_sys::Function::new_with_args(
        "input, file",
        "const given = new DataTransfer();
         given.items.add(file);
         input.files = given.files;
         input.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    give.call2(&JsValue::NULL, input, file).unwrap();
}

#[wasm_bindgen_test]
async fn equal_ones_stay_equal_and_only_what_tells_is_replaced() {
    let unheard = Unheard::watch().await;
    let fingerprint = vec!["4A"; 32].join(":");
    let told = format!(
        r#"{{ "entries": [
            {{ "atMs": 1, "detail": "candidate:1 1 udp 7 192.168.1.7 9 typ host raddr 0f-1e.local rport 9 ufrag Ab1+ network-id 1" }},
            {{ "atMs": 2, "detail": "2001:db8::1 192.168.1.7 Ab1+ fe80::1%eth0 v1.2.3 offer" }},
            {{ "atMs": 3, "detail": "a=ice-ufrag:Ab1+" }}
        ], "samples": [{{ "stats": [{{ "id": "CF{fingerprint}", "fingerprint": "{fingerprint}",
            "usernameFragment": "Ab1+", "base64Certificate": "MIIB", "kind": "video", "port": 9 }}] }}] }}"#
    );
    let redacted = twin::redact(&js_sys::JSON::parse(&told).unwrap());
    let shown = String::from(js_sys::JSON::stringify(&redacted).unwrap());
    let expected = r#"{"entries":[{"atMs":1,"detail":"candidate:1 1 udp 7 ipv4-2 9 typ host raddr mdns-1 rport 9 ufrag ufrag-3 network-id 1"},{"atMs":2,"detail":"ipv6-4 ipv4-2 Ab1+ ipv6-5%eth0 v1.2.3 offer"},{"atMs":3,"detail":"a=ice-ufrag:ufrag-3"}],"samples":[{"stats":[{"id":"CFfingerprint-6","fingerprint":"fingerprint-6","usernameFragment":"ufrag-3","base64Certificate":"certificate-7","kind":"video","port":9}]}],"redacted":true}"#;
    assert_eq!(shown, expected);
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn a_recording_is_read_and_stepped_through() {
    let unheard = Unheard::watch().await;
    for (json, why) in [
        ("{", "JSON"),
        ("null", "another format"),
        (r#"{"format":"x"}"#, "another format"),
        (
            r#"{"format":"webrtc-tour-recording","version":2}"#,
            "another version",
        ),
    ] {
        let error = twin::open(&of_text(json)).await.unwrap_err();
        let error = String::from(error.unchecked_into::<Object>().to_string());
        assert!(error.contains(why), "{error}");
    }
    let json = r#"{"format":"webrtc-tour-recording","version":1,
        "entries":[{"atMs":1},{"atMs":5},{"atMs":9}],
        "samples":[{"atMs":4,"stats":"first"},{"atMs":9,"stats":"last"}]}"#;
    let recording = twin::open(&of_text(json)).await.unwrap();
    for (count, stats) in [(0, ""), (1, "first"), (2, "first"), (3, "last")] {
        let step = twin::after(&recording, count);
        assert_eq!(Array::from(&field(&step, "entries")).length(), count);
        assert_eq!(text(&step, "stats"), stats, "{count}");
    }
    unheard.expect_none();
}
