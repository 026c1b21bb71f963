//! The module about browsers: it finds what the page finds.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::rtc::support::report;
use webrtc_tour::support::{Presence, Report};

use crate::code::tools::{Unheard, field};

mod twin {
    use super::*;

    #[wasm_bindgen(js_namespace = ["twins", "browsers"])]
    extern "C" {
        pub(super) fn exists(path: &str) -> bool;
        pub(super) fn features() -> JsValue;
        pub(super) fn codecs(kind: &str) -> JsValue;
        pub(super) fn report() -> String;
    }
}

fn is_present(report: &Report, name: &str) -> bool {
    let mut all = report.found.iter();
    let found = all.find(|found| found.feature.name == name);
    let found = found.unwrap_or_else(|| panic!("the page has no row {name:?}"));
    found.presence == Presence::Present
}

#[wasm_bindgen_test]
async fn the_module_finds_what_the_page_finds() {
    let unheard = Unheard::watch().await;
    let (page, script) = (report(), twin::features());
    let text = twin::report();
    for (key, row) in [
        ("camera", "getUserMedia()"),
        ("screen", "getDisplayMedia()"),
        ("loudspeaker", "setSinkId()"),
        ("codecs", "RTCRtpSender.getCapabilities()"),
        ("encodedTransforms", "RTCRtpScriptTransform"),
        (
            "implicitDescription",
            "setLocalDescription() without a description",
        ),
        ("simulcast", "sendEncodings: simulcast"),
    ] {
        let found = field(&script, key).as_bool();
        assert_eq!(found, Some(is_present(&page, row)), "{key}");
        let word = if found == Some(true) {
            "present"
        } else {
            "missing"
        };
        assert!(text.contains(&format!("{word}: {key}")), "{text}");
    }
    assert!(text.starts_with(&page.user_agent), "{text}");
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn what_is_not_there_is_missing_and_no_error() {
    let unheard = Unheard::watch().await;
    for (path, there) in [
        ("RTCPeerConnection", true),
        // Reading it throws.
        ("RTCPeerConnection.prototype.connectionState", true),
        ("RTCPeerConnection.prototype.fly", false),
        ("Nothing.prototype.at", false),
        ("navigator.nothing.at", false),
        ("navigator.userAgent.length", false),
    ] {
        assert_eq!(twin::exists(path), there, "{path}");
    }
    unheard.expect_none();
}

#[wasm_bindgen_test]
async fn both_list_the_same_codecs() {
    let unheard = Unheard::watch().await;
    let page = report();
    assert_eq!(page.codecs.len(), 4);
    for listed in page.codecs {
        let direction = if listed.sent { "sent" } else { "received" };
        let script = field(&twin::codecs(listed.kind), direction);
        let script: Vec<_> = Array::from(&script)
            .iter()
            .filter_map(|codec| codec.as_string())
            .collect();
        assert!(!script.is_empty(), "{} {direction}", listed.kind);
        assert_eq!(Some(script), listed.codecs, "{} {direction}", listed.kind);
    }
    unheard.expect_none();
}
