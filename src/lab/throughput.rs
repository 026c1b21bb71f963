//! How fast one data channel is: a [`Tally`] of what was sent and what arrived, and [`run`],
//! which sends.
//!
//! The tally is pure. It also decides when a run is over, because not every channel can say so
//! itself: a message that marks the end may be lost on an unreliable channel, and may overtake
//! others on an unordered one.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;

use crate::error::JsError;
use crate::rtc::data_channel::DataChannel;
use crate::rtc::now_ms;

pub const MIB: u64 = 1024 * 1024;

/// Bytes in one message of a run: what every browser takes, and large enough that the single
/// message costs little.
pub const MESSAGE_SIZE: usize = 64 * 1024;

/// What a run's messages begin with; the run's number follows.
const MARK: [u8; 8] = *b"\xfethruput";
const HEADER: usize = MARK.len() + 4;

/// On a channel that may lose messages, the run is over when the queue is empty and nothing has
/// arrived for so long.
const QUIET_MS: f64 = 1_500.0;

/// On any channel, the run is given up when nothing has moved for so long.
const STALLED_MS: f64 = 15_000.0;

const LOOK_EVERY_MS: u32 = 200;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every byte arrived.
    Complete,
    /// Everything was sent and nothing more arrives, as an unreliable channel may have it.
    Lossy,
    /// For long, nothing was sent and nothing arrived.
    Stalled,
    Failed(JsError),
}

/// A run in numbers. Sizes are in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    pub(crate) total: u64,
    pub sent: u64,
    pub received: u64,
    /// From the first message sent to the last one received.
    pub(crate) elapsed_ms: f64,
}

impl Figures {
    /// MiB that arrived in a second; `None` before any did.
    pub fn mib_per_second(&self) -> Option<f64> {
        let mib = self.received as f64 / MIB as f64;
        (self.received > 0 && self.elapsed_ms > 0.0).then(|| mib * 1_000.0 / self.elapsed_ms)
    }
}

/// What one run sent and received.
pub struct Tally {
    number: u32,
    total: u64,
    lossy: bool,
    sent: u64,
    received: u64,
    began_ms: f64,
    last_received_ms: f64,
    last_moved_ms: f64,
    buffered: u32,
}

impl Tally {
    /// A run of so many MiB that begins now. `number` tells its messages from those of an
    /// earlier run that come late; `lossy` channels may give messages up.
    pub fn new(number: u32, mib: u32, lossy: bool, now_ms: f64) -> Self {
        Self {
            number,
            total: u64::from(mib) * MIB,
            lossy,
            sent: 0,
            received: 0,
            began_ms: now_ms,
            last_received_ms: now_ms,
            last_moved_ms: now_ms,
            buffered: 0,
        }
    }

    fn is_all_sent(&self) -> bool {
        self.sent >= self.total
    }

    fn handle_sent(&mut self, bytes: usize, now_ms: f64) {
        self.sent += bytes as u64;
        self.last_moved_ms = now_ms;
    }

    /// Counts a message of this run; one of another run is passed over.
    pub fn handle_received(&mut self, message: &[u8], now_ms: f64) {
        if number_of(message) == Some(self.number) {
            self.received += message.len() as u64;
            self.last_received_ms = now_ms;
            self.last_moved_ms = now_ms;
        }
    }

    /// Whether the run is over, given how many bytes wait in the send queue.
    fn poll_ending(&mut self, buffered: u32, now_ms: f64) -> Option<Ending> {
        if self.received >= self.total {
            return Some(Ending::Complete);
        }
        if self.buffered != buffered {
            self.buffered = buffered;
            self.last_moved_ms = now_ms;
        }
        let idle_ms = now_ms - self.last_moved_ms;
        let drained = self.is_all_sent() && buffered == 0;
        if self.lossy && drained && idle_ms >= QUIET_MS {
            return Some(Ending::Lossy);
        }
        (idle_ms >= STALLED_MS).then_some(Ending::Stalled)
    }

    pub fn figures(&self) -> Figures {
        Figures {
            total: self.total,
            sent: self.sent,
            received: self.received,
            elapsed_ms: self.last_received_ms - self.began_ms,
        }
    }
}

/// Whether a message belongs to some run, of whichever number.
pub(crate) fn is_of_a_run(message: &[u8]) -> bool {
    number_of(message).is_some()
}

fn number_of(message: &[u8]) -> Option<u32> {
    let number = message.strip_prefix(&MARK)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*number))
}

