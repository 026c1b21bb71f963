//! What is to be sent to one client: a queue bounded in messages and bytes, with one reader.
//!
//! Pushing never waits, so nobody is slowed down by somebody else's slow network. A queue that
//! would exceed its bounds gives up all it holds and closes: the client has to come back.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::Notify;

/// The bounds of one queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueLimits {
    pub(crate) messages: usize,
    pub(crate) bytes: usize,
}

/// Why the server closes a connection; [`crate::ws`] knows the WebSocket codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    GoingAway,
    SlowReader,
    Flood,
    ServerFull,
    FrameTooLarge,
    InvalidText,
    ProtocolError,
}

/// What the connection has to do next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outgoing {
    Text(Utf8Bytes),
    Close(Closing),
}

/// The queue had no place; it is closed now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

#[derive(Debug)]
pub(crate) struct Outbox {
    limits: QueueLimits,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Utf8Bytes>,
    bytes: usize,
    closing: Option<Closing>,
}

impl Outbox {
    pub(crate) fn new(limits: QueueLimits) -> Self {
        Self {
            limits,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Appends `text`. A queue that is closing takes nothing more, silently: its client is told
    /// by the close itself.
    pub(crate) fn push(&self, text: Utf8Bytes) -> Result<(), Full> {
        let mut state = self.state();
        if state.closing.is_some() {
            return Ok(());
        }
        let bytes = state.bytes + text.len();
        let full = bytes > self.limits.bytes || state.queue.len() >= self.limits.messages;
        if full {
            *state = State {
                closing: Some(Closing::SlowReader),
                ..State::default()
            };
        } else {
            state.bytes = bytes;
            state.queue.push_back(text);
        }
        drop(state);
        self.changed.notify_one();
        if full { Err(Full) } else { Ok(()) }
    }

    /// Sends what is queued, then closes. The first reason stays.
    pub(crate) fn close(&self, closing: Closing) {
        self.state().closing.get_or_insert(closing);
        self.changed.notify_one();
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.state().closing.is_some()
    }

    /// Waits for the next thing to send. Dropping the future loses nothing. To be awaited by
    /// one task only.
    pub(crate) async fn next(&self) -> Outgoing {
        loop {
            if let Some(outgoing) = self.state().pop() {
                return outgoing;
            }
            self.changed.notified().await;
        }
    }

    /// Waits until the queue gave up, for the task that is stuck in sending.
    pub(crate) async fn overflowed(&self) {
        while self.state().closing != Some(Closing::SlowReader) {
            self.changed.notified().await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(crate) fn queued(&self) -> (usize, usize) {
        let state = self.state();
        (state.queue.len(), state.bytes)
    }
}

impl State {
    fn pop(&mut self) -> Option<Outgoing> {
        let Some(text) = self.queue.pop_front() else {
            // An idle connection keeps no memory for the burst it once had.
            self.queue = VecDeque::new();
            return self.closing.map(Outgoing::Close);
        };
        self.bytes -= text.len();
        Some(Outgoing::Text(text))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn outbox() -> Outbox {
        Outbox::new(QueueLimits {
            messages: 3,
            bytes: 10,
        })
    }

    fn next(outbox: &Outbox) -> Option<Outgoing> {
        outbox.next().now_or_never()
    }

    #[test]
    fn first_in_first_out() {
        let outbox = outbox();
        assert_eq!(next(&outbox), None);
        outbox.push("a".into()).unwrap();
        outbox.push("b".into()).unwrap();
        assert_eq!(next(&outbox), Some(Outgoing::Text("a".into())));
        assert_eq!(next(&outbox), Some(Outgoing::Text("b".into())));
        assert_eq!(next(&outbox), None);
        assert_eq!(outbox.queued(), (0, 0));
    }

    #[test]
    fn too_many_messages_overflow() {
        let outbox = outbox();
        for _ in 0..3 {
            outbox.push("".into()).unwrap();
        }
        assert_eq!(outbox.push("".into()), Err(Full));
        assert_eq!(outbox.queued(), (0, 0));
        assert_eq!(next(&outbox), Some(Outgoing::Close(Closing::SlowReader)));
        assert_eq!(outbox.overflowed().now_or_never(), Some(()));
    }

    #[test]
    fn too_many_bytes_overflow() {
        let outbox = outbox();
        outbox.push("12345".into()).unwrap();
        outbox.push("12345".into()).unwrap();
        assert_eq!(outbox.overflowed().now_or_never(), None);
        assert_eq!(outbox.push("1".into()), Err(Full));
        assert_eq!(outbox.queued(), (0, 0));
        assert_eq!(outbox.push("ignored".into()), Ok(()));
        assert_eq!(outbox.queued(), (0, 0));
    }

    #[test]
    fn closing_comes_after_what_is_queued_and_before_what_is_not() {
        let outbox = outbox();
        outbox.push("a".into()).unwrap();
        outbox.close(Closing::GoingAway);
        outbox.close(Closing::Flood);
        outbox.push("b".into()).unwrap();
        assert_eq!(next(&outbox), Some(Outgoing::Text("a".into())));
        assert_eq!(next(&outbox), Some(Outgoing::Close(Closing::GoingAway)));
    }
}
