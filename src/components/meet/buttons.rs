//! The ids of the bar's buttons to which the focus goes when what had it is gone.

pub(super) const MICROPHONE: &str = "microphone-button";
pub(super) const CAMERA: &str = "camera-button";
