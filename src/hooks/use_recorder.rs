//! A recording of the call, as signals. It belongs to the page and not to the stage: who leaves the call
//! still gets the end of it.

use std::pin::pin;

use futures_channel::oneshot;
use futures_util::StreamExt;
use futures_util::future::{Either, FutureExt, LocalBoxFuture, select};
use leptos::prelude::*;
use signaling_protocol::PeerId;

use super::use_stored::use_stored;
use crate::advice::for_loading;
use crate::error::JsError;
use crate::hooks::{CallHook, CallMediaHook, TaskSlot, use_task};
use crate::lazy::lazy;
use crate::recorder::{Event, Moment, Progress, file_name};
use crate::rtc::now_ms;
use crate::rtc::recorder::{Capture, Chunks, FRAME_RATE, Format, Source, can_record, kept};
use crate::rtc::ticker::Ticker;

/// After so many pictures is looked who has come and gone.
const LOOK_EVERY: u32 = FRAME_RATE / 4;

type Record = fn(RecorderHook, oneshot::Receiver<()>) -> LocalBoxFuture<'static, ()>;

// Few people record.
lazy!(load_recorder: Record = |hook, stopped| hook.record(stopped).boxed_local());

/// What a participant is called, who may have given no name.
type DisplayName = fn(&str, &PeerId) -> String;

/// The recorder of one page.
#[derive(Clone, Copy)]
pub(crate) struct RecorderHook {
    pub(crate) progress: RwSignal<Progress>,
    /// Not empty while this browser may keep a recording that was not deleted.
    pub(crate) keeps: RwSignal<String>,
    call: CallHook,
    media: CallMediaHook,
    room: RwSignal<String>,
    /// What the others call this person.
    name: RwSignal<String>,
    display_name: DisplayName,
    stop: StoredValue<Option<oneshot::Sender<()>>>,
    running: TaskSlot,
}

/// Nothing is recorded. Who leaves the room records no longer.
pub(crate) fn use_recorder(
    call: CallHook,
    media: CallMediaHook,
    room: RwSignal<String>,
    name: RwSignal<String>,
    display_name: DisplayName,
) -> RecorderHook {
    let hook = RecorderHook {
        progress: RwSignal::new(Progress::default()),
        keeps: use_stored("recordings"),
        call,
        media,
        room,
        name,
        display_name,
        stop: StoredValue::new(None),
        running: use_task(),
    };
    let in_room = Memo::new(move |_| call.is_in_room());
    Effect::new(move |_| {
        if !in_room.get() {
            hook.stop();
        }
    });
    hook
}

impl RecorderHook {
    /// Whether this person may record: hosts, where there are any; reactive.
    pub(crate) fn is_allowed(self) -> bool {
        can_record()
            && self.call.view.with(|view| {
                let rights = view.as_ref().and_then(|view| view.rights.as_ref());
                rights.is_none_or(|rights| rights.host)
            })
    }

    /// Records from now on, and tells everybody.
    pub(crate) fn start(self) {
        if self.progress.with_untracked(Progress::is_going_on) {
            return;
        }
        self.handle(Event::Asked);
        let (stop, stopped) = oneshot::channel();
        self.stop.set_value(Some(stop));
        self.running.run(async move {
            match load_recorder().await {
                Ok(record) => record(self, stopped).await,
                Err(_) => self.handle(Event::NotLoaded(for_loading("The code for recording"))),
            }
        });
    }

    /// Ends the recording; [`Self::progress`] says when the last of it is kept.
    pub(crate) fn stop(self) {
        if let Some(stop) = self.stop.try_update_value(Option::take).flatten() {
            self.handle(Event::StopAsked);
            // A recording that has ended by itself does not mind.
            let _ = stop.send(());
        }
    }

    fn handle(self, event: Event) {
        self.progress.update(|progress| progress.handle(event));
    }

    async fn record(self, stopped: oneshot::Receiver<()>) {
        let result = self.capture(stopped).await;
        self.stop.try_update_value(Option::take);
        self.call.tell(|handle| handle.announce_recording(false));
        self.handle(Event::Ended(result.err()));
    }

