//! Which cameras, microphones and speakers there are, and what to do when one of them vanishes.

use leptos::prelude::*;

use super::CallMediaHook;
use crate::advice::Advice;
use crate::rtc::devices::{self, DeviceKind};

impl CallMediaHook {
    /// Takes the device that was offered for one that vanished.
    pub(crate) fn use_replacement(self) {
        let Some(device) = self.replacement.get_untracked() else {
            return;
        };
        self.advice.set(Vec::new());
        self.replacement.set(None);
        let chosen = match device.kind {
            DeviceKind::Camera => self.camera_id,
            _ => self.microphone_id,
        };
        if chosen.get_untracked() == device.id {
            self.retry_devices();
        } else {
            chosen.set(device.id);
        }
    }

    pub(super) fn ended(self, kind: &str) {
        let (kind, name, chosen, slot) = if kind == "video" {
            let slot = self.camera_ended;
            (DeviceKind::Camera, "camera", self.camera_id, slot)
        } else {
            let slot = self.microphone_ended;
            (
                DeviceKind::Microphone,
                "microphone",
                self.microphone_id,
                slot,
            )
        };
        // In a task, because this runs in a listener of what is to be dropped.
        slot.run(async move {
            self.held.update_value(|held| match kind {
                DeviceKind::Camera => held.camera = None,
                _ => held.microphone = None,
            });
            match kind {
                DeviceKind::Camera => self.video.set(None),
                _ => self.audio.set(None),
            }
            self.advice.set(vec![Advice::new(
                format!("The {name} stopped working."),
                "It was unplugged, or its permission was withdrawn. Use another one, or plug it in and try again.",
            )]);
            self.list_devices().await;
            let gone = chosen.get_untracked();
            let other = self.devices.with_untracked(|devices| {
                let mut others = devices.iter().filter(|d| d.kind == kind && d.id != gone);
                others.next().cloned()
            });
            if other.is_some() {
                self.replacement.set(other);
            }
        });
    }

    pub(super) fn refresh_devices(self) {
        self.listing.run(self.list_devices());
    }

    async fn list_devices(self) {
        // Without media devices there is nothing to choose; starting tells why.
        let devices = devices::list().await.unwrap_or_default();
        self.devices.set(devices);
    }
}
