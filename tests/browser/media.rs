//! Camera and microphone: asked for, held, let go.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::support::{trace, until, web_audio_runs, within};
use futures_util::FutureExt;
use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{MediaStreamTrack, MediaStreamTrackState};
use webrtc_tour::rtc::constraints::{AudioRequest, Constrain, MediaRequest, VideoRequest};
use webrtc_tour::rtc::devices::{self, DeviceKind};
use webrtc_tour::rtc::level::LevelMeter;
use webrtc_tour::rtc::media::{self, LocalMedia};
use webrtc_tour::trace::Kind;

fn both() -> MediaRequest {
    MediaRequest {
        video: Some(VideoRequest::default()),
        audio: Some(AudioRequest::default()),
    }
}

async fn camera(request: MediaRequest) -> LocalMedia {
    let tracer = trace().tracer("test");
    within("the camera", media::acquire(request, tracer))
        .await
        .unwrap()
}

fn live(track: &MediaStreamTrack) -> bool {
    track.ready_state() == MediaStreamTrackState::Live
}

#[wasm_bindgen_test]
async fn dropping_the_media_stops_every_track() {
    let media = camera(both()).await;
    let tracks = media.tracks();
    assert_eq!(tracks.len(), 2);
    assert!(tracks.iter().all(live));
    drop(media);
    assert!(!tracks.iter().any(live));
}

#[wasm_bindgen_test]
async fn a_stream_that_comes_after_nobody_waits_is_stopped() {
    let trace = trace();
    let mut asking = Box::pin(media::acquire(both(), trace.tracer("test")));
    assert!(
        asking.as_mut().now_or_never().is_none(),
        "the browser takes its time"
    );
    drop(asking);
    until("both tracks are stopped", || {
        let stops = trace.entries();
        let stops = stops
            .iter()
            .filter(|e| e.kind == Kind::Call && e.name == "track.stop");
        stops.count() == 2
    })
    .await;
}

#[wasm_bindgen_test]
async fn an_impossible_condition_is_an_overconstrained_error_with_its_name() {
    let request = MediaRequest {
        video: Some(VideoRequest {
            frame_rate: Some(Constrain::Exact(1000)),
            ..VideoRequest::default()
        }),
        audio: None,
    };
    let result = within("an answer", media::acquire(request, trace().tracer("test"))).await;
    // Firefox's fake camera takes any frame rate; what it refuses is a device that is not there.
    if let Err(error) = result {
        assert_eq!(error.name, "OverconstrainedError");
        assert_eq!(error.constraint.as_deref(), Some("frameRate"));
    }
    let request = MediaRequest {
        video: Some(VideoRequest {
            device_id: Some(Constrain::Exact("no such device".to_owned())),
            ..VideoRequest::default()
        }),
        audio: None,
    };
    let result = within("an answer", media::acquire(request, trace().tracer("test"))).await;
    let error = result.err().expect("no such device");
    assert_eq!(error.name, "OverconstrainedError");
    assert_eq!(error.constraint.as_deref(), Some("deviceId"));
}

#[wasm_bindgen_test]
async fn asking_for_nothing_is_a_type_error() {
    let asking = media::acquire(MediaRequest::default(), trace().tracer("test"));
    let error = within("an answer", asking).await.err().expect("an error");
    assert_eq!(error.name, "TypeError");
}

#[wasm_bindgen_test]
async fn settings_tell_what_the_track_delivers() {
    let media = camera(both()).await;
    let settings = media.settings("video");
    let width = settings.iter().find(|(name, _)| name == "width");
    let width: u32 = width.expect("a width").1.parse().expect("a number");
    assert!(width > 0);
    assert!(
        media
            .settings("audio")
            .iter()
            .any(|(name, _)| name == "deviceId")
    );
}

#[wasm_bindgen_test]
async fn a_muted_track_is_still_there() {
    let media = camera(both()).await;
    media.set_enabled("audio", false);
    let enabled: Vec<_> = media
        .tracks()
        .iter()
        .map(|t| (t.kind(), t.enabled()))
        .collect();
    assert!(enabled.contains(&("audio".to_owned(), false)));
    assert!(enabled.contains(&("video".to_owned(), true)));
}

#[wasm_bindgen_test]
async fn a_track_that_ends_by_itself_is_reported() {
    let mut media = camera(both()).await;
    let ended = Rc::new(RefCell::new(Vec::new()));
    let log = ended.clone();
    media.on_ended(move |kind| log.borrow_mut().push(kind));
    let is_video = |track: &MediaStreamTrack| track.kind() == "video";
    let video = media.tracks().into_iter().find(is_video).unwrap();
    // What the browser does when the device is unplugged. Firefox lets no script do it: there
    // the plain listener hears nothing either.
    let heard = Rc::new(Cell::new(0));
    let counter = heard.clone();
    let _plain = EventListener::new(&video, "ended", move |_| counter.set(counter.get() + 1));
    let end = || video.dispatch_event(&web_sys::Event::new("ended").unwrap());
    end().unwrap();
    assert_eq!(ended.borrow().len(), heard.get());
    assert!(ended.borrow().iter().all(|kind| kind == "video"));
    drop(media);
    end().unwrap();
    assert!(
        ended.borrow().len() <= 1,
        "the listener went with the media"
    );
}

#[wasm_bindgen_test]
async fn the_synthetic_camera_has_the_size_asked_for_and_stops_too() {
    let request = MediaRequest {
        video: Some(VideoRequest {
            width: Some(Constrain::Ideal(320)),
            height: Some(Constrain::Ideal(240)),
            ..VideoRequest::default()
        }),
        audio: Some(AudioRequest::default()),
    };
    let media = media::synthesize(&request, trace().tracer("test")).unwrap();
    let tracks = media.tracks();
    assert_eq!(tracks.len(), 2);
    let video = web_sys::window()
        .unwrap()
        .document()
        .unwrap()
        .create_element("video")
        .unwrap();
    let video: web_sys::HtmlVideoElement = video.unchecked_into();
    video.set_muted(true);
    video.set_autoplay(true);
    video.set_src_object(Some(media.stream()));
    until("a picture", || {
        (video.video_width(), video.video_height()) == (320, 240)
    })
    .await;
    drop(media);
    assert!(!tracks.iter().any(live));
}

#[wasm_bindgen_test]
async fn the_level_follows_the_sound() {
    let request = MediaRequest {
        video: None,
        audio: Some(AudioRequest::default()),
    };
    let media = media::synthesize(&request, trace().tracer("test")).unwrap();
    let meter = LevelMeter::new(media.stream()).unwrap();
    if !web_audio_runs().await {
        // Firefox on a machine without any audio output does not run its audio processing.
        assert_eq!(meter.level(), 0.0);
        return;
    }
    until("the tone is heard", || meter.level() > 0.005).await;
    media.set_enabled("audio", false);
    until("silence", || meter.level() == 0.0).await;
}

#[wasm_bindgen_test]
async fn devices_are_listed_once_one_may_be_used() {
    let media = camera(both()).await;
    let devices = within("the list", devices::list()).await.unwrap();
    for kind in [DeviceKind::Camera, DeviceKind::Microphone] {
        let device = devices.iter().find(|device| device.kind == kind);
        assert!(!device.expect("a device").label.is_empty());
    }
    drop(media);
}
