//! The module about security: it has the page's code, and its attacker is as good.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{MediaStreamTrack, RtcPeerConnection, RtcTrackEvent};
use webrtc_tour::rtc::media::{LocalMedia, is_secure_context};
use webrtc_tour::rtc::permissions::Permission;
use webrtc_tour::verification::{EMOJI, Fingerprint, VerificationCode};

use crate::code::tools::{Unheard, field, object, text, video};
use crate::support::{until, within};

mod twin {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "security"])]
    extern "C" {
        pub(super) fn context() -> JsValue;
        #[wasm_bindgen(catch, js_name = watchPermission)]
        pub(super) async fn watch_permission(
            name: &str,
            tell: &Closure<dyn FnMut(String)>,
        ) -> Result<JsValue, JsValue>;
        pub(super) async fn negotiated(connection: &RtcPeerConnection) -> JsValue;
        #[wasm_bindgen(catch)]
        pub(super) fn fingerprint(description: &JsValue) -> Result<String, JsValue>;
        #[wasm_bindgen(catch, js_name = verificationCode)]
        pub(super) async fn verification_code(one: &str, other: &str) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(js_name = SIGNS, thread_local_v2)]
        pub(super) static SIGNS: Array;
        pub(super) fn introduce(one: &RtcPeerConnection, other: &RtcPeerConnection);
        pub(super) fn intercept(alice: &RtcPeerConnection, bob: &RtcPeerConnection) -> Array;
    }
}

/// Somebody with a video, and what arrives there.
struct Person {
    connection: RtcPeerConnection,
    received: Rc<RefCell<Vec<MediaStreamTrack>>>,
    _media: LocalMedia,
    _on_track: Closure<dyn FnMut(RtcTrackEvent)>,
}

impl Person {
    fn new() -> Self {
        let (connection, media) = (RtcPeerConnection::new().unwrap(), video());
        let received = Rc::<RefCell<Vec<_>>>::default();
        let heard = received.clone();
        let on_track: Closure<dyn FnMut(RtcTrackEvent)> =
            Closure::new(move |event: RtcTrackEvent| heard.borrow_mut().push(event.track()));
        connection.set_ontrack(Some(on_track.as_ref().unchecked_ref()));
        let track = media.track("video").unwrap();
        connection.add_track_0(&track, media.stream());
        Self {
            connection,
            received,
            _media: media,
            _on_track: on_track,
        }
    }

    fn is_settled(&self) -> bool {
        text(&self.connection, "connectionState") == "connected"
            && text(&self.connection, "signalingState") == "stable"
            && self.received.borrow().len() == 1
    }

    /// What its browser holds against each other: the own fingerprint and the other end's.
    fn fingerprints(&self) -> [String; 2] {
        ["localDescription", "remoteDescription"]
            .map(|description| twin::fingerprint(&field(&self.connection, description)).unwrap())
    }

    async fn code(&self) -> String {
        let [own, others] = self.fingerprints();
        code(&own, &others).await
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.connection.set_ontrack(None);
        self.connection.close();
    }
}

async fn code(one: &str, other: &str) -> String {
    let code = within("the code", twin::verification_code(one, other)).await;
    code.unwrap().as_string().unwrap()
}

fn of_bytes(byte: impl Fn(usize) -> u8) -> String {
    let pairs: Vec<_> = (0..32).map(|at| format!("{:02X}", byte(at))).collect();
    format!("sha-256 {}", pairs.join(":"))
}

