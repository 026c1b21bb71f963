//! What is to be sent to one client: a bounded queue with one reader.
//!
//! Pushing never waits, so nobody is slowed down by somebody else's slow network. A queue that
//! would exceed its bounds gives up all it holds and closes: the client has to come back.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use axum::extract::ws::Utf8Bytes;

use crate::signaling::queue_memory::QueueMemory;
use crate::signaling::replay::Replay;
pub(crate) use crate::signaling::replay::{Full, NeverSent, QueueLimits};

/// Why the server closes a connection; [`crate::signaling::ws`] knows the WebSocket codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    GoingAway,
    SlowReader,
    Flood,
    ServerFull,
    OriginNotAllowed,
    /// Another connection has the seat now.
    Replaced,
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

#[derive(Debug)]
pub(crate) struct Outbox {
    limits: QueueLimits,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    replay: Replay,
    closing: Option<Closing>,
    /// Of the one task that waits for a change; here, so that the lock that a change takes anyway
    /// is the only one. The first change takes it: who was woken is not woken again.
    reader: Option<Waker>,
}

impl Outbox {
    pub(crate) fn new(limits: QueueLimits, memory: Arc<QueueMemory>) -> Self {
        Self {
            limits,
            state: Mutex::new(State {
                replay: Replay::new(memory),
                closing: None,
                reader: None,
            }),
        }
    }

    /// Appends `text`. A queue that is closing takes nothing more, silently: its client is told
    /// by the close itself.
    pub(crate) fn push(&self, text: Utf8Bytes) -> Result<(), Full> {
        self.append(|replay, limits| replay.push(text, limits))
    }

    /// Appends a message of the room; `text` gets its number.
    pub(crate) fn push_numbered(&self, text: impl FnOnce(u64) -> Utf8Bytes) -> Result<(), Full> {
        self.append(|replay, limits| replay.push_numbered(text, limits))
    }

    fn append(
        &self,
        push: impl FnOnce(&mut Replay, QueueLimits) -> Result<(), Full>,
    ) -> Result<(), Full> {
        let mut state = self.state();
        if state.closing.is_some() {
            return Ok(());
        }
        let pushed = push(&mut state.replay, self.limits);
        if pushed.is_err() {
            state.closing = Some(Closing::SlowReader);
            drop(state.replay.take());
        }
        wake(state);
        pushed
    }

    /// Sends what is queued, then closes. The first reason stays.
    pub(crate) fn close(&self, closing: Closing) {
        let mut state = self.state();
        state.closing.get_or_insert(closing);
        wake(state);
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.state().closing.is_some()
    }

    /// See [`Replay::acknowledge`].
    pub(crate) fn acknowledge(&self, received: u64) -> Result<(), NeverSent> {
        self.state().replay.acknowledge(received)
    }

    /// See [`Replay::forgotten`].
    pub(crate) fn forgotten(&self) -> u64 {
        self.state().replay.forgotten()
    }

    /// The connection is lost, its seat is kept; see [`Replay::detach`].
    pub(crate) fn detach(&self) {
        let mut state = self.state();
        state.replay.detach();
        // The task has ended; its waker would keep its memory as long as the seat.
        state.reader = None;
    }

    /// The seat was given up; see [`Replay::end`].
    pub(crate) fn end(&self) {
        self.state().replay.end();
    }

    /// Continues what the connection of `former` was about, after what is queued here.
    pub(crate) fn take_over(&self, former: &Self) {
        let mut replay = former.state().replay.take();
        replay.rewind();
        let mut state = self.state();
        replay.prepend(state.replay.take());
        state.replay = replay;
        wake(state);
    }

    /// Waits for the next thing to send. Dropping the future loses nothing. To be awaited by
    /// one task only.
    pub(crate) async fn next(&self) -> Outgoing {
        self.wait_for(State::pop).await
    }

