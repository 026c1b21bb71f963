//! What a browser has: each feature, and its codecs.

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use webrtc_tour::pages::browsers::BrowsersPage;
use webrtc_tour::rtc::support::report;

use crate::facts::says;
use crate::support::{Mounted, mount, record_connections, recorded};

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