#[wasm_bindgen_test]
async fn the_module_makes_the_same_code_as_the_page() {
    let unheard = Unheard::watch().await;
    let signs: Vec<_> =
        twin::SIGNS.with(|signs| signs.iter().filter_map(|s| s.as_string()).collect());
    assert_eq!(signs, EMOJI.map(|emoji| emoji.sign.to_owned()));
    let random = [(); 2].map(|()| {
        let hex = webrtc_tour::rtc::random_hex::<32>();
        of_bytes(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap())
    });
    let [first, second] = random;
    for (one, other) in [
        // The pair whose code the Rust knows by heart.
        (of_bytes(|_| 1), of_bytes(|at| at as u8)),
        // Letters sort behind digits, in bytes as in texts.
        (of_bytes(|_| 0x9f), of_bytes(|_| 0xa0)),
        (first, second),
    ] {
        let parsed: [Fingerprint; 2] = [&one, &other].map(|text| text.parse().unwrap());
        let expected = VerificationCode::of(&parsed[0], &parsed[1]).to_string();
        assert_eq!(code(&one, &other).await, expected);
        assert_eq!(code(&other, &one.to_lowercase()).await, expected);
    }
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn one_description_announces_one_certificate() {
    let unheard = Unheard::watch().await;
    let announcing = |lines: &[&str]| {
        let sdp: String = lines
            .iter()
            .map(|line| format!("a=fingerprint:{line}\r\n"))
            .collect();
        twin::fingerprint(&object(&[("sdp", format!("v=0\r\n{sdp}").into())]))
    };
    let twice = announcing(&["sha-256 AB", "sha-256 AB"]);
    assert_eq!(twice.unwrap(), "sha-256 AB");
    for lines in [&[][..], &["sha-256 AB", "sha-256 CD"]] {
        let error = announcing(lines).unwrap_err();
        assert!(text(&error, "message").starts_with(&format!("{} certificates", lines.len())));
    }
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn two_who_are_introduced_have_one_code_and_know_what_was_negotiated() {
    let unheard = Unheard::watch().await;
    let [alice, bob] = [Person::new(), Person::new()];
    twin::introduce(&alice.connection, &bob.connection);
    until("both are connected", || {
        alice.is_settled() && bob.is_settled()
    })
    .await;
    assert_eq!(alice.code().await, bob.code().await);
    let [own, others] = alice.fingerprints();
    assert_eq!([others.clone(), own.clone()], bob.fingerprints());
    let facts = within("the statistics", twin::negotiated(&alice.connection)).await;
    // A browser may tell none of it; what it tells has to be right.
    for (key, expected) in [
        ("version", "DTLS 1."),
        ("cipher", "TLS_"),
        ("profile", "AE"),
        ("own", own.trim_start_matches("sha-256 ")),
        ("others", others.trim_start_matches("sha-256 ")),
    ] {
        let told = field(&facts, key).as_string();
        let right = told.as_ref().is_none_or(|told| told.contains(expected));
        assert!(right, "{key}: {told:?}");
    }
    let is_firefox = js_sys::eval("navigator.userAgent.includes('Firefox')").unwrap();
    let told = field(&facts, "version").as_string();
    assert!(told.is_some() || is_firefox.is_truthy(), "{facts:?}");
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn whoever_is_in_the_middle_sees_everything_and_the_codes_differ() {
    let unheard = Unheard::watch().await;
    let [alice, bob] = [Person::new(), Person::new()];
    let middle = twin::intercept(&alice.connection, &bob.connection);
    until("both have a picture", || {
        alice.is_settled() && bob.is_settled()
    })
    .await;
    let [towards_alice, towards_bob] =
        [0, 1].map(|at| middle.get(at).unchecked_into::<RtcPeerConnection>());
    for end in [&towards_alice, &towards_bob] {
        let receivers = end.get_receivers();
        let live = receivers.iter().filter(|receiver| {
            let track = field(receiver, "track");
            text(&track, "readyState") == "live"
        });
        assert_eq!(live.count(), 1, "the attacker receives a picture");
    }
    assert_ne!(alice.code().await, bob.code().await);
    let [_, seen_by_alice] = alice.fingerprints();
    let [own_of_bob, _] = bob.fingerprints();
    assert_ne!(seen_by_alice, own_of_bob);
    towards_alice.close();
    towards_bob.close();
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn the_context_and_the_permissions_are_those_of_the_page() {
    let unheard = Unheard::watch().await;
    let context = twin::context();
    assert_eq!(field(&context, "secure"), is_secure_context());
    assert!(text(&context, "origin").starts_with("http"));
    let told = Rc::new(RefCell::new(Vec::new()));
    let heard = told.clone();
    let tell = Closure::new(move |state| heard.borrow_mut().push(state));
    let status = within("the state", twin::watch_permission("camera", &tell)).await;
    let page = within("the same", Permission::query("camera")).await;
    assert_eq!(*told.borrow(), [page.unwrap().state()]);
    // Only a person changes it: the event stands in for them.
    let status: web_sys::EventTarget = status.unwrap().unchecked_into();
    let event = web_sys::Event::new("change").unwrap();
    status.dispatch_event(&event).unwrap();
    assert_eq!(told.borrow().len(), 2);
    let unknown = within("no such name", twin::watch_permission("flying", &tell)).await;
    assert_eq!(text(&unknown.unwrap_err(), "name"), "TypeError");
    unheard.expect_none();
}
