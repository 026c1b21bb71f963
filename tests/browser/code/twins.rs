//! The pages' modules of JavaScript, as `window.twins`.
//!
//! Not imported as modules of the test: with so many of them the test runner's web server, which
//! has fewer threads than Chromium opens connections, sometimes does not get to serve them all.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whoever imports another comes after it.
const MODULES: [(&str, &str, &str); 11] = [
    (
        "mediaStream",
        "media-stream",
        include_str!("../../../src/pages/text/js/media-stream.js"),
    ),
    (
        "peerConnection",
        "peer-connection",
        include_str!("../../../src/pages/text/js/peer-connection.js"),
    ),
    (
        "dataChannel",
        "data-channel",
        include_str!("../../../src/pages/text/js/data-channel.js"),
    ),
    (
        "nat",
        "nat",
        include_str!("../../../src/pages/text/js/nat.js"),
    ),
    (
        "call",
        "call",
        include_str!("../../../src/pages/text/js/call.js"),
    ),
    (
        "mesh",
        "mesh",
        include_str!("../../../src/pages/text/js/mesh.js"),
    ),
    (
        "signaling",
        "signaling",
        include_str!("../../../src/pages/text/js/signaling.js"),
    ),
    (
        "firebase",
        "firebase",
        include_str!("../../../src/pages/text/js/firebase.js"),
    ),
    (
        "browsers",
        "browsers",
        include_str!("../../../src/pages/text/js/browsers.js"),
    ),
    (
        "security",
        "security",
        include_str!("../../../src/pages/text/js/security.js"),
    ),
    (
        "replay",
        "replay",
        include_str!("../../../src/pages/text/js/replay.js"),
    ),
];

/// To be awaited before any of them is called.
pub(crate) async fn load() {
    let load: Function = js_sys::eval(
        "(async (modules) => {
            if (window.twins) return;
            const [twins, urls] = [{}, {}];
            for (const [name, file, text] of modules) {
                const linked = text.replace(/from \"\\.\\/(.*?)\\.js\"/g, (_, other) => `from \"${urls[other]}\"`);
                urls[file] = URL.createObjectURL(new Blob([linked], { type: 'text/javascript' }));
                twins[name] = await import(urls[file]);
            }
            window.twins = twins;
        })",
    )
    .unwrap()
    .unchecked_into();
    let modules: Array = MODULES
        .iter()
        .map(|(name, file, text)| [name, file, text].map(|part| JsValue::from_str(part)))
        .map(|module| module.into_iter().collect::<Array>())
        .collect();
    let loading: Promise = load
        .call1(&JsValue::NULL, &modules)
        .unwrap()
        .unchecked_into();
    JsFuture::from(loading).await.unwrap();
}
