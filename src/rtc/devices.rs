//! Which cameras, microphones and speakers there are, and when that changes.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{MediaDeviceInfo, MediaDeviceKind};

use super::media::media_devices;
use super::settled;
use crate::error::JsError;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    Camera,
    Microphone,
    Speaker,
}

/// One device. Before the first permission the browser hides id and label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub kind: DeviceKind,
    pub(crate) id: String,
    pub label: String,
}

/// `enumerateDevices()`, without the devices whose id is still hidden: they cannot be chosen.
pub async fn list() -> Result<Vec<Device>, JsError> {
    let devices = settled(media_devices()?.enumerate_devices()).await?;
    let devices: js_sys::Array = devices.unchecked_into();
    let devices = devices.iter().filter_map(|info| {
        let info: MediaDeviceInfo = info.unchecked_into();
        let kind = match info.kind() {
            MediaDeviceKind::Videoinput => DeviceKind::Camera,
            MediaDeviceKind::Audioinput => DeviceKind::Microphone,
            MediaDeviceKind::Audiooutput => DeviceKind::Speaker,
            _ => return None,
        };
        Some(Device {
            kind,
            id: info.device_id(),
            label: info.label(),
        })
    });
    Ok(devices.filter(|device| !device.id.is_empty()).collect())
}

/// Calls `f` after each `devicechange`, until the listener is dropped. `None` where there are no
/// media devices at all.
pub(crate) fn on_change(f: impl Fn() + 'static) -> Option<EventListener> {
    let devices = media_devices().ok()?;
    Some(EventListener::new(&devices, "devicechange", move |_| f()))
}
