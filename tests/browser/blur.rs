//! Blurred video is a stream of its own. What is drawn over the frames is given here: what finds the person is
//! tested where it is.

use js_sys::{Uint8Array, WebAssembly};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::rtc::blur::Blur;
use webrtc_tour::rtc::constraints::{MediaRequest, VideoRequest};
use webrtc_tour::rtc::media::{self, LocalMedia};

use crate::support::{has_ended, trace, until, within};

/// A module with `memory`, `picture` and `blur`, which does this.
async fn module(blur: &[u8]) -> WebAssembly::Module {
    let mut bytes = b"\0asm\x01\0\0\0\
        \x01\x08\x02\x60\0\x01\x7f\x60\0\0\
        \x03\x03\x02\0\x01\
        \x05\x03\x01\0\x03\
        \x07\x1b\x03\x06memory\x02\0\x07picture\0\0\x04blur\0\x01"
        .to_vec();
    let length = blur.len() as u8;
    bytes.extend([0x0a, 9 + length, 2, 4, 0, 0x41, 0, 0x0b, 2 + length, 0]);
    bytes.extend(blur);
    bytes.push(0x0b);
    let module = JsFuture::from(WebAssembly::compile(&Uint8Array::from(&*bytes)));
    module.await.unwrap().unchecked_into()
}

fn camera() -> LocalMedia {
    let request = MediaRequest {
        video: Some(VideoRequest::default()),
        audio: None,
    };
    media::synthesize(&request, trace().tracer("test")).unwrap()
}

async fn first_frame(blur: &mut Blur) -> Result<(), webrtc_tour::error::JsError> {
    while !blur.blur_frame().await? {
        gloo_timers::future::TimeoutFuture::new(10).await;
    }
    Ok(())
}

#[wasm_bindgen_test]
async fn blurred_video_ends_and_the_camera_goes_on() {
    let camera = camera();
    let mut blur = Blur::start(&module(&[]).await, camera.stream()).unwrap();
    within("a frame", first_frame(&mut blur)).await.unwrap();
    let stream = Clone::clone(blur.stream());
    assert!(!has_ended(&stream));
    let settings = camera.track("video").unwrap().get_settings();
    let blurred: web_sys::MediaStreamTrack = stream.get_video_tracks().get(0).unchecked_into();
    // Chromium tells the size once a frame has passed.
    until("a track as large as the camera's", || {
        blurred.get_settings().get_width() == settings.get_width()
    })
    .await;
    drop(blur);
    assert!(has_ended(&stream));
    assert!(!has_ended(camera.stream()));
}

#[wasm_bindgen_test]
async fn a_worker_that_fails_is_an_error() {
    const UNREACHABLE: u8 = 0;
    let camera = camera();
    let mut blur = Blur::start(&module(&[UNREACHABLE]).await, camera.stream()).unwrap();
    let error = within("an answer", first_frame(&mut blur))
        .await
        .unwrap_err();
    assert_eq!(error.name, "OperationError");
}
