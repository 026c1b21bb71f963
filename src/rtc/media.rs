//! Camera and microphone: asking for them, holding them, letting them go.

use std::rc::Rc;

use futures_channel::oneshot;
use gloo_events::EventListener;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack, MediaStreamTrackState,
};

use super::constraints::MediaRequest;
use super::settled;
use super::synthetic::SyntheticSource;
use super::sys::MediaDevicesExt;
use crate::error::JsError;
use crate::trace::{Private, Tracer};

/// A captured stream. Dropping it stops every track, so the camera light goes off.
pub struct LocalMedia {
    stream: MediaStream,
    listeners: Vec<EventListener>,
    tracer: Tracer,
    /// Keeps video and tone coming, where the stream is not a device's.
    synthetic: Option<Rc<SyntheticSource>>,
}

impl LocalMedia {
    pub fn stream(&self) -> &MediaStream {
        &self.stream
    }

    pub fn tracks(&self) -> Vec<MediaStreamTrack> {
        self.stream
            .get_tracks()
            .iter()
            .map(JsCast::unchecked_into)
            .collect()
    }

    /// The first track of a kind.
    pub fn track(&self, kind: &str) -> Option<MediaStreamTrack> {
        self.tracks().into_iter().find(|track| track.kind() == kind)
    }

    /// The tracks of a kind by themselves, to be stopped apart from the others; `None` if there
    /// are none.
    pub(crate) fn take(&mut self, kind: &str) -> Option<Self> {
        let tracks: Vec<_> = self
            .tracks()
            .into_iter()
            .filter(|track| track.kind() == kind)
            .collect();
        if tracks.is_empty() {
            return None;
        }
        let stream = MediaStream::new().ok()?;
        for track in tracks {
            self.stream.remove_track(&track);
            stream.add_track(&track);
        }
        Some(Self {
            stream,
            listeners: Vec::new(),
            tracer: self.tracer.clone(),
            synthetic: self.synthetic.clone(),
        })
    }

    /// Whether a track of this kind still delivers.
    pub(crate) fn has(&self, kind: &str) -> bool {
        self.tracks()
            .iter()
            .any(|track| track.kind() == kind && track.ready_state() == MediaStreamTrackState::Live)
    }

    /// Mutes or unmutes the tracks of a kind; others receive silence or black meanwhile.
    pub fn set_enabled(&self, kind: &str, enabled: bool) {
        for track in self.tracks().iter().filter(|track| track.kind() == kind) {
            track.set_enabled(enabled);
            self.tracer
                .state(format!("{kind} track.enabled"), enabled.to_string());
        }
    }

    /// A track ended by itself: the device was unplugged or the permission taken back.
    pub fn on_ended(&mut self, f: impl Fn(String) + 'static) {
        let f = std::rc::Rc::new(f);
        for track in self.tracks() {
            let (f, kind, tracer) = (f.clone(), track.kind(), self.tracer.clone());
            self.listeners
                .push(EventListener::new(&track, "ended", move |_| {
                    tracer.event("ended", kind.clone());
                    f(kind.clone());
                }));
        }
    }

    /// `getSettings()` of the first track of a kind: every name with its value as text.
    pub fn settings(&self, kind: &str) -> Vec<(String, String)> {
        let Some(track) = self.tracks().into_iter().find(|track| track.kind() == kind) else {
            return Vec::new();
        };
        js_sys::Object::entries(&track.get_settings())
            .iter()
            .map(|pair| {
                let pair: js_sys::Array = pair.unchecked_into();
                let text = |value: JsValue| match (value.as_string(), value.as_f64()) {
                    (Some(text), _) => text,
                    (_, Some(number)) => number.to_string(),
                    _ => value
                        .as_bool()
                        .map_or_else(|| format!("{value:?}"), |truth| truth.to_string()),
                };
                (text(pair.get(0)), text(pair.get(1)))
            })
            .collect()
    }
}

impl Drop for LocalMedia {
    fn drop(&mut self) {
        self.listeners.clear();
        for track in self.tracks() {
            track.stop();
            self.tracer.call("track.stop", track.kind());
        }
    }
}

/// `navigator.mediaDevices`, which exists in secure contexts only.
pub(crate) fn media_devices() -> Result<MediaDevices, JsError> {
    let devices = web_sys::window()
        .and_then(|window| js_sys::Reflect::get(&window.navigator(), &"mediaDevices".into()).ok())
        .filter(JsValue::is_object);
    devices
        .map(JsCast::unchecked_into)
        .ok_or_else(|| JsError::not_supported("navigator.mediaDevices"))
}

