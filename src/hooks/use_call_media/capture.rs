//! What is asked of the browser, and how.

use crate::advice::Devices;
use crate::error::JsError;
use crate::rtc::constraints::{AudioRequest, Constrain, MediaRequest, VideoRequest};
use crate::rtc::media::{self, LocalMedia};
use crate::trace::Tracer;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Kinds {
    pub(super) camera: bool,
    pub(super) microphone: bool,
}

/// What the browser does with what the microphone hears.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Processing {
    pub(super) noise_suppression: bool,
    pub(super) echo_cancellation: bool,
    pub(super) auto_gain_control: bool,
}

/// What the switches and pickers say.
#[derive(Clone, PartialEq)]
pub(super) struct Wanted {
    pub(super) kinds: Kinds,
    pub(super) camera_id: String,
    pub(super) microphone_id: String,
    pub(super) processing: Processing,
    pub(super) synthetic: bool,
}

impl Wanted {
    pub(super) fn camera(&self) -> (bool, String, bool) {
        (self.kinds.camera, self.camera_id.clone(), self.synthetic)
    }

    pub(super) fn microphone(&self) -> (bool, String, Processing, bool) {
        let id = self.microphone_id.clone();
        (self.kinds.microphone, id, self.processing, self.synthetic)
    }
}

impl Wanted {
    /// A device that is not `known` may be gone since it was chosen: another is better than none.
    pub(super) fn request(&self, kinds: Kinds, known: impl Fn(&str) -> bool) -> MediaRequest {
        let device = |id: &String| {
            (!id.is_empty()).then(|| match known(id) {
                true => Constrain::Exact(id.clone()),
                false => Constrain::Ideal(id.clone()),
            })
        };
        // They are on unless somebody says otherwise.
        let off = |on: bool| (!on).then_some(false);
        MediaRequest {
            video: kinds.camera.then(|| VideoRequest {
                device_id: device(&self.camera_id),
                ..VideoRequest::default()
            }),
            audio: kinds.microphone.then(|| AudioRequest {
                device_id: device(&self.microphone_id),
                noise_suppression: off(self.processing.noise_suppression),
                echo_cancellation: off(self.processing.echo_cancellation),
                auto_gain_control: off(self.processing.auto_gain_control),
            }),
        }
    }
}

/// What could not be had, and why.
pub(super) struct Failure {
    pub(super) devices: Devices,
    pub(super) error: JsError,
}

/// Asks for all at once, which is one question to the person; where one of two devices is missing,
/// busy or forbidden, for each alone. Returns what could be had, and what could not.
pub(super) async fn acquire(
    request: MediaRequest,
    tracer: Tracer,
) -> (Vec<LocalMedia>, Vec<Failure>) {
    let error = match media::acquire(request.clone(), tracer.clone()).await {
        Ok(media) => return (vec![media], Vec::new()),
        Err(error) => error,
    };
    let of_one_device = matches!(
        error.name.as_str(),
        "NotAllowedError"
            | "NotFoundError"
            | "NotReadableError"
            | "AbortError"
            | "OverconstrainedError"
    );
    let (video, audio) = match request {
        MediaRequest {
            video: Some(video),
            audio: Some(audio),
        } if of_one_device => (video, audio),
        request => return (Vec::new(), vec![failure(&request, error)]),
    };
    let each = [
        MediaRequest {
            video: None,
            audio: Some(audio),
        },
        MediaRequest {
            video: Some(video),
            audio: None,
        },
    ];
    let mut had = Vec::new();
    let mut failures = Vec::new();
    for request in each {
        match media::acquire(request.clone(), tracer.clone()).await {
            Ok(media) => had.push(media),
            Err(error) => failures.push(failure(&request, error)),
        }
    }
    // For the same reason: one message is enough.
    if let [one, other] = &failures[..]
        && one.error.name == other.error.name
    {
        failures.truncate(1);
        failures[0].devices = Devices::Both;
    }
    (had, failures)
}

pub(super) fn failure(request: &MediaRequest, error: JsError) -> Failure {
    let devices = Devices::of(request.video.is_some(), request.audio.is_some());
    Failure {
        devices: devices.unwrap_or(Devices::Both),
        error,
    }
}
