//! What the tests of the modules share: objects of JavaScript, a video, and errors that nobody heard.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use webrtc_tour::rtc::constraints::{MediaRequest, VideoRequest};
use webrtc_tour::rtc::media::{self, LocalMedia};

use crate::code::twins;
use crate::support::trace;

/// A promise that fails with nobody to hear it is an error in the code, too.
pub(crate) struct Unheard;

impl Unheard {
    pub(crate) async fn watch() -> Self {
        twins::load().await;
        js_sys::eval(
            "if (!window.unheard) {
                addEventListener('unhandledrejection', (event) => window.unheard.push(String(event.reason)));
            }
            window.unheard = [];",
        )
        .unwrap();
        Self
    }

    pub(crate) fn expect_none(self) {
        let unheard = js_sys::eval("window.unheard.join('; ')").unwrap();
        assert_eq!(unheard.as_string().unwrap(), "");
    }
}

pub(crate) fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

pub(crate) fn text(object: &JsValue, name: &str) -> String {
    field(object, name).as_string().unwrap_or_default()
}

pub(crate) fn number(object: &JsValue, name: &str) -> f64 {
    field(object, name).as_f64().unwrap()
}

pub(crate) fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value).unwrap();
    }
    object.into()
}

pub(crate) fn video() -> LocalMedia {
    let request = MediaRequest {
        video: Some(VideoRequest::default()),
        audio: None,
    };
    media::synthesize(&request, trace().tracer("test")).unwrap()
}
