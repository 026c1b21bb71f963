//! How a data channel sends: the one place where messages go into the browser's queue, and where
//! long transfers wait for room in it.
//!
//! The queue is bounded in bytes. Above the high water mark it counts as full until it has sunk to the
//! low one, which the browser tells by `bufferedamountlow`; nothing here looks at a clock. Short messages
//! that must not wait go in at once. What is sent, and to whom, this does not know.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use gloo_events::EventListener;
use web_sys::RtcDataChannel;

use crate::error::JsError;
use crate::states::DataChannelState;

/// When a queue counts as full, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaterMarks {
    /// It is full above this …
    pub high: u32,
    /// … until no more than this are left.
    pub(crate) low: u32,
}

impl WaterMarks {
    /// Of a channel that is to be as fast as it can.
    pub const BULK: Self = Self {
        high: 4 * 1024 * 1024,
        low: 1024 * 1024,
    };

    /// Of a channel on which short messages must not wait long for those who have much to send.
    pub const SHARED: Self = Self {
        high: 64 * 1024,
        low: 64 * 1024,
    };
}

/// Whether a queue is full. Pure.
#[derive(Clone, Copy, Debug)]
struct Level {
    marks: WaterMarks,
    is_full: bool,
}

impl Level {
    fn new(marks: WaterMarks) -> Self {
        Self {
            marks,
            is_full: false,
        }
    }

    /// Whether there is room now that so many bytes are queued.
    fn has_room(&mut self, buffered: u32) -> bool {
        let most = match self.is_full {
            true => self.marks.low,
            false => self.marks.high,
        };
        self.is_full = buffered > most;
        !self.is_full
    }
}

/// Those who wait for room.
#[derive(Default)]
struct Waiting(RefCell<Vec<oneshot::Sender<()>>>);

impl Waiting {
    /// There is room, or the channel closes: each looks for itself.
    fn wake(&self) {
        for waiting in self.0.take() {
            // Who has given up waiting does not mind.
            let _ = waiting.send(());
        }
    }

    async fn wait(&self) {
        let (wake, woken) = oneshot::channel();
        self.0.borrow_mut().retain(|other| !other.is_canceled());
        self.0.borrow_mut().push(wake);
        // It is never dropped unsent while this borrows the list.
        let _ = woken.await;
    }
}

/// The sending half of a channel.
pub(super) struct Sender {
    channel: RtcDataChannel,
    level: Cell<Level>,
    waiting: Rc<Waiting>,
    _listeners: [EventListener; 3],
}

impl Sender {
    pub(super) fn new(channel: &RtcDataChannel, marks: WaterMarks) -> Self {
        let waiting = Rc::<Waiting>::default();
        let listeners = ["bufferedamountlow", "closing", "close"].map(|event| {
            let waiting = waiting.clone();
            EventListener::new(channel, event, move |_| waiting.wake())
        });
        let sender = Self {
            channel: channel.clone(),
            level: Cell::new(Level::new(marks)),
            waiting,
            _listeners: listeners,
        };
        sender.set_water_marks(marks);
        sender
    }

    pub(super) fn set_water_marks(&self, marks: WaterMarks) {
        self.channel.set_buffered_amount_low_threshold(marks.low);
        self.level.set(Level::new(marks));
        // Who waits may have room by the new ones.
        self.waiting.wake();
    }

    pub(super) fn has_room(&self) -> bool {
        let mut level = self.level.get();
        let has_room = level.has_room(self.channel.buffered_amount());
        self.level.set(level);
        has_room
    }

    pub(super) fn send_text(&self, text: &str) -> Result<(), JsError> {
        self.must_be_open()?;
        Ok(self.channel.send_with_str(text)?)
    }

    pub(super) fn send_binary(&self, bytes: &[u8]) -> Result<(), JsError> {
        self.must_be_open()?;
        Ok(self.channel.send_with_u8_array(bytes)?)
    }

    pub(super) async fn send_when_room(&self, bytes: &[u8]) -> Result<(), JsError> {
        loop {
            self.must_be_open()?;
            if self.has_room() {
                return self.send_binary(bytes);
            }
            self.waiting.wait().await;
        }
    }

    /// Firefox takes messages for a closing channel and drops them without a word.
    fn must_be_open(&self) -> Result<(), JsError> {
        let state = super::state(&self.channel);
        if state == DataChannelState::Open {
            return Ok(());
        }
        Err(JsError::new(
            "InvalidStateError",
            format!("the channel is {state}, not open"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_has_room_only_at_the_low_water_mark() {
        let mut level = Level::new(WaterMarks { high: 10, low: 4 });
        for (buffered, has_room) in [
            (0, true),
            (5, true),
            (10, true),
            (11, false),
            (10, false),
            (5, false),
            (4, true),
            (10, true),
        ] {
            assert_eq!(level.has_room(buffered), has_room, "{buffered}");
        }
    }

    #[test]
    fn everybody_who_waits_is_woken_once() {
        use futures_util::FutureExt;

        let waiting = Waiting::default();
        let mut both = [waiting.wait().boxed_local(), waiting.wait().boxed_local()];
        assert!(both.iter_mut().all(|one| one.now_or_never().is_none()));
        waiting.wake();
        assert!(both.iter_mut().all(|one| one.now_or_never().is_some()));
        assert!(waiting.wait().now_or_never().is_none());
    }
}
