//! What is asked of the browser, and how.

use crate::error::JsError;
use crate::rtc::constraints::{AudioRequest, Constrain, MediaRequest, VideoRequest};
use crate::rtc::media::{self, LocalMedia};
use crate::trace::Tracer;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Kinds {
    pub(super) camera: bool,
    pub(super) microphone: bool,
}

/// What the switches and pickers say.
#[derive(Clone, PartialEq)]
pub(super) struct Wanted {
    pub(super) kinds: Kinds,
    pub(super) camera_id: String,
    pub(super) microphone_id: String,
    pub(super) synthetic: bool,
}

impl Wanted {
    pub(super) fn camera(&self) -> (bool, String, bool) {
        (self.kinds.camera, self.camera_id.clone(), self.synthetic)
    }

    pub(super) fn microphone(&self) -> (bool, String, bool) {
        let id = self.microphone_id.clone();
        (self.kinds.microphone, id, self.synthetic)
    }
}

impl Wanted {
    pub(super) fn request(&self, kinds: Kinds) -> MediaRequest {
        let device = |id: &str| (!id.is_empty()).then(|| Constrain::Exact(id.to_owned()));
        MediaRequest {
            video: kinds.camera.then(|| VideoRequest {
                device_id: device(&self.camera_id),
                ..VideoRequest::default()
            }),
            audio: kinds.microphone.then(|| AudioRequest {
                device_id: device(&self.microphone_id),
            }),
        }
    }
}

/// Asks for all at once, which is one question to the person; where one of two devices is missing,
/// busy or forbidden, for each alone. Returns what could be had, and the last error.
pub(super) async fn acquire(
    request: MediaRequest,
    tracer: Tracer,
) -> (Vec<LocalMedia>, Option<JsError>) {
    let error = match media::acquire(request.clone(), tracer.clone()).await {
        Ok(media) => return (vec![media], None),
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
    let MediaRequest {
        video: Some(video),
        audio: Some(audio),
    } = request
    else {
        return (Vec::new(), Some(error));
    };
    if !of_one_device {
        return (Vec::new(), Some(error));
    }
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
    let mut last = None;
    for request in each {
        match media::acquire(request, tracer.clone()).await {
            Ok(media) => had.push(media),
            Err(error) => last = Some(error),
        }
    }
    (had, last)
}
