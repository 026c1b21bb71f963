//! What a participant of a call sends: camera, microphone and screen, each captured and let go by
//! itself, so that changing one does not disturb the others.

mod blur;
mod capture;
mod device_list;
mod flip;
mod sent;

use futures_channel::oneshot;
use futures_util::future::select;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use web_sys::MediaStream;

use crate::advice::{Advice, for_media};
use crate::error::JsError;
use crate::hooks::{
    PageTrace, TaskSlot, use_stored, use_stored_switch, use_stored_switch_off, use_switch_in_tab,
    use_task,
};
use crate::lazy::lazy;
use crate::rtc::constraints::{Facing, MediaRequest};
use crate::rtc::devices::{self, Device};
use crate::rtc::media::{self, LocalMedia, is_secure_context};
use crate::rtc::senders::LocalTracks;
use crate::trace::Tracer;
use crate::trace::vocabulary::Part;
use blur::{Camera, use_blur};
use capture::{Failure, Kinds, Processing, Wanted, acquire, failure};

type Synthesize = fn(&MediaRequest, Tracer) -> Result<LocalMedia, JsError>;

// Few people call without a camera and want to be seen all the same.
lazy!(synthetic_media: Synthesize = media::synthesize);

/// What is wanted, what came of it. Signals only, so it can be handed around freely; the media
/// itself stops when the page is left.
#[derive(Clone, Copy)]
pub struct CallMediaHook {
    /// Whether the camera is to be on: off means that its light is off, too.
    pub camera: RwSignal<bool>,
    /// Whether there is to be a microphone at all.
    pub(crate) microphone: RwSignal<bool>,
    /// Off, the microphone stays, but nothing of it is heard.
    pub(crate) unmuted: RwSignal<bool>,
    pub(crate) synthetic: RwSignal<bool>,
    pub(crate) camera_id: RwSignal<String>,
    /// The side of the camera, where no device is chosen.
    wanted_facing: RwSignal<Option<Facing>>,
    pub(crate) microphone_id: RwSignal<String>,
    /// Where the others are heard; empty for the browser's choice.
    pub(crate) speaker_id: RwSignal<String>,
    /// What the browser does with what the microphone hears.
    pub(crate) noise_suppression: RwSignal<bool>,
    pub(crate) echo_cancellation: RwSignal<bool>,
    pub(crate) auto_gain_control: RwSignal<bool>,
    /// Whether the background of the camera's video is to be blurred.
    pub blur: RwSignal<bool>,
    /// Blur is wanted, and not there yet.
    pub(crate) is_blur_starting: RwSignal<bool>,
    /// What is wrong with it.
    pub(crate) blur_advice: RwSignal<Option<Advice>>,
    pub(crate) devices: RwSignal<Vec<Device>>,
    /// The local video, as the others see it, and the local audio.
    pub(crate) video: RwSignal<Option<MediaStream>, LocalStorage>,
    pub(crate) audio: RwSignal<Option<MediaStream>, LocalStorage>,
    /// The screen that is shared.
    pub(crate) screen: RwSignal<Option<MediaStream>, LocalStorage>,
    /// What is wrong with camera and microphone.
    pub(crate) advice: RwSignal<Vec<Advice>>,
    /// What is wrong with sharing the screen.
    pub(crate) screen_advice: RwSignal<Option<Advice>>,
    /// What could take the place of a device that vanished.
    pub(crate) replacement: RwSignal<Option<Device>>,
    /// The browser is being asked.
    pub(crate) starting: RwSignal<bool>,
    /// Whether the person has asked for it: a page that is only read asks for nothing.
    begun: RwSignal<bool>,
    held: StoredValue<Held, LocalStorage>,
    /// What the answer that is awaited is about.
    pending: StoredValue<Kinds>,
    /// Those who wait until nothing is asked for any more.
    waiting: StoredValue<Vec<oneshot::Sender<()>>>,
    asking: TaskSlot,
    sharing: TaskSlot,
    listing: TaskSlot,
    /// A webcam with a microphone takes both with it: one must not be reported in place of the
    /// other.
    camera_ended: TaskSlot,
    microphone_ended: TaskSlot,
    trace: PageTrace,
}

#[derive(Default)]
struct Held {
    camera: Option<Camera>,
    microphone: Option<LocalMedia>,
    screen: Option<LocalMedia>,
    /// What was composed last.
    local_tracks: Option<LocalTracks>,
}