/// Whether the page runs in a secure context; without one there is no camera.
pub fn is_secure_context() -> bool {
    web_sys::window().is_some_and(|window| window.is_secure_context())
}

/// `getUserMedia`. The caller may give up waiting at any time: a stream that comes late is
/// stopped at once.
pub async fn acquire(request: MediaRequest, tracer: Tracer) -> Result<LocalMedia, JsError> {
    let (sender, receiver) = oneshot::channel();
    // The browser's promise goes on whether or not somebody waits, and its stream keeps the
    // camera light on until somebody stops it: so this one task must outlive its page. When the
    // receiver is gone, `send` gives the media back and dropping it stops the tracks.
    #[expect(clippy::disallowed_methods, reason = "see above")]
    wasm_bindgen_futures::spawn_local(async move {
        drop(sender.send(get_user_media(&request, tracer).await));
    });
    receiver
        .await
        .unwrap_or_else(|_| Err(JsError::new("AbortError", "the page was left")))
}

async fn get_user_media(request: &MediaRequest, tracer: Tracer) -> Result<LocalMedia, JsError> {
    let devices = media_devices()?;
    let constraints = request
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())?
        .unchecked_into::<MediaStreamConstraints>();
    tracer.call("getUserMedia", request.describe());
    let promise = devices.get_user_media_with_constraints(&constraints);
    match settled(promise).await {
        Ok(stream) => Ok(hold(stream.unchecked_into(), None, tracer)),
        Err(error) => {
            tracer.error("getUserMedia", &error);
            Err(error)
        }
    }
}

/// Whether the browser can share a screen at all; those on Android cannot.
pub(crate) fn can_share_screen() -> bool {
    media_devices().is_ok_and(|devices| {
        js_sys::Reflect::has(&devices, &"getDisplayMedia".into()).unwrap_or(false)
    })
}

/// `getDisplayMedia`: a screen, a window or a tab, with its audio where the browser offers that.
/// Must be called while a click is being handled. As with [`acquire`], the caller may give up.
pub(crate) async fn acquire_display(tracer: Tracer) -> Result<LocalMedia, JsError> {
    let (sender, receiver) = oneshot::channel();
    #[expect(clippy::disallowed_methods, reason = "as in `acquire`")]
    wasm_bindgen_futures::spawn_local(async move {
        drop(sender.send(get_display_media(tracer).await));
    });
    receiver
        .await
        .unwrap_or_else(|_| Err(JsError::new("AbortError", "the page was left")))
}

async fn get_display_media(tracer: Tracer) -> Result<LocalMedia, JsError> {
    #[derive(Serialize)]
    struct Options {
        video: bool,
        audio: bool,
    }
    let options = Options {
        video: true,
        audio: true,
    }
    .serialize(&serde_wasm_bindgen::Serializer::json_compatible())?;
    let devices: MediaDevicesExt = media_devices()?.unchecked_into();
    tracer.call("getDisplayMedia", "video and audio");
    match settled(devices.get_display_media(&options)).await {
        Ok(stream) => {
            let media = hold(stream.unchecked_into(), None, tracer);
            // Text is to stay readable when the network is slow, rather than to move smoothly:
            // <https://www.w3.org/TR/mst-content-hint/>.
            for track in media
                .tracks()
                .iter()
                .filter(|track| track.kind() == "video")
            {
                js_sys::Reflect::set(track, &"contentHint".into(), &"detail".into())?;
            }
            Ok(media)
        }
        Err(error) => {
            tracer.error("getDisplayMedia", &error);
            Err(error)
        }
    }
}

/// The synthetic camera and microphone, for machines that have none.
pub fn synthesize(request: &MediaRequest, tracer: Tracer) -> Result<LocalMedia, JsError> {
    synthesize_named("synthetic", request, tracer)
}

/// The same, with this name in the video.
pub(crate) fn synthesize_named(
    name: &'static str,
    request: &MediaRequest,
    tracer: Tracer,
) -> Result<LocalMedia, JsError> {
    tracer.call("captureStream", request.describe());
    let source = SyntheticSource::new(name, request)?;
    // Not `.clone()`: that is JavaScript's own, which opens a second set of tracks.
    Ok(hold(Clone::clone(source.stream()), Some(source), tracer))
}

fn hold(stream: MediaStream, synthetic: Option<SyntheticSource>, tracer: Tracer) -> LocalMedia {
    let media = LocalMedia {
        stream,
        listeners: Vec::new(),
        tracer,
        synthetic: synthetic.map(Rc::new),
    };
    for track in media.tracks() {
        let label = track.label();
        media
            .tracer
            .event(format!("{} track", track.kind()), Private::Device.of(label));
    }
    media
}