    async fn capture(self, mut stopped: oneshot::Receiver<()>) -> Result<(), JsError> {
        let format = Format::best()?;
        let room = self.room.get_untracked();
        let name = file_name(&room, moment(), format.extension);
        let mut file = kept::Writing::begin(&name).await?;
        self.keeps.set("yes".to_owned());
        // Before anything is recorded.
        self.call.tell(|handle| handle.announce_recording(true));
        let (capture, chunks) = Capture::start(format, self.sources()).await?;
        let (at, has_audio) = (now_ms(), capture.has_audio());
        self.handle(Event::Began { at, has_audio });
        let painting = self.paint(capture, &mut stopped);
        let writing = self.write(chunks, at, &mut file);
        // Either is the end. Painting ends only when it fails.
        let (Either::Left((result, _)) | Either::Right((result, _))) =
            select(pin!(writing), pin!(painting)).await;
        // What is on the disk stays, also where no more could be written.
        let finished = file.finish().await;
        result.and(finished)
    }

    /// Draws one picture after the other, also when it was asked to stop: the last bytes are to come yet.
    async fn paint(
        self,
        mut capture: Capture,
        stopped: &mut oneshot::Receiver<()>,
    ) -> Result<(), JsError> {
        // The timers of a hidden page are too slow.
        let mut ticks = Ticker::new(1000 / FRAME_RATE);
        let mut until_look = LOOK_EVERY;
        let mut is_stopped = false;
        loop {
            ticks.next().await;
            // It was asked to, or the page is gone.
            if !is_stopped && !matches!(stopped.try_recv(), Ok(None)) {
                is_stopped = true;
                capture.stop()?;
            }
            until_look -= 1;
            if until_look == 0 {
                until_look = LOOK_EVERY;
                capture.show(self.sources())?;
            }
            capture.draw()?;
        }
    }

    /// Writes what comes until no more does.
    async fn write(
        self,
        mut chunks: Chunks,
        began_at: f64,
        file: &mut kept::Writing,
    ) -> Result<(), JsError> {
        while let Some(chunk) = chunks.next().await {
            let (chunk, at) = (chunk?, now_ms());
            file.append(&chunk, at - began_at).await?;
            let bytes = chunk.size();
            self.handle(Event::Wrote { at, bytes });
        }
        Ok(())
    }

    /// Who is seen and heard now: everybody, and what is shared.
    fn sources(self) -> Vec<Source> {
        let mut sources = Vec::new();
        self.call.view.with_untracked(|view| {
            for peer in view.iter().flat_map(|view| &view.participants) {
                let name = (self.display_name)(&peer.name, &peer.id);
                let camera = Clone::clone(&peer.camera);
                // A host has decided that nobody is to hear them.
                let audio = (!peer.silenced).then(|| Clone::clone(&camera));
                if let Some(screen) = &peer.screen {
                    sources.push(Source {
                        key: format!("screen {}", peer.id),
                        name: format!("{name}’s screen"),
                        is_screen: true,
                        video: Some(Clone::clone(screen)),
                        audio: (!peer.silenced).then(|| Clone::clone(screen)),
                    });
                }
                sources.push(Source {
                    key: format!("person {}", peer.id),
                    name,
                    is_screen: false,
                    video: peer.has_video.then_some(camera),
                    audio,
                });
            }
        });
        let me = (self.call.view).with_untracked(|view| view.as_ref()?.me.clone());
        let name = match (self.name.get_untracked().trim(), me) {
            ("", None) => "Me".to_owned(),
            ("", Some(me)) => (self.display_name)("", &me),
            (name, _) => name.to_owned(),
        };
        if let Some(screen) = self.media.screen.get_untracked() {
            sources.push(Source {
                key: "own screen".to_owned(),
                name: format!("{name}’s screen"),
                is_screen: true,
                video: Some(Clone::clone(&screen)),
                audio: Some(screen),
            });
        }
        sources.push(Source {
            key: "own".to_owned(),
            name,
            is_screen: false,
            video: self.media.video.get_untracked(),
            audio: self.media.audio.get_untracked(),
        });
        sources
    }
}

/// Now, where the person is.
fn moment() -> Moment {
    let now = js_sys::Date::new_0();
    Moment {
        year: now.get_full_year(),
        month: now.get_month() + 1,
        day: now.get_date(),
        hour: now.get_hours(),
        minute: now.get_minutes(),
        second: now.get_seconds(),
    }
}
