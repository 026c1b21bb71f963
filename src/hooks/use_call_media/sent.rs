//! What the others receive: the tracks of now, and a screen that is shared.

use leptos::prelude::*;
use web_sys::MediaStreamTrack;

use super::CallMediaHook;
use crate::advice::for_screen;
use crate::rtc::media::{self, LocalMedia};
use crate::rtc::senders::LocalTracks;
use crate::trace::vocabulary::Part;

impl CallMediaHook {
    pub(crate) fn can_share_screen(self) -> bool {
        media::can_share_screen()
    }

    /// Asks which screen to share. To be called while a click or a key press is handled.
    pub(crate) fn share_screen(self) {
        self.screen_advice.set(None);
        let tracer = self.trace.tracer(Part::Page);
        self.sharing.run(async move {
            match media::acquire_display(tracer).await {
                Ok(mut display) => {
                    // Also by the browser's own bar. Not at once: this runs in a listener of what
                    // would be dropped.
                    display.on_ended(move |_| self.sharing.run(async move { self.end_sharing() }));
                    let stream = Clone::clone(display.stream());
                    self.held.update_value(|held| held.screen = Some(display));
                    self.screen.set(Some(stream));
                }
                Err(error) => self.screen_advice.set(Some(for_screen(&error))),
            }
        });
    }

    pub(crate) fn stop_sharing(self) {
        self.sharing.cancel();
        self.end_sharing();
    }

    fn end_sharing(self) {
        self.screen.set(None);
        self.held.update_value(|held| held.screen = None);
    }

    /// What to send; reactive.
    pub(in crate::hooks) fn local_tracks(self) -> Option<LocalTracks> {
        self.video.track();
        self.audio.track();
        self.screen.track();
        self.unmuted.track();
        self.starting.track();
        self.local_tracks_now()
    }

    /// What to send now; `None` where the browser cannot make a stream. Between two devices there is
    /// nothing for a moment, which is not worth telling: of a kind that is being asked for, it is
    /// what was sent before.
    pub(in crate::hooks) fn local_tracks_now(self) -> Option<LocalTracks> {
        let pending = self.pending.try_get_value()?;
        let track = |media: &Option<LocalMedia>, kind| -> Option<MediaStreamTrack> {
            media.as_ref().and_then(|media| media.track(kind))
        };
        let is_blurred = self.blur.try_get_untracked()?;
        self.held.try_update_value(|held| {
            if held.local_tracks.is_none() {
                held.local_tracks = LocalTracks::new().ok();
            }
            let local_tracks = held.local_tracks.as_mut()?;
            if !pending.microphone {
                local_tracks.microphone = track(&held.microphone, "audio");
            }
            if !pending.camera {
                let camera = held.camera.as_ref();
                local_tracks.camera = camera.and_then(|camera| camera.track(is_blurred));
            }
            local_tracks.screen = track(&held.screen, "video");
            local_tracks.screen_audio = track(&held.screen, "audio");
            Some(local_tracks.clone())
        })?
    }
}
