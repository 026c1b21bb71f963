//! Camera, microphone and screen of a call.

use leptos::prelude::*;
use web_sys::MediaStream;

use crate::advice::Advice;
use crate::hooks::{LocalMediaHook, PageTrace, use_local_media};
use crate::rtc::devices::Device;
use crate::rtc::media::is_secure_context;

#[derive(Clone, Copy)]
pub struct CallMediaHook {
    /// Wanted on.
    pub camera: RwSignal<bool>,
    /// Captured.
    pub microphone: RwSignal<bool>,
    pub muted: RwSignal<bool>,
    pub synthetic: RwSignal<bool>,
    pub camera_id: RwSignal<String>,
    pub microphone_id: RwSignal<String>,
    pub devices: RwSignal<Vec<Device>>,
    /// The own camera, `None` while off.
    pub picture: RwSignal<Option<MediaStream>, LocalStorage>,
    /// The own screen while it is shared.
    pub screen: RwSignal<Option<MediaStream>, LocalStorage>,
    pub advice: RwSignal<Option<Advice>>,
    /// Offered when a device vanished.
    pub replacement: RwSignal<Option<Device>>,
    pub starting: RwSignal<bool>,
    inner: LocalMediaHook,
    begun: RwSignal<bool>,
}

pub fn use_call_media(trace: PageTrace) -> CallMediaHook {
    let inner = use_local_media(trace, true);
    let hook = CallMediaHook {
        camera: inner.video,
        microphone: inner.audio,
        muted: RwSignal::new(false),
        synthetic: inner.synthetic,
        camera_id: inner.camera,
        microphone_id: inner.microphone,
        devices: inner.devices,
        picture: inner.stream,
        screen: RwSignal::new_local(None),
        advice: inner.advice,
        replacement: RwSignal::new(None),
        starting: inner.starting,
        inner,
        begun: RwSignal::new(false),
    };
    Effect::new(move |_| {
        let (video, audio) = (hook.camera.get(), hook.microphone.get());
        let possible = is_secure_context() || hook.synthetic.get();
        hook.synthetic.track();
        hook.camera_id.track();
        hook.microphone_id.track();
        if hook.begun.get() && (video || audio) && possible {
            inner.start();
        } else {
            inner.stop();
        }
    });
    Effect::new(move |_| {
        inner.stream.track();
        inner.set_enabled("audio", !hook.muted.get());
    });
    hook
}

impl CallMediaHook {
    pub fn begin(self) {
        self.begun.set(true);
    }

    pub fn retry(self) {
        self.inner.start();
    }

    pub fn use_replacement(self) {
        self.replacement.set(None);
    }

    pub fn can_share_screen(self) -> bool {
        true
    }

    /// To be called in the click's handler.
    pub fn share_screen(self) {
        self.screen.set(self.picture.get_untracked());
    }

    pub fn stop_sharing(self) {
        self.screen.set(None);
    }

    /// Reactive.
    pub fn has_microphone(self) -> bool {
        self.inner.has("audio")
    }

    pub fn has_camera(self) -> bool {
        self.inner.has("video")
    }
}