/// Nothing is captured before somebody asks for it: see [`CallMediaHook::begin`].
pub fn use_call_media(trace: PageTrace) -> CallMediaHook {
    let hook = CallMediaHook {
        camera: use_switch_in_tab("camera"),
        microphone: use_switch_in_tab("microphone"),
        unmuted: use_switch_in_tab("unmuted"),
        synthetic: RwSignal::new(false),
        camera_id: use_stored("camera"),
        wanted_facing: RwSignal::new(None),
        microphone_id: use_stored("microphone"),
        speaker_id: use_stored("speaker"),
        noise_suppression: use_stored_switch("noise-suppression"),
        echo_cancellation: use_stored_switch("echo-cancellation"),
        auto_gain_control: use_stored_switch("auto-gain-control"),
        blur: use_stored_switch_off("background-blur"),
        is_blur_starting: RwSignal::new(false),
        blur_advice: RwSignal::new(None),
        devices: RwSignal::new(Vec::new()),
        video: RwSignal::new_local(None),
        audio: RwSignal::new_local(None),
        screen: RwSignal::new_local(None),
        advice: RwSignal::new(Vec::new()),
        screen_advice: RwSignal::new(None),
        replacement: RwSignal::new(None),
        starting: RwSignal::new(false),
        begun: RwSignal::new(false),
        held: StoredValue::new_local(Held::default()),
        pending: StoredValue::new(Kinds::default()),
        waiting: StoredValue::new(Vec::new()),
        asking: use_task(),
        sharing: use_task(),
        listing: use_task(),
        camera_ended: use_task(),
        microphone_ended: use_task(),
        trace,
    };
    hook.refresh_devices();
    let listener = StoredValue::new_local(devices::on_change(move || {
        trace.tracer(Part::Page).event("devicechange", "");
        hook.refresh_devices();
    }));
    Effect::new(move |earlier: Option<Option<Wanted>>| {
        if !hook.begun.get() {
            return None;
        }
        let wanted = hook.wanted();
        let Some(earlier) = earlier.flatten() else {
            // Captured already.
            return Some(wanted);
        };
        // What is wanted and could not be had is asked for again with whatever else changes.
        let missing = hook.missing(&wanted);
        let kinds = Kinds {
            camera: missing.camera || earlier.camera() != wanted.camera(),
            microphone: missing.microphone || earlier.microphone() != wanted.microphone(),
        };
        hook.capture(kinds);
        Some(wanted)
    });
    Effect::new(move |_| {
        let enabled = hook.unmuted.get();
        hook.audio.track();
        hook.held.with_value(|held| {
            if let Some(microphone) = &held.microphone {
                microphone.set_enabled("audio", enabled);
            }
        });
    });
    use_blur(hook);
    // Dropped here rather than with their owner, so that the camera's light is off before
    // anything of the next page runs.
    on_cleanup(move || {
        listener.try_update_value(|listener| *listener = None);
        hook.held.try_update_value(|held| *held = Held::default());
    });
    hook
}

impl CallMediaHook {
    /// Captures what is wanted, from now on.
    pub(crate) fn begin(self) {
        if !self.begun.get_untracked() {
            self.begun.set(true);
            self.capture(Kinds {
                camera: true,
                microphone: true,
            });
        }
    }

    /// Waits until the browser has answered, at most for so many milliseconds.
    pub(super) async fn settled(self, within_ms: u32) {
        if self.starting.get_untracked() {
            let (settle, settled) = oneshot::channel();
            self.waiting.update_value(|waiting| waiting.push(settle));
            select(settled, TimeoutFuture::new(within_ms)).await;
        }
    }

    /// Whether anything may be captured; reactive.
    pub(crate) fn has_begun(self) -> bool {
        self.begun.get()
    }

    fn has_begun_untracked(self) -> bool {
        self.begun.get_untracked()
    }

    /// Switches the camera off, or on, for which the browser may ask.
    pub(crate) fn toggle_camera(self) {
        let was_on = self.camera.get_untracked();
        self.camera.set(!was_on);
        if !was_on {
            // It says that the camera is off.
            self.blur_advice.set(None);
            self.begin();
        }
    }

    /// Whether the microphone is to be heard; reactive.
    pub(crate) fn is_microphone_on(self) -> bool {
        self.microphone.get() && self.unmuted.get()
    }

    /// Mutes the microphone, or takes it and lifts that.
    pub(crate) fn toggle_microphone(self) {
        let was_on = untrack(|| self.is_microphone_on());
        if was_on && self.has_begun_untracked() && untrack(|| !self.has_microphone()) {
            return self.retry_devices();
        }
        batch(move || {
            self.unmuted.set(!was_on);
            if !was_on {
                self.microphone.set(true);
                self.begin();
            }
        });
    }

    /// Asks again for what is wanted and not there.
    pub(crate) fn retry(self) {
        self.retry_devices();
        self.retry_blur();
    }

