//! The background of the camera's video, blurred for those who want that.
//!
//! Nobody is to be seen before an unblurred background who does not want that. So a camera that is captured
//! while blur is wanted is not shown until it is blurred, nor is one whose blur fails. Only what others see already
//! when somebody switches blur on stays to be seen until it is blurred.

use std::convert::Infallible;

use futures_util::{FutureExt, StreamExt};
use js_sys::WebAssembly::Module;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{MediaStream, MediaStreamTrack};

use super::CallMediaHook;
use crate::advice::{Advice, for_loading};
use crate::blur::Pace;
use crate::error::JsError;
use crate::hooks::use_task;
use crate::lazy::lazy;
use crate::rtc::blur::{Blur, load};
use crate::rtc::media::LocalMedia;
use crate::rtc::now_ms;
use crate::rtc::ticker::Ticker;

type Begin = fn(CallMediaHook);

lazy!(background_blur: Begin = begin);

const WHAT: &str = "The background blur";

/// A camera with what is made of it.
pub(super) struct Camera {
    pub(super) media: LocalMedia,
    blurred: Option<MediaStream>,
    /// Whether it can be seen as it is.
    is_exposed: bool,
}

impl Camera {
    pub(super) fn new(media: LocalMedia) -> Self {
        Self {
            media,
            blurred: None,
            is_exposed: false,
        }
    }

    /// The track that may be sent.
    pub(super) fn track(&self, is_blur_wanted: bool) -> Option<MediaStreamTrack> {
        let tracks = self.visible(is_blur_wanted)?.get_video_tracks();
        tracks.get(0).dyn_into().ok()
    }

    /// What may be seen of it.
    fn visible(&self, is_blur_wanted: bool) -> Option<&MediaStream> {
        let is_shown = self.is_exposed || !is_blur_wanted;
        let as_it_is = is_shown.then(|| self.media.stream());
        self.blurred.as_ref().or(as_it_is)
    }
}

/// Loads what blurs as soon as it is wanted.
pub(super) fn use_blur(hook: CallMediaHook) {
    let (loading, has_begun) = (use_task(), StoredValue::new(false));
    // Also where nothing was blurred: it failed, or has not begun.
    Effect::new(move |_| {
        if !hook.blur.get() {
            hook.show_camera();
        }
    });
    // What begins stays when the effect runs again. It must not keep its owner alive, which owns it.
    let owner = Owner::current().map(|owner| owner.downgrade());
    Effect::new(move |_| {
        let is_wanted = hook.blur.get() && hook.blur_advice.with(Option::is_none);
        if !is_wanted || has_begun.get_value() {
            return;
        }
        let owner = owner.clone();
        loading.run(async move {
            match (
                background_blur().await,
                owner.and_then(|owner| owner.upgrade()),
            ) {
                (Ok(begin), Some(owner)) => {
                    has_begun.set_value(true);
                    owner.with(|| begin(hook));
                }
                // The page is gone.
                (_, None) => {}
                (Err(_), _) => hook.blur_advice.set(Some(for_loading(WHAT))),
            }
        });
    });
}

impl CallMediaHook {
    /// Shows what may be seen of the camera.
    pub(super) fn show_camera(self) {
        let is_wanted = self.blur.get_untracked();
        let shown = self.held.try_update_value(|held| {
            let camera = held.camera.as_mut()?;
            let shown = camera.visible(is_wanted).cloned();
            camera.is_exposed = shown.is_some() && camera.blurred.is_none();
            shown
        });
        self.video.set(shown.flatten());
    }

    /// Others are about to see it, who have not yet.
    pub(in crate::hooks) fn hide_until_blurred(self) {
        if !self.blur.get_untracked() {
            return;
        }
        self.held.update_value(|held| {
            if let Some(camera) = &mut held.camera {
                camera.is_exposed = false;
            }
        });
        self.show_camera();
    }

    fn set_blurred(self, blurred: Option<MediaStream>) {
        self.held.update_value(|held| {
            if let Some(camera) = &mut held.camera {
                camera.blurred = blurred;
            }
        });
        self.show_camera();
    }

    /// Once more what has failed.
    pub(super) fn retry_blur(self) {
        if self.blur_advice.with_untracked(Option::is_some) {
            self.blur_advice.set(None);
            self.blur.set(true);
            self.camera.set(true);
        }
    }
}

/// Why a camera is not blurred any more.
enum Failure {
    Loading,
    Running(JsError),
    TooSlow,
}

impl From<JsError> for Failure {
    fn from(error: JsError) -> Self {
        Self::Running(error)
    }
}

/// Blurs one camera after the other, as long as that is wanted.
fn begin(hook: CallMediaHook) {
    let running = use_task();
    let module = StoredValue::new_local(None);
    Effect::new(move |earlier: Option<Option<String>>| {
        // Whatever a camera comes or goes with.
        hook.video.track();
        hook.starting.track();
        let is_wanted = hook.blur.get() && hook.blur_advice.with(Option::is_none);
        let camera = hook.held.with_value(|held| {
            let camera = held.camera.as_ref().filter(|_| is_wanted)?;
            Some(Clone::clone(camera.media.stream()))
        });
        let id = camera.as_ref().map(MediaStream::id);
        if id == earlier.flatten() {
            return id;
        }
        running.cancel();
        hook.is_blur_starting.set(camera.is_some());
        hook.set_blurred(None);
        if let Some(camera) = camera {
            running.run(async move {
                let Err(failure) = blur(hook, camera, module).await;
                hook.fail(failure);
            });
        }
        id
    });
}

async fn blur(
    hook: CallMediaHook,
    camera: MediaStream,
    module: StoredValue<Option<Module>, LocalStorage>,
) -> Result<Infallible, Failure> {
    let loaded = match module.get_value() {
        Some(module) => module,
        None => load().await.map_err(|_| Failure::Loading)?,
    };
    module.set_value(Some(loaded.clone()));
    let mut blur = Blur::start(&loaded, &camera)?;
    let mut pace = Pace::new(blur.interval_ms());
    let mut ticks = Ticker::new(blur.interval_ms() as u32);
    loop {
        ticks.next().await;
        // Frames that came meanwhile are left out.
        while let Some(Some(())) = ticks.next().now_or_never() {}
        let began = now_ms();
        if !blur.blur_frame().await? {
            continue;
        }
        if hook.is_blur_starting.get_untracked() {
            hook.is_blur_starting.set(false);
            hook.set_blurred(Some(Clone::clone(blur.stream())));
        }
        if pace.is_too_slow(now_ms() - began) {
            return Err(Failure::TooSlow);
        }
    }
}

impl CallMediaHook {
    fn fail(self, failure: Failure) {
        let advice = match failure {
            Failure::Loading => for_loading(WHAT),
            Failure::Running(error) => Advice::named(
                &error,
                format!("{WHAT} stopped."),
                "Try again, or turn off the blur.",
            ),
            Failure::TooSlow => {
                // Before anything else could show it.
                self.held.update_value(|held| held.camera = None);
                self.video.set(None);
                self.camera.set(false);
                self.blur.set(false);
                Advice::new(
                    "Too slow on this device: the background blur was switched off.",
                    "So was your camera, because your background would be visible. Switch the camera on to be seen without blur.",
                )
            }
        };
        self.blur_advice.set(Some(advice));
    }
}