/// Sends what `tally` asks for over `channel`, never queueing much, until the run is over.
/// Each message that the other end receives is to be handed to [`Tally::handle_received`].
pub async fn run(channel: &DataChannel, tally: &RefCell<Tally>) -> Ending {
    let sending = pin!(send(channel, tally));
    let watching = pin!(watch(channel, tally));
    match select(sending, watching).await {
        Either::Left((Ok(()), watching)) => watching.await,
        Either::Left((Err(error), _)) => Ending::Failed(error),
        Either::Right((ending, _)) => ending,
    }
}

async fn send(channel: &DataChannel, tally: &RefCell<Tally>) -> Result<(), JsError> {
    let mut message = vec![0; MESSAGE_SIZE];
    message[..MARK.len()].copy_from_slice(&MARK);
    message[MARK.len()..HEADER].copy_from_slice(&tally.borrow().number.to_be_bytes());
    while !tally.borrow().is_all_sent() {
        channel.send_when_room(&message).await?;
        tally.borrow_mut().handle_sent(message.len(), now_ms());
    }
    Ok(())
}

async fn watch(channel: &DataChannel, tally: &RefCell<Tally>) -> Ending {
    loop {
        let buffered = channel.buffered_amount();
        if let Some(ending) = tally.borrow_mut().poll_ending(buffered, now_ms()) {
            return ending;
        }
        if !channel.is_open() {
            let error = JsError::new("InvalidStateError", "the channel was closed");
            return Ending::Failed(error);
        }
        TimeoutFuture::new(LOOK_EVERY_MS).await;
    }
}

/// A tally that both ends share: one counts what was sent, the other what was received.
pub(crate) type SharedTally = Rc<RefCell<Tally>>;

#[cfg(test)]
mod tests {
    use super::*;

    fn message(number: u32, size: usize) -> Vec<u8> {
        let mut message = [&MARK[..], &number.to_be_bytes()].concat();
        message.resize(size, 0);
        message
    }

    /// A run of 1 MiB that began at 100 and had sent everything at 200.
    fn sent_all(lossy: bool) -> Tally {
        let mut tally = Tally::new(7, 1, lossy, 100.0);
        while !tally.is_all_sent() {
            tally.handle_sent(MESSAGE_SIZE, 200.0);
        }
        tally
    }

    #[test]
    fn time_runs_from_the_first_message_sent_to_the_last_one_received() {
        let mut tally = sent_all(false);
        for step in 1..=16 {
            tally.handle_received(&message(7, MESSAGE_SIZE), 100.0 + f64::from(step) * 31.25);
        }
        assert_eq!(tally.poll_ending(0, 5_000.0), Some(Ending::Complete));
        assert_eq!(tally.figures().elapsed_ms, 500.0);
        assert_eq!(tally.figures().mib_per_second(), Some(2.0));
    }

    #[test]
    fn a_late_message_of_an_earlier_run_does_not_count() {
        let mut tally = sent_all(false);
        tally.handle_received(&message(6, MESSAGE_SIZE), 300.0);
        tally.handle_received(b"\x00\x01\x02", 300.0);
        assert_eq!(tally.figures().received, 0);
        assert_eq!(tally.figures().mib_per_second(), None);
        assert!(is_of_a_run(&message(6, HEADER)));
        assert!(!is_of_a_run(&message(6, HEADER)[..HEADER - 1]));
    }

    #[test]
    fn a_lossy_channel_ends_by_quiet_once_its_queue_is_empty() {
        let mut tally = sent_all(true);
        tally.handle_received(&message(7, MESSAGE_SIZE), 1_000.0);
        assert_eq!(tally.poll_ending(4_096, 1_100.0), None);
        assert_eq!(tally.poll_ending(4_096, 1_100.0 + QUIET_MS), None);
        assert_eq!(tally.poll_ending(0, 3_000.0), None);
        assert_eq!(tally.poll_ending(0, 2_999.0 + QUIET_MS), None);
        assert_eq!(
            tally.poll_ending(0, 3_000.0 + QUIET_MS),
            Some(Ending::Lossy)
        );
    }

    #[test]
    fn a_reliable_channel_is_waited_for_until_nothing_moves_at_all() {
        let mut tally = sent_all(false);
        assert_eq!(tally.poll_ending(0, 200.0 + QUIET_MS), None);
        assert_eq!(
            tally.poll_ending(0, 200.0 + STALLED_MS),
            Some(Ending::Stalled)
        );
    }

    #[test]
    fn a_queue_that_empties_is_not_stalled() {
        let mut tally = sent_all(false);
        for step in 1..10 {
            let now = f64::from(step) * (STALLED_MS - 1.0);
            assert_eq!(tally.poll_ending(1_000_000 - step as u32, now), None);
        }
    }
}
