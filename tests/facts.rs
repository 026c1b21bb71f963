//! What a browser has, what protects a connection, and who is in the middle.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use js_sys::Array;
use support::{Mounted, mount, record_connections, recorded, trace, until, within};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlElement;
use webrtc_tour::call::links::LinkEvent;
use webrtc_tour::call::pair::{End, Pair};
use webrtc_tour::negotiation::SignalingState;
use webrtc_tour::pages::browsers::BrowsersPage;
use webrtc_tour::pages::security::SecurityPage;
use webrtc_tour::rtc::data_channel::DataChannelOptions;
use webrtc_tour::rtc::support::report;
use webrtc_tour::verification::{Fingerprint, NoCode, Source, Verification, verify};

wasm_bindgen_test_configure!(run_in_browser);

/// The answer of a script of its own.
fn says(script: &str) -> bool {
    js_sys::eval(script).unwrap().is_truthy()
}

async fn answer(script: &str) -> JsValue {
    let promise = js_sys::eval(&format!("(async () => {script})()"));
    JsFuture::from(promise.unwrap().unchecked_into::<js_sys::Promise>())
        .await
        .unwrap()
}

fn badge(page: &Mounted, feature: &str) -> String {
    let rows = format!("#features [data-feature=\"{feature}\"] .badge");
    page.get::<HtmlElement>(&rows).text_content().unwrap()
}

/// Each tells by using it, where the page only looks.
const USED: [(&str, &str); 14] = [
    (
        "getDisplayMedia()",
        "typeof navigator.mediaDevices?.getDisplayMedia === 'function'",
    ),
    (
        "devicechange",
        "navigator.mediaDevices.ondevicechange !== undefined",
    ),
    (
        "canvas.captureStream()",
        "document.createElement('canvas').captureStream?.() instanceof MediaStream",
    ),
    (
        "connectionState",
        "(() => { const c = new RTCPeerConnection(); const s = c.connectionState; c.close(); return s === 'new'; })()",
    ),
    (
        "setLocalDescription() without a description",
        "(() => { const c = new RTCPeerConnection(); try { c.setLocalDescription().catch(() => {}); return true; } catch { return false; } finally { c.close(); } })()",
    ),
    (
        "restartIce()",
        "typeof RTCPeerConnection.prototype.restartIce === 'function'",
    ),
    (
        "sendEncodings: simulcast",
        "(() => { const c = new RTCPeerConnection(); const t = c.addTransceiver('video', { sendEncodings: [{ rid: 'a' }, { rid: 'b' }, { rid: 'c' }] }); const n = t.sender.getParameters().encodings?.length; c.close(); return n === 3; })()",
    ),
    (
        "RTCRtpSender.getCapabilities()",
        "RTCRtpSender.getCapabilities?.('audio').codecs.length > 0",
    ),
    (
        "RTCRtpScriptTransform",
        "typeof RTCRtpScriptTransform === 'function'",
    ),
    (
        "dtlsTransport.getRemoteCertificates()",
        "typeof RTCDtlsTransport.prototype.getRemoteCertificates === 'function'",
    ),
    (
        "setSinkId()",
        "typeof document.createElement('video').setSinkId === 'function'",
    ),
    (
        "requestPictureInPicture()",
        "typeof document.createElement('video').requestPictureInPicture === 'function'",
    ),
    (
        "maxPacketLifeTime",
        "(() => { const c = new RTCPeerConnection(); const d = c.createDataChannel('x', { maxPacketLifeTime: 7 }); const t = d.maxPacketLifeTime; c.close(); return t === 7; })()",
    ),
    (
        "BroadcastChannel",
        "(() => { const c = new BroadcastChannel('x'); c.close(); return true; })()",
    ),
];

