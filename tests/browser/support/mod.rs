//! What the browser tests share: waiting, mounting, clicking, looking; and, in [`participant`],
//! taking part in a call.

pub(crate) mod participant;

use std::cell::Cell;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    HtmlButtonElement, HtmlElement, HtmlVideoElement, MediaStream, MediaStreamTrack,
    MediaStreamTrackState,
};
use webrtc_tour::rtc::now_ms;
use webrtc_tour::trace::Trace;

/// Longer than anything takes on a busy machine; only a failure waits so long.
const BOUND_MS: f64 = 20_000.0;

pub(crate) fn trace() -> Trace {
    Trace::new(now_ms)
}

/// Where the server is that `cargo xtask test` starts for the tests in this browser; its tokens are
/// valid for four seconds.
pub(crate) fn server() -> &'static str {
    let agent = web_sys::window().unwrap().navigator().user_agent().unwrap();
    let server = if agent.contains("Firefox") {
        option_env!("WEBRTC_TOUR_TEST_SERVER_FIREFOX")
    } else {
        option_env!("WEBRTC_TOUR_TEST_SERVER_CHROME")
    };
    server.expect("`cargo xtask test --only browser` starts a server for these tests")
}

/// Waits until `condition` holds; fails the test with `what` when it never does.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    let began = now_ms();
    while !condition() {
        assert!(now_ms() - began < BOUND_MS, "waited in vain: {what}");
        TimeoutFuture::new(20).await;
    }
}

/// Waits for a future; fails the test when it takes too long.
pub(crate) async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    let bound = TimeoutFuture::new(BOUND_MS as u32);
    match select(Box::pin(future), bound).await {
        Either::Left((value, _)) => value,
        Either::Right(_) => panic!("waited in vain: {what}"),
    }
}

/// A page in the document, until dropped.
pub(crate) struct Mounted {
    root: HtmlElement,
    handle: Option<Box<dyn std::any::Any>>,
}

/// The first router of all stays for ever, with what it owns, to follow redirects of a server. Let that
/// be one that owns nothing.
pub(crate) fn have_a_first_router() {
    thread_local!(static THERE: Cell<bool> = const { Cell::new(false) });
    if !THERE.replace(true) {
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        drop(mount_to(root, || view! { <Router>"nothing"</Router> }));
    }
}

/// Mounts a page as the route of any address.
pub(crate) async fn mount<V: IntoView + 'static>(view: fn() -> V) -> Mounted {
    have_a_first_router();
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    // At the top of the window, as the pages of the app are, whatever the runner wrote.
    let body = document().body().unwrap();
    body.prepend_with_node_1(&root).unwrap();
    root.scroll_into_view();
    let handle: UnmountHandle<_> = mount_to(root.clone(), move || {
        view! {
            <Router>
                <Routes fallback=|| "no route">
                    <Route path=path!("/*any") view />
                </Routes>
            </Router>
        }
    });
    let mounted = Mounted {
        root,
        handle: Some(Box::new(handle)),
    };
    // The router finds the route in a task of its own.
    until("the page is there", || {
        mounted.find::<HtmlElement>("h1").is_some()
    })
    .await;
    mounted
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.handle = None;
        self.root.remove();
    }
}

impl Mounted {
    pub(crate) fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }

    pub(crate) fn find<T: JsCast>(&self, selector: &str) -> Option<T> {
        let found = self.root.query_selector(selector).unwrap();
        found.map(JsCast::unchecked_into)
    }

    pub(crate) fn get<T: JsCast>(&self, selector: &str) -> T {
        self.find(selector)
            .unwrap_or_else(|| panic!("no {selector} in: {}", self.text()))
    }

    pub(crate) fn button(&self, text: &str) -> HtmlButtonElement {
        let buttons = self.root.query_selector_all("button").unwrap();
        (0..buttons.length())
            .filter_map(|index| buttons.get(index)?.dyn_into::<HtmlButtonElement>().ok())
            .find(|button| button.text_content().as_deref().map(str::trim) == Some(text))
            .unwrap_or_else(|| panic!("no button {text:?} in: {}", self.text()))
    }

    pub(crate) fn is_enabled(&self, text: &str) -> bool {
        !self.button(text).disabled()
    }

    /// Waits until the button can be clicked, and clicks it.
    pub(crate) async fn click(&self, text: &str) {
        until(&format!("{text} is enabled"), || self.is_enabled(text)).await;
        self.button(text).click();
    }

    /// Turns a switch with this label.
    pub(crate) fn switch(&self, label: &str) {
        let labels = self.root.query_selector_all("label.switch").unwrap();
        let input = (0..labels.length())
            .filter_map(|index| labels.get(index)?.dyn_into::<HtmlElement>().ok())
            .find(|element| element.text_content().as_deref().map(str::trim) == Some(label))
            .and_then(|element| element.query_selector("input").ok().flatten())
            .unwrap_or_else(|| panic!("no switch {label:?}"));
        input.unchecked_into::<HtmlElement>().click();
    }

    pub(crate) fn video(&self, id: &str) -> HtmlVideoElement {
        self.get(&format!("#{id}"))
    }

    /// Waits until a video element shows moving video.
    pub(crate) async fn plays(&self, id: &str) {
        let video = self.video(id);
        video.scroll_into_view();
        until(&format!("{id} has a picture"), || video.video_width() > 0).await;
        let then = frames(&video);
        until(&format!("{id} moves"), || frames(&video) > then + 2.0).await;
    }
}

