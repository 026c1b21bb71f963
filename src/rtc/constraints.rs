//! What is asked of a camera or a microphone, real or synthetic, as the standard's constraints
//! (<https://www.w3.org/TR/mediacapture-streams/#constrainable-interface>).

use serde::Serialize;

/// A value that is wished for, or insisted on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Constrain<T> {
    /// As near as the device can.
    Ideal(T),
    /// This or `OverconstrainedError`.
    Exact(T),
}

/// `MediaTrackConstraints` of a video track; sizes in pixels, rate in frames a second.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VideoRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<Constrain<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<Constrain<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<Constrain<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame_rate: Option<Constrain<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facing_mode: Option<Constrain<Facing>>,
}

/// At which side of a device a camera is, as far as it is told
/// (<https://www.w3.org/TR/mediacapture-streams/#dom-videofacingmodeenum>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Facing {
    /// It sees the person who looks at the screen.
    User,
    Environment,
}

impl Facing {
    /// What `getSettings()` tells as `facingMode`; `None` for a side that has no opposite.
    pub(crate) fn from_setting(text: &str) -> Option<Self> {
        match text {
            "user" => Some(Self::User),
            "environment" => Some(Self::Environment),
            _ => None,
        }
    }

    pub(crate) fn opposite(self) -> Self {
        match self {
            Self::User => Self::Environment,
            Self::Environment => Self::User,
        }
    }
}

/// `MediaTrackConstraints` of an audio track.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AudioRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_id: Option<Constrain<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) noise_suppression: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) echo_cancellation: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auto_gain_control: Option<bool>,
}

/// What to capture; `None` leaves a kind out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct MediaRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<AudioRequest>,
}

impl MediaRequest {
    /// What was asked for, for the trace.
    pub(super) fn describe(&self) -> &'static str {
        match (&self.video, &self.audio) {
            (Some(_), Some(_)) => "video and audio",
            (Some(_), None) => "video",
            (None, Some(_)) => "audio",
            (None, None) => "nothing",
        }
    }
}
