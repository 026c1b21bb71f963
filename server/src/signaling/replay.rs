//! PURE: the messages for one client, in order: those that wait to be sent, and those that were
//! sent and may have to be sent again.
//!
//! Contract:
//! - Numbered messages have the numbers 1, 2, 3, … since [`Replay::new`] or [`Replay::end`].
//!   Each is kept from its push to its acknowledgement, also across [`Replay::rewind`], which makes
//!   all that is kept wait again.
//! - Messages without a number are for the connection that is there now: sent once, lost with it.
//! - Over the bounds, its own or those of all queues, what was sent already is forgotten first, the
//!   oldest before the others; what was never sent is not forgotten: the push fails.
//! - Nothing kept and nothing waiting means no memory held.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;

use crate::signaling::queue_memory::{QueueMemory, QueueShare};

#[cfg(test)]
mod tests;

/// The bounds of one queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueLimits {
    pub(crate) messages: usize,
    pub(crate) bytes: usize,
}

/// There is no place for one more message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// An acknowledgement that cannot be true: for a message that was never sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NeverSent;

#[derive(Debug)]
pub(crate) struct Replay {
    waiting: VecDeque<Waiting>,
    /// Sent, without an acknowledgement yet: the numbers up to [`Self::sent`], without a gap.
    kept: VecDeque<Utf8Bytes>,
    /// Of both queues.
    share: QueueShare,
    /// The number of the last numbered message.
    last: u64,
    /// The number of the last one that was sent.
    sent: u64,
}

#[derive(Debug)]
struct Waiting {
    text: Utf8Bytes,
    numbered: bool,
}

impl Replay {
    pub(crate) fn new(memory: Arc<QueueMemory>) -> Self {
        Self {
            waiting: VecDeque::new(),
            kept: VecDeque::new(),
            share: QueueShare::new(memory),
            last: 0,
            sent: 0,
        }
    }

    /// Everything; what stays is new.
    pub(crate) fn take(&mut self) -> Self {
        let new = Self::new(Arc::clone(self.share.memory()));
        std::mem::replace(self, new)
    }

    /// Appends a message for the present connection only.
    pub(crate) fn push(&mut self, text: Utf8Bytes, limits: QueueLimits) -> Result<(), Full> {
        self.append(text, false, limits)
    }

    /// Appends a message of the room; `text` gets its number.
    pub(crate) fn push_numbered(
        &mut self,
        text: impl FnOnce(u64) -> Utf8Bytes,
        limits: QueueLimits,
    ) -> Result<(), Full> {
        let number = self.last + 1;
        self.append(text(number), true, limits)?;
        self.last = number;
        Ok(())
    }

    /// The next message to send.
    pub(crate) fn pop(&mut self) -> Option<Utf8Bytes> {
        let Some(Waiting { text, numbered }) = self.waiting.pop_front() else {
            // An idle connection keeps no memory for the burst it once had.
            self.waiting = VecDeque::new();
            return None;
        };
        if numbered {
            self.sent += 1;
            self.kept.push_back(text.clone());
        } else {
            self.share.sub(text.len());
        }
        Some(text)
    }

    /// All messages up to the number `received` have arrived.
    pub(crate) fn acknowledge(&mut self, received: u64) -> Result<(), NeverSent> {
        if received > self.sent {
            return Err(NeverSent);
        }
        while self.forgotten() < received {
            self.forget_oldest();
        }
        if self.kept.is_empty() {
            self.kept = VecDeque::new();
        }
        Ok(())
    }

    /// The greatest number that cannot be sent again.
    pub(crate) fn forgotten(&self) -> u64 {
        self.sent - self.kept.len() as u64
    }

    /// The connection is lost, and what was for it alone. What it sent may have arrived.
    pub(crate) fn detach(&mut self) {
        self.waiting.retain(|message| message.numbered);
        self.waiting.shrink_to_fit();
        self.count_bytes();
    }

    /// There is another connection: what was sent and has no acknowledgement waits again.
    pub(crate) fn rewind(&mut self) {
        self.detach();
        self.sent = self.forgotten();
        let kept = std::mem::take(&mut self.kept).into_iter();
        let again = kept.map(|text| Waiting {
            text,
            numbered: true,
        });
        let waiting = std::mem::take(&mut self.waiting);
        self.waiting = again.chain(waiting).collect();
    }

    /// Puts what waits in `first`, which must have nothing numbered, before everything here.
    pub(crate) fn prepend(&mut self, first: Self) {
        let mut waiting = first.waiting;
        waiting.append(&mut self.waiting);
        self.waiting = waiting;
        self.share.add(first.share.bytes());
    }

    /// The numbering is over: what waits is sent, nothing is kept, and the next number is 1.
    pub(crate) fn end(&mut self) {
        for message in &mut self.waiting {
            message.numbered = false;
        }
        self.kept = VecDeque::new();
        self.last = 0;
        self.sent = 0;
        self.count_bytes();
    }

    /// Messages and bytes that are held.
    pub(crate) fn held(&self) -> (usize, usize) {
        (self.waiting.len() + self.kept.len(), self.share.bytes())
    }

    fn append(&mut self, text: Utf8Bytes, numbered: bool, limits: QueueLimits) -> Result<(), Full> {
        let more = text.len();
        let full = |replay: &Self| {
            let (messages, bytes) = replay.held();
            messages >= limits.messages
                || bytes + more > limits.bytes
                || !replay.share.has_room_for(more)
        };
        while full(self) {
            if !self.forget_oldest() {
                return Err(Full);
            }
        }
        self.share.add(more);
        self.waiting.push_back(Waiting { text, numbered });
        Ok(())
    }

    /// Whether there was one.
    fn forget_oldest(&mut self) -> bool {
        let oldest = self.kept.pop_front();
        self.share.sub(oldest.as_ref().map_or(0, |text| text.len()));
        oldest.is_some()
    }

    /// After some may have been dropped.
    fn count_bytes(&mut self) {
        let waiting = self.waiting.iter().map(|message| message.text.len());
        let held: usize = waiting.chain(self.kept.iter().map(|text| text.len())).sum();
        self.share.sub(self.share.bytes() - held);
    }
}