    fn retry_devices(self) {
        self.capture(self.missing(&untrack(|| self.wanted())));
    }

    /// Whether a microphone is there, muted or not; reactive.
    pub(crate) fn has_microphone(self) -> bool {
        self.audio.with(Option::is_some)
    }

    fn wanted(self) -> Wanted {
        // All are read, lest a change of the last go unnoticed.
        let synthetic = self.synthetic.get();
        let (camera, microphone) = (self.camera.get(), self.microphone.get());
        let possible = is_secure_context() || synthetic;
        Wanted {
            kinds: Kinds {
                camera: camera && possible,
                microphone: microphone && possible,
            },
            camera_id: self.camera_id.get(),
            facing: self.wanted_facing.get(),
            microphone_id: self.microphone_id.get(),
            processing: Processing {
                noise_suppression: self.noise_suppression.get(),
                echo_cancellation: self.echo_cancellation.get(),
                auto_gain_control: self.auto_gain_control.get(),
            },
            synthetic,
        }
    }

    /// What is wanted, and neither there nor being asked for.
    fn missing(self, wanted: &Wanted) -> Kinds {
        let pending = self.pending.get_value();
        self.held.with_value(|held| Kinds {
            camera: wanted.kinds.camera && held.camera.is_none() && !pending.camera,
            microphone: wanted.kinds.microphone && held.microphone.is_none() && !pending.microphone,
        })
    }

    /// Lets these kinds go, and asks for those of them that are wanted.
    fn capture(self, kinds: Kinds) {
        let pending = self.pending.get_value();
        let kinds = Kinds {
            camera: kinds.camera || pending.camera,
            microphone: kinds.microphone || pending.microphone,
        };
        if kinds == Kinds::default() {
            return;
        }
        self.asking.cancel();
        let wanted = untrack(|| self.wanted());
        let asked = Kinds {
            camera: kinds.camera && wanted.kinds.camera,
            microphone: kinds.microphone && wanted.kinds.microphone,
        };
        // Before the tracks go, so that nobody tells the others of the gap.
        self.pending.set_value(asked);
        self.starting.set(asked != Kinds::default());
        // Many cameras serve only one capture at a time: the old one goes first.
        self.held.update_value(|held| {
            if kinds.camera {
                held.camera = None;
            }
            if kinds.microphone {
                held.microphone = None;
            }
        });
        if kinds.camera {
            self.video.set(None);
        }
        if kinds.microphone {
            self.audio.set(None);
        }
        self.advice.set(Vec::new());
        self.replacement.set(None);
        if asked == Kinds::default() {
            return;
        }
        let tracer = self.trace.tracer(Part::Page);
        let known = |id: &str| {
            self.devices
                .with_untracked(|devices| devices.iter().any(|device| device.id == id))
        };
        let request = wanted.request(asked, known);
        self.asking.run(async move {
            let (media, failures) = if wanted.synthetic {
                let synthesized = match synthetic_media().await {
                    Ok(synthesize) => synthesize(&request, tracer),
                    Err(_) => Err(JsError::new("NetworkError", "its code could not be loaded")),
                };
                match synthesized {
                    Ok(media) => (vec![media], Vec::new()),
                    Err(error) => (Vec::new(), vec![failure(&request, error)]),
                }
            } else {
                acquire(request, tracer).await
            };
            self.finish(media, failures);
            // Names and ids are told only now that one may be used.
            self.refresh_devices();
        });
    }

    fn finish(self, media: Vec<LocalMedia>, failures: Vec<Failure>) {
        self.pending.set_value(Kinds::default());
        let (mut has_video, mut audio) = (false, None);
        for mut media in media {
            for kind in ["video", "audio"] {
                let Some(mut taken) = media.take(kind) else {
                    continue;
                };
                taken.on_ended(move |kind| self.ended(&kind));
                // Before anybody hears it.
                taken.set_enabled("audio", self.unmuted.get_untracked());
                if kind == "video" {
                    has_video = true;
                    self.held
                        .update_value(|held| held.camera = Some(Camera::new(taken)));
                } else {
                    audio = Some(Clone::clone(taken.stream()));
                    self.held.update_value(|held| held.microphone = Some(taken));
                }
            }
        }
        batch(move || {
            if has_video {
                self.show_camera();
            }
            if audio.is_some() {
                self.audio.set(audio);
            }
            let advice = failures.iter();
            let advice = advice.map(|failure| for_media(failure.devices, &failure.error));
            self.advice.set(advice.collect());
            self.starting.set(false);
        });
        for waiting in self
            .waiting
            .try_update_value(std::mem::take)
            .unwrap_or_default()
        {
            // Who has given up waiting does not mind.
            let _ = waiting.send(());
        }
    }
}
