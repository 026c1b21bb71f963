//! The page's own camera and microphone.

use leptos::prelude::*;
use web_sys::MediaStream;

use crate::advice::{Advice, Devices, for_media};
use crate::error::JsError;
use crate::hooks::{PageTrace, TaskSlot, use_task};
use crate::rtc::constraints::{AudioRequest, Constrain, MediaRequest, VideoRequest};
use crate::rtc::devices::{self, Device};
use crate::rtc::media::{self, LocalMedia};
use crate::trace::vocabulary::Part;

/// A choice of resolution; `None` leaves it to the browser.
pub(crate) type Resolution = Option<(u32, u32)>;

/// What is asked for, what came of it, and the two buttons. Signals only, so it can be handed
/// around freely; the media itself stops when the page is left.
#[derive(Clone, Copy)]
pub(crate) struct LocalMediaHook {
    pub(crate) video: RwSignal<bool>,
    pub(crate) audio: RwSignal<bool>,
    pub(crate) synthetic: RwSignal<bool>,
    pub(crate) camera: RwSignal<String>,
    pub(crate) microphone: RwSignal<String>,
    pub(crate) resolution: RwSignal<Resolution>,
    /// Frames a second.
    pub(crate) frame_rate: RwSignal<Option<u32>>,
    /// Insist on resolution and frame rate instead of wishing for them.
    pub(crate) exact: RwSignal<bool>,
    pub(crate) devices: RwSignal<Vec<Device>>,
    /// What is captured now.
    pub(crate) stream: RwSignal<Option<MediaStream>, LocalStorage>,
    /// What was asked for at the last start.
    pub(crate) asked: RwSignal<Option<MediaRequest>>,
    pub(crate) advice: RwSignal<Option<Advice>>,
    /// The browser is being asked.
    pub(crate) starting: RwSignal<bool>,
    media: StoredValue<Option<LocalMedia>, LocalStorage>,
    /// Asks the browser; the next click ends the asking, and a late answer is let go.
    asking: TaskSlot,
    listing: TaskSlot,
    trace: PageTrace,
}

/// Camera on, microphone as given, nothing captured yet.
pub(crate) fn use_local_media(trace: PageTrace, audio: bool) -> LocalMediaHook {
    let hook = LocalMediaHook {
        video: RwSignal::new(true),
        audio: RwSignal::new(audio),
        synthetic: RwSignal::new(false),
        camera: RwSignal::new(String::new()),
        microphone: RwSignal::new(String::new()),
        resolution: RwSignal::new(None),
        frame_rate: RwSignal::new(None),
        exact: RwSignal::new(false),
        devices: RwSignal::new(Vec::new()),
        stream: RwSignal::new_local(None),
        asked: RwSignal::new(None),
        advice: RwSignal::new(None),
        starting: RwSignal::new(false),
        media: StoredValue::new_local(None),
        asking: use_task(),
        listing: use_task(),
        trace,
    };
    hook.refresh_devices();
    let listener = StoredValue::new_local(devices::on_change(move || {
        trace.tracer(Part::Page).event("devicechange", "");
        hook.refresh_devices();
    }));
    // Both are dropped here rather than with their owner, so that the camera's light is off
    // before anything of the next page runs.
    on_cleanup(move || {
        listener.try_update_value(|listener| *listener = None);
        hook.media.try_update_value(|media| *media = None);
    });
    hook
}

impl LocalMediaHook {
    /// Asks for the media; what was captured before is stopped first, since many cameras serve
    /// only one capture at a time.
    pub(crate) fn start(self) {
        self.stop();
        let request = self.request();
        self.asked.set(Some(request.clone()));
        let tracer = self.trace.tracer(Part::Page);
        if self.synthetic.get_untracked() {
            let result = if request == MediaRequest::default() {
                Err(JsError::new("TypeError", "neither video nor audio"))
            } else {
                media::synthesize(&request, tracer)
            };
            self.finish(result);
            return;
        }
        self.starting.set(true);
        self.asking.run(async move {
            self.finish(media::acquire(request, tracer).await);
            // Names and ids are told only now that one may be used.
            self.refresh_devices();
        });
    }

    /// Stops every track.
    pub(crate) fn stop(self) {
        self.asking.cancel();
        self.starting.set(false);
        self.stream.set(None);
        self.media.set_value(None);
    }

    /// Whether something of this kind is captured; reactive.
    pub(crate) fn has(self, kind: &str) -> bool {
        self.stream.track();
        self.has_untracked(kind)
    }

    fn has_untracked(self, kind: &str) -> bool {
        self.media
            .with_value(|media| media.as_ref().is_some_and(|media| media.has(kind)))
    }

    /// What the track of a kind delivers (`getSettings`); reactive.
    pub(crate) fn settings(self, kind: &str) -> Vec<(String, String)> {
        self.stream.track();
        self.media.with_value(|media| {
            media
                .as_ref()
                .map(|media| media.settings(kind))
                .unwrap_or_default()
        })
    }

    fn request(self) -> MediaRequest {
        let exact = self.exact.get_untracked();
        let wish = |value: u32| {
            if exact {
                Constrain::Exact(value)
            } else {
                Constrain::Ideal(value)
            }
        };
        let device = |id: String| (!id.is_empty()).then_some(Constrain::Exact(id));
        let size = self.resolution.get_untracked();
        MediaRequest {
            video: self.video.get_untracked().then(|| VideoRequest {
                device_id: device(self.camera.get_untracked()),
                width: size.map(|(width, _)| wish(width)),
                height: size.map(|(_, height)| wish(height)),
                frame_rate: self.frame_rate.get_untracked().map(wish),
                ..VideoRequest::default()
            }),
            audio: self.audio.get_untracked().then(|| AudioRequest {
                device_id: device(self.microphone.get_untracked()),
                ..AudioRequest::default()
            }),
        }
    }

    fn finish(self, result: Result<LocalMedia, JsError>) {
        self.starting.set(false);
        match result {
            Ok(mut media) => {
                media.on_ended(move |kind| self.ended(&kind));
                self.advice.set(None);
                let stream = Clone::clone(media.stream());
                self.media.set_value(Some(media));
                self.stream.set(Some(stream));
            }
            Err(error) => {
                let (video, audio) = (self.video.get_untracked(), self.audio.get_untracked());
                let devices = Devices::of(video, audio).unwrap_or(Devices::Both);
                self.advice.set(Some(for_media(devices, &error)));
            }
        }
    }

    fn ended(self, kind: &str) {
        // This runs in a listener of what would be dropped.
        self.asking.run(async move {
            if self.has_untracked("video") || self.has_untracked("audio") {
                self.stream.notify();
            } else {
                self.stop();
            }
        });
        let device = if kind == "video" {
            "camera"
        } else {
            "microphone"
        };
        self.advice.set(Some(Advice::new(
            format!("The {device} stopped working."),
            "It was unplugged, or its permission was withdrawn. Choose another one and start again.",
        )));
    }

    fn refresh_devices(self) {
        self.listing.run(async move {
            match devices::list().await {
                Ok(devices) => self.devices.set(devices),
                // Without media devices there is nothing to choose; starting tells why.
                Err(_) => self.devices.set(Vec::new()),
            }
        });
    }
}
