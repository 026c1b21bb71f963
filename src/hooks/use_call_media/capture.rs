//! What is asked of the browser, and how.

use crate::advice::Devices;
use crate::error::JsError;
use crate::rtc::constraints::{AudioRequest, Constrain, Facing, MediaRequest, VideoRequest};
use crate::rtc::media::{self, LocalMedia};
use crate::rtc::permissions::Permission;
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
    pub(super) facing: Option<Facing>,
    pub(super) microphone_id: String,
    pub(super) processing: Processing,
    pub(super) synthetic: bool,
}

impl Wanted {
    pub(super) fn camera(&self) -> (bool, String, Option<Facing>, bool) {
        let id = self.camera_id.clone();
        (self.kinds.camera, id, self.facing, self.synthetic)
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
                facing_mode: self
                    .facing
                    .filter(|_| self.camera_id.is_empty())
                    .map(Constrain::Ideal),
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
/// busy or forbidden, for each alone, unless that would ask the person again what they have just answered.
/// Returns what could be had, and what could not.
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
    let mut each = vec![
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
    if error.name == "NotAllowedError" {
        let (microphone, camera) = (decision("microphone").await, decision("camera").await);
        let alone = [microphone.may_ask(camera), camera.may_ask(microphone)];
        let mut alone = alone.iter();
        each.retain(|request| {
            let may_ask = alone.next().copied().unwrap_or_default();
            if !may_ask {
                failures.push(failure(request, error.clone()));
            }
            may_ask
        });
    }
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

/// What a person has decided about a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Decision {
    Granted,
    Denied,
    /// Nothing that lasts: the question may have been closed without an answer.
    Open,
}

impl Decision {
    /// Whether to ask for this device alone after a question about both was answered with no; `other` is the
    /// decision about the other device. Where that one was forbidden all along, nobody was asked about this
    /// one.
    fn may_ask(self, other: Self) -> bool {
        match self {
            Self::Granted => true,
            Self::Denied => false,
            Self::Open => other == Self::Denied,
        }
    }
}

/// A browser that does not tell is taken to have asked.
async fn decision(device: &str) -> Decision {
    match Permission::query(device).await.map(|it| it.state()) {
        Ok(state) if state == "granted" => Decision::Granted,
        Ok(state) if state == "denied" => Decision::Denied,
        _ => Decision::Open,
    }
}

pub(super) fn failure(request: &MediaRequest, error: JsError) -> Failure {
    let devices = Devices::of(request.video.is_some(), request.audio.is_some());
    Failure {
        devices: devices.unwrap_or(Devices::Both),
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::Decision::{Denied, Granted, Open};

    #[test]
    fn nobody_is_asked_twice_about_one_device() {
        // The question was closed, or both devices are forbidden.
        assert!(!Open.may_ask(Open));
        assert!(!Denied.may_ask(Denied));
        // The other one alone stands in the way.
        assert!(Open.may_ask(Denied));
        assert!(Granted.may_ask(Denied));
        assert!(Granted.may_ask(Open));
        assert!(!Open.may_ask(Granted));
    }
}