/// Whether every track of a stream has ended.
pub(crate) fn has_ended(stream: &MediaStream) -> bool {
    stream.get_tracks().iter().all(|track| {
        let track: MediaStreamTrack = track.unchecked_into();
        track.ready_state() == MediaStreamTrackState::Ended
    })
}

/// Whether this browser on this machine processes audio at all.
pub(crate) async fn web_audio_runs() -> bool {
    let context = web_sys::AudioContext::new().unwrap();
    let began = now_ms();
    while context.state() != web_sys::AudioContextState::Running && now_ms() - began < 2_000.0 {
        TimeoutFuture::new(20).await;
    }
    let runs = context.state() == web_sys::AudioContextState::Running;
    let _ = context.close().unwrap();
    runs
}

/// How many frames a video has put on the screen since somebody first asked.
pub(crate) fn frames(video: &HtmlVideoElement) -> f64 {
    let count = js_sys::eval(
        "(video) => {
            if (video.counted === undefined) {
                video.counted = 0;
                const count = () => {
                    video.counted += 1;
                    video.requestVideoFrameCallback(count);
                };
                video.requestVideoFrameCallback(count);
            }
            return video.counted;
        }",
    );
    let count: js_sys::Function = count.unwrap().unchecked_into();
    count
        .call1(&JsValue::NULL, video)
        .unwrap()
        .as_f64()
        .unwrap()
}

/// Keeps every `RTCPeerConnection` that is made from now on, so that a test can look at the
/// objects that the adapters own.
pub(crate) fn record_connections() {
    js_sys::eval(
        "if (!window.recorded) {
            const Original = RTCPeerConnection;
            window.recorded = [];
            window.RTCPeerConnection = class extends Original {
                constructor(...args) { super(...args); window.recorded.push(this); }
            };
        } else { window.recorded.length = 0; }",
    )
    .unwrap();
}

/// How many recorded connections there are, and how many of them are closed.
pub(crate) fn recorded() -> (usize, usize) {
    let count = |script: &str| js_sys::eval(script).unwrap().as_f64().unwrap() as usize;
    (
        count("window.recorded.length"),
        count("window.recorded.filter(c => c.signalingState === 'closed').length"),
    )
}

/// `maxBitrate` of each video that a recorded connection sends, in bit/s; 0 where there is none.
pub(crate) fn bitrate_limits() -> Vec<u32> {
    let limits = js_sys::eval(
        "window.recorded.filter(c => c.signalingState !== 'closed')
            .flatMap(c => c.getSenders())
            .filter(s => s.track && s.track.kind === 'video')
            .map(s => s.getParameters().encodings[0]?.maxBitrate ?? 0)",
    );
    let limits: js_sys::Array = limits.unwrap().unchecked_into();
    limits
        .iter()
        .map(|limit| limit.as_f64().unwrap() as u32)
        .collect()
}

/// Remembers every track that `getUserMedia` gives from now on.
pub(crate) fn record_tracks() {
    js_sys::eval(
        "if (!window.captured) {
            const devices = navigator.mediaDevices;
            const original = devices.getUserMedia.bind(devices);
            window.captured = [];
            devices.getUserMedia = async (constraints) => {
                const stream = await original(constraints);
                window.captured.push(...stream.getTracks());
                return stream;
            };
        } else { window.captured.length = 0; }",
    )
    .unwrap();
}

/// State and `enabled` of the recorded tracks of a kind, in the order of their coming.
pub(crate) fn captured(kind: &str) -> Vec<(String, bool)> {
    let tracks: js_sys::Array = js_sys::eval("window.captured").unwrap().unchecked_into();
    let tracks = tracks.iter().map(JsCast::unchecked_into);
    tracks
        .filter(|track: &MediaStreamTrack| track.kind() == kind)
        .map(|track| {
            let state = match track.ready_state() {
                MediaStreamTrackState::Live => "live",
                _ => "ended",
            };
            (state.to_owned(), track.enabled())
        })
        .collect()
}