    /// The next text to send, if one waits.
    pub(crate) fn try_next(&self) -> Option<Utf8Bytes> {
        self.state().replay.pop()
    }

    /// Waits until the queue gave up, for the task that is stuck in sending.
    pub(crate) async fn overflowed(&self) {
        self.wait_for(|state| (state.closing == Some(Closing::SlowReader)).then_some(()))
            .await;
    }

    async fn wait_for<T>(&self, look: impl Fn(&mut State) -> Option<T>) -> T {
        poll_fn(|cx| {
            let mut state = self.state();
            if let Some(found) = look(&mut state) {
                return Poll::Ready(found);
            }
            state.reader = Some(cx.waker().clone());
            Poll::Pending
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(crate) fn held(&self) -> (usize, usize) {
        self.state().replay.held()
    }
}

/// Tells the reader, without the lock that it will take.
fn wake(mut state: MutexGuard<'_, State>) {
    let reader = state.reader.take();
    drop(state);
    if let Some(reader) = reader {
        reader.wake();
    }
}

impl State {
    fn pop(&mut self) -> Option<Outgoing> {
        let text = self.replay.pop().map(Outgoing::Text);
        text.or_else(|| self.closing.map(Outgoing::Close))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn outbox() -> Outbox {
        within(&QueueMemory::new(1000, 1))
    }

    fn within(memory: &Arc<QueueMemory>) -> Outbox {
        let limits = QueueLimits {
            messages: 3,
            bytes: 10,
        };
        Outbox::new(limits, Arc::clone(memory))
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
        assert_eq!(outbox.held(), (0, 0));
    }

    #[test]
    fn too_many_messages_overflow() {
        let outbox = outbox();
        for _ in 0..3 {
            outbox.push("".into()).unwrap();
        }
        assert_eq!(outbox.push("".into()), Err(Full));
        assert_eq!(outbox.held(), (0, 0));
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
        assert_eq!(outbox.held(), (0, 0));
        assert_eq!(outbox.push("ignored".into()), Ok(()));
        assert_eq!(outbox.held(), (0, 0));
    }

    #[test]
    fn what_all_hold_together_is_bounded() {
        let memory = QueueMemory::new(24, 4);
        let (greedy, other) = (within(&memory), within(&memory));
        let push = |outbox: &Outbox, text: &'static str| outbox.push_numbered(|_| text.into());
        assert_eq!(push(&greedy, "12345"), Ok(()));
        assert_eq!(push(&other, "1234567"), Ok(()));
        // What was sent is forgotten for it.
        next(&other);
        assert_eq!(push(&other, "123"), Ok(()));
        assert_eq!((other.forgotten(), memory.used()), (1, 8));
        assert_eq!(push(&greedy, "12345"), Err(Full));
        assert_eq!(next(&greedy), Some(Outgoing::Close(Closing::SlowReader)));
        assert_eq!(memory.used(), 3);
        drop((greedy, other));
        assert_eq!(memory.used(), 0);
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

    #[test]
    fn a_seat_that_is_taken_over_continues_elsewhere() {
        let (former, new) = (outbox(), outbox());
        former.push_numbered(|n| format!("n{n}").into()).unwrap();
        assert_eq!(next(&former), Some(Outgoing::Text("n1".into())));
        former.push("lost".into()).unwrap();
        former.push_numbered(|n| format!("n{n}").into()).unwrap();
        new.push("resumed".into()).unwrap();
        new.take_over(&former);
        former.close(Closing::Replaced);
        assert_eq!(next(&former), Some(Outgoing::Close(Closing::Replaced)));
        for expected in ["resumed", "n1", "n2"] {
            assert_eq!(next(&new), Some(Outgoing::Text(expected.into())));
        }
        assert_eq!(new.held(), (2, 4), "until they are acknowledged");
        assert_eq!(new.acknowledge(3), Err(NeverSent));
        assert_eq!(new.acknowledge(2), Ok(()));
        assert_eq!(new.held(), (0, 0));
    }
}
