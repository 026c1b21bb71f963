//! The camera at the other side of a phone.

use leptos::prelude::*;

use super::CallMediaHook;
use crate::rtc::constraints::Facing;
use crate::rtc::devices::DeviceKind;

impl CallMediaHook {
    /// Whether the camera in use is at one side of the device, and there may be one at the other; reactive.
    pub(crate) fn can_flip_camera(self) -> bool {
        self.video.track();
        let is_camera = |kind| kind == DeviceKind::Camera;
        let cameras = self
            .devices
            .with(|devices| devices.iter().filter(|it| is_camera(it.kind)).count());
        cameras > 1 && self.facing().is_some()
    }

    /// Takes the camera at the other side.
    pub(crate) fn flip_camera(self) {
        let Some(facing) = self.facing() else { return };
        batch(move || {
            // A device that was chosen would win.
            self.camera_id.set(String::new());
            self.wanted_facing.set(Some(facing.opposite()));
        });
    }

    fn facing(self) -> Option<Facing> {
        self.held.with_value(|held| {
            let settings = held.camera.as_ref()?.media.settings("video");
            let (_, facing) = settings.iter().find(|(name, _)| name == "facingMode")?;
            Facing::from_setting(facing)
        })
    }
}