#[wasm_bindgen_test]
async fn what_the_browser_has_is_present_and_what_it_lacks_is_missing() {
    let page = mount(BrowsersPage).await;
    for (feature, script) in USED {
        let expected = if says(script) { "present" } else { "missing" };
        let shown = badge(&page, feature);
        let older = shown == "prefixed" && expected == "missing";
        assert!(shown == expected || older, "{feature}: {shown}");
    }
    let text = page.get::<HtmlElement>("#report").text_content().unwrap();
    let agent = js_sys::eval("navigator.userAgent").unwrap().as_string();
    for part in [agent.unwrap().as_str(), "present: RTCPeerConnection ["] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[wasm_bindgen_test]
async fn what_was_taken_away_is_missing_and_an_older_name_is_prefixed() {
    js_sys::eval(
        "window.taken = [window.EventSource, HTMLCanvasElement.prototype.captureStream];
        delete window.EventSource;
        delete HTMLCanvasElement.prototype.captureStream;
        HTMLCanvasElement.prototype.mozCaptureStream = () => {};",
    )
    .unwrap();
    let page = mount(BrowsersPage).await;
    js_sys::eval(
        "[window.EventSource, HTMLCanvasElement.prototype.captureStream] = window.taken;
        delete HTMLCanvasElement.prototype.mozCaptureStream;",
    )
    .unwrap();
    assert_eq!(badge(&page, "EventSource"), "missing");
    assert_eq!(badge(&page, "canvas.captureStream()"), "prefixed");
    assert!(
        page.text()
            .contains("HTMLCanvasElement.prototype.mozCaptureStream")
    );
    assert!(page.text().contains("missing: EventSource ["));
}

#[wasm_bindgen_test]
async fn looking_asks_for_nothing_and_leaves_nothing_open() {
    record_connections();
    js_sys::eval(
        "window.asked = 0;
        window.originals = {};
        for (const name of ['getUserMedia', 'getDisplayMedia', 'enumerateDevices']) {
            window.originals[name] = navigator.mediaDevices[name];
            navigator.mediaDevices[name] = () => { window.asked += 1; return Promise.reject(); };
        }",
    )
    .unwrap();
    let found = report();
    js_sys::eval("Object.assign(navigator.mediaDevices, window.originals)").unwrap();
    assert!(found.count("present") > 20, "{found}");
    assert_eq!(js_sys::eval("window.asked").unwrap(), 0.0);
    let (made, closed) = recorded();
    assert_eq!(made, closed);
}

#[wasm_bindgen_test]
async fn the_codecs_are_those_of_get_capabilities() {
    let page = mount(BrowsersPage).await;
    let report = page.get::<HtmlElement>("#report").text_content().unwrap();
    for (id, script) in [
        ("audio-sent", "RTCRtpSender.getCapabilities('audio')"),
        ("audio-received", "RTCRtpReceiver.getCapabilities('audio')"),
        ("video-sent", "RTCRtpSender.getCapabilities('video')"),
        ("video-received", "RTCRtpReceiver.getCapabilities('video')"),
    ] {
        let codecs: Array = js_sys::eval(&format!(
            "{script}.codecs.map(c => c.sdpFmtpLine ? `${{c.mimeType}} (${{c.sdpFmtpLine}})` : c.mimeType)"
        ))
        .unwrap()
        .unchecked_into();
        let expected: Vec<_> = codecs.iter().map(|c| c.as_string().unwrap()).collect();
        let list: HtmlElement = page.get(&format!("#{id} .codecs"));
        let items = list.query_selector_all("li").unwrap();
        let shown: Vec<_> = (0..items.length())
            .map(|index| items.get(index).unwrap().text_content().unwrap())
            .collect();
        assert!(!shown.is_empty(), "{id}");
        assert_eq!(shown, expected, "{id}");
        assert!(
            report.contains(&format!("  {}\n", expected.join("\n  "))),
            "{id}"
        );
    }
}

#[wasm_bindgen_test]
async fn context_and_permissions_are_shown_as_the_browser_tells_them() {
    let page = mount(SecurityPage).await;
    let fact = |name: &str| {
        let cell = page.get::<HtmlElement>(&format!("[data-fact={name}] td"));
        cell.text_content().unwrap().trim().to_owned()
    };
    assert!(says("window.isSecureContext"));
    assert_eq!(fact("secure-context"), "yes");
    for name in ["camera", "microphone"] {
        let script = format!(
            "{{ try {{ return (await navigator.permissions.query({{ name: '{name}' }})).state }} catch {{ return 'not told' }} }}"
        );
        let expected = answer(&script).await.as_string().unwrap();
        until("the permission", || fact(name) == expected).await;
    }
}

/// Runs both ends until they are connected and nothing is being negotiated.
async fn settle(pair: &mut Pair) {
    let settled = |pair: &Pair| {
        End::BOTH.iter().all(|end| {
            let connection = pair.connection(*end).unwrap();
            connection.states().connection == "connected"
                && connection.signaling_state() == SignalingState::Stable
        })
    };
    within("both are connected", async {
        while !settled(pair) {
            if let (end, LinkEvent::Failed(error)) = pair.next().await {
                panic!("{end:?}: {error}");
            }
        }
    })
    .await;
}

async fn verified(pair: &Pair, end: End) -> Verification {
    within("the code", async {
        loop {
            match verify(&pair.connection(end).unwrap().evidence()) {
                Err(NoCode::NotYet) => gloo_timers::future::TimeoutFuture::new(20).await,
                result => return result.unwrap(),
            }
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn both_ends_of_a_connection_have_one_code_that_stays_and_the_next_has_another() {
    let mut codes = Vec::new();
    for _ in 0..2 {
        let mut pair = Pair::new(&trace()).unwrap();
        let local = pair.connection(End::Local).unwrap().clone();
        assert_eq!(verify(&local.evidence()), Err(NoCode::NotYet));
        let options = DataChannelOptions::default();
        let _channel = local.create_data_channel("test", &options).unwrap();
        settle(&mut pair).await;
        let (one, other) = (
            verified(&pair, End::Local).await,
            verified(&pair, End::Remote).await,
        );
        assert_eq!(one.code, other.code);
        assert_eq!((&one.local, &one.remote), (&other.remote, &other.local));
        let gives = says("'getRemoteCertificates' in RTCDtlsTransport.prototype");
        let source = if gives {
            Source::Handshake
        } else {
            Source::Description
        };
        assert_eq!((one.source, other.source), (source, source));

        // What statistics tell, where they do, is the same.
        for transport in local.security().await.unwrap() {
            for (stat, known) in [
                (&transport.local_certificate, &one.local),
                (&transport.remote_certificate, &one.remote),
            ] {
                if let Some(stat) = stat {
                    let text = format!("{} {}", stat.fingerprint_algorithm, stat.fingerprint);
                    assert_eq!(text.parse::<Fingerprint>().as_ref(), Ok(known));
                }
            }
        }

        local.restart_ice();
        within("a new offer", async {
            loop {
                if let (End::Local, LinkEvent::Signal(_)) = pair.next().await {
                    return;
                }
            }
        })
        .await;
        settle(&mut pair).await;
        assert_eq!(verified(&pair, End::Local).await.code, one.code);
        codes.push(one.code);
    }
    assert_ne!(codes[0], codes[1]);
}

fn code_of(page: &Mounted, name: &str) -> Option<String> {
    page.find::<HtmlElement>(&format!("#{name} .code"))
        .and_then(|code| code.get_attribute("data-code"))
}

async fn verdict(page: &Mounted, expected: &str) {
    until(&format!("the codes are {expected}"), || {
        let shown = page.get::<HtmlElement>("#verdict");
        shown.get_attribute("data-verdict").as_deref() == Some(expected)
    })
    .await;
}

fn heard(page: &Mounted, whose: &str, text: &str) -> bool {
    let list = page.find::<HtmlElement>(&format!("{whose} .heard"));
    list.is_some_and(|list| list.text_content().unwrap().contains(text))
}

#[wasm_bindgen_test]
async fn the_codes_are_equal_until_somebody_sits_in_the_middle() {
    record_connections();
    let page = mount(SecurityPage).await;
    page.click("Connect Alice and Bob").await;
    for video in ["aliceVideo", "bobVideo"] {
        page.plays(video).await;
    }
    verdict(&page, "equal").await;
    let honest = code_of(&page, "Alice");
    assert_eq!(honest, code_of(&page, "Bob"));
    page.click("Send to Bob").await;
    until("Bob hears Alice", || heard(&page, "#Bob", "Hello Bob")).await;
    assert_eq!(recorded(), (2, 0));
    // Where the browser tells nothing, the page says so.
    until("what was negotiated", || {
        page.get::<HtmlElement>("#Alice")
            .text_content()
            .unwrap()
            .contains("DTLS version")
    })
    .await;

    page.switch("Attack");
    until("the first two are closed, four are there", || {
        recorded() == (6, 2)
    })
    .await;
    for video in ["aliceVideo", "bobVideo", "fromAlice", "fromBob"] {
        page.plays(video).await;
    }
    verdict(&page, "different").await;
    assert_ne!(code_of(&page, "Alice"), code_of(&page, "Bob"));
    page.click("Send to Bob").await;
    page.click("Send to Alice").await;
    until("Bob hears Alice", || {
        heard(&page, "#Bob", "Hello Bob, Alice here")
    })
    .await;
    until("Alice hears Bob", || {
        heard(&page, "#Alice", "Hello Alice, Bob here")
    })
    .await;
    assert!(heard(&page, "#Attacker", "Hello Bob, Alice here"));

    page.switch("Attack");
    verdict(&page, "equal").await;
    assert_ne!(code_of(&page, "Alice"), honest, "new certificates");
    assert_eq!(recorded(), (8, 6));
    drop(page);
    until("all are closed", || recorded() == (8, 8)).await;
}

#[wasm_bindgen_test]
async fn hanging_up_closes_everything_and_one_can_begin_again() {
    record_connections();
    let page = mount(SecurityPage).await;
    page.switch("Attack");
    for round in 1..=2 {
        page.click("Connect Alice and Bob").await;
        verdict(&page, "different").await;
        page.click("Hang Up").await;
        until("all are closed", || recorded() == (4 * round, 4 * round)).await;
        until("no code is left", || code_of(&page, "Alice").is_none()).await;
    }
}

/// While it is there, no browser gives the certificates that the other end showed.
struct Silent;

impl Silent {
    fn new() -> Self {
        js_sys::eval(
            "window.told = Object.getOwnPropertyDescriptor(RTCDtlsTransport.prototype, 'getRemoteCertificates');
             Object.defineProperty(RTCDtlsTransport.prototype, 'getRemoteCertificates',
                 { value: () => [], configurable: true, writable: true });",
        )
        .unwrap();
        Self
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        js_sys::eval(
            "delete RTCDtlsTransport.prototype.getRemoteCertificates;
             if (window.told)
                 Object.defineProperty(RTCDtlsTransport.prototype, 'getRemoteCertificates', window.told);",
        )
        .unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_browser_that_never_tells_its_certificates_is_not_waited_for() {
    record_connections();
    let silent = Silent::new();
    let page = mount(SecurityPage).await;
    page.click("Connect Alice and Bob").await;
    let says = |text: &str| {
        let of = page.get::<HtmlElement>("#Alice");
        of.text_content().unwrap().contains(text)
    };
    until("it is waited for", || {
        says("The code comes with the connection.")
    })
    .await;
    until("it is said that nothing comes, and what to do", || {
        says("this browser does not tell its certificates. Call again")
    })
    .await;
    assert!(code_of(&page, "Alice").is_none());
    // It thinks better of it.
    drop(silent);
    until("there is a code", || code_of(&page, "Alice").is_some()).await;
}
