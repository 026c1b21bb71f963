//! What two people who agreed tell each other: the time, and what happened. Pure.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::Value;
use signaling_protocol::TraceMessage;

use super::TraceSharingEvent;
use super::clock::{Clock, Offset, Passage, Sample};
use super::outbox::Outbox;
use super::{merge, wire_entry};
use crate::trace::{Direction, Entry, Payload, Trace};

/// Between two messages of entries, and while more of them wait.
const BATCH_PAUSE_MS: f64 = 250.0;
const NEXT_BATCH_PAUSE_MS: f64 = 40.0;
/// Questions for the time: some at once, then now and then, because clocks drift.
const FIRST_PROBES: usize = 6;
const FIRST_PROBE_PAUSE_MS: f64 = 60.0;
const PROBE_PAUSE_MS: f64 = 5_000.0;
/// So many answers are enough to begin with, or so long a wait with at least one.
const ENOUGH_SAMPLES: usize = 4;
const ENOUGH_WAIT_MS: f64 = 1_500.0;
/// So many of our entries tell how coarse our clock is.
const NEWEST_READINGS: u64 = 100;
/// Who says nothing for so long is not waited for.
const SILENT_MS: f64 = 2_000.0;
/// What could not be said is tried again after this time, and not before.
pub(super) const UNSAID_PAUSE_MS: f64 = 1_000.0;
/// More messages do not wait to be said.
const MOST_MESSAGES: usize = 16;
/// More entries in one message are not read.
const MOST_IN_A_MESSAGE: usize = 500;
/// More of the other's signals are not looked for in our own trace.
const MOST_PASSAGES: usize = 64;

#[derive(Debug)]
pub(super) struct Conversation {
    peer: Arc<str>,
    began_ms: f64,
    clock: Clock,
    /// How many of the other's signals were looked for in our own trace.
    passages: usize,
    /// What the other's clock said first: what happened there before is told once and early.
    first_reading_ms: Option<f64>,
    /// What is known of it, where that is enough to begin with.
    offset: Option<Offset>,
    probes: usize,
    next_probe_ms: f64,
    outbox: Outbox,
    next_batch_ms: f64,
    /// By the other's clock: what came before ours was known to differ from it by how much.
    early: VecDeque<Entry>,
    early_bytes: usize,
    early_up_to_ms: Option<f64>,
    /// The time of the newest of the other's entries, by our clock.
    newest_ms: f64,
    /// Up to which time all was sent, by our clock, and when it was last more than before.
    told_up_to_ms: f64,
    heard_ms: f64,
    silent: bool,
    messages: VecDeque<TraceMessage>,
    events: VecDeque<TraceSharingEvent>,
}

impl Conversation {
    pub(super) fn new(trace: &Trace, other: &str) -> Self {
        let now_ms = trace.now_ms();
        let mut clock = Clock::default();
        let newest = trace.ids().end.saturating_sub(NEWEST_READINGS)..trace.ids().end;
        trace.each(newest, |entry| clock.note_own(entry.at_ms));
        Self {
            peer: Arc::from(other),
            began_ms: now_ms,
            clock,
            passages: 0,
            first_reading_ms: None,
            offset: None,
            probes: 0,
            next_probe_ms: now_ms,
            outbox: Outbox::new(trace, other),
            next_batch_ms: now_ms,
            early: VecDeque::new(),
            early_bytes: 0,
            early_up_to_ms: None,
            newest_ms: 0.0,
            told_up_to_ms: f64::NEG_INFINITY,
            heard_ms: now_ms,
            silent: false,
            messages: VecDeque::new(),
            events: VecDeque::new(),
        }
    }

    pub(super) fn deadline(&self) -> f64 {
        let next = self.next_probe_ms.min(self.next_batch_ms);
        if self.silent {
            next
        } else {
            next.min(self.heard_ms + SILENT_MS)
        }
    }

    pub(super) fn handle_timeout(&mut self, trace: &Trace, is_free: bool) {
        let now_ms = trace.now_ms();
        self.clock.note_own(now_ms);
        if now_ms >= self.next_probe_ms {
            self.probes += 1;
            let pause = match self.probes < FIRST_PROBES {
                true => FIRST_PROBE_PAUSE_MS,
                false => PROBE_PAUSE_MS,
            };
            self.next_probe_ms = now_ms + pause;
            // A question that waits for other messages measures those.
            if is_free {
                self.queue(TraceMessage::Probe { at_ms: now_ms });
            }
        }
        if now_ms >= self.next_batch_ms {
            // One at a time, so that it can be taken back.
            let is_free = is_free && !self.messages.iter().any(has_entries);
            let more = !is_free || {
                let (message, more) = self.outbox.batch(trace);
                self.messages.push_back(message);
                more
            };
            self.next_batch_ms = now_ms
                + match more {
                    true => NEXT_BATCH_PAUSE_MS,
                    false => BATCH_PAUSE_MS,
                };
        }
        if !self.silent && now_ms >= self.heard_ms + SILENT_MS {
            self.silent = true;
            self.events.push_back(TraceSharingEvent::Silent);
        }
        self.settle(now_ms);
    }

    pub(super) fn handle_message(&mut self, message: TraceMessage, trace: &Trace) {
        let now_ms = trace.now_ms();
        match message {
            TraceMessage::Probe { at_ms } => {
                self.clock.note_other(at_ms);
                self.queue(TraceMessage::Echo {
                    probe_at_ms: at_ms,
                    received_at_ms: now_ms,
                    at_ms: now_ms,
                });
            }
            TraceMessage::Echo {
                probe_at_ms,
                received_at_ms,
                at_ms,
            } => {
                self.first_reading_ms.get_or_insert(received_at_ms);
                self.clock.handle_sample(Sample {
                    sent_ms: probe_at_ms,
                    received_ms: received_at_ms,
                    answered_ms: at_ms,
                    heard_ms: now_ms,
                });
                self.settle(now_ms);
            }
            TraceMessage::Entries { entries, up_to_ms } => {
                self.take_in(entries, up_to_ms, trace);
            }
            // About consent.
            TraceMessage::Ask { .. }
            | TraceMessage::Accept { .. }
            | TraceMessage::Refuse { .. }
            | TraceMessage::Stop => {}
        }
    }

    /// What could not be said of the time is of no use later: the questions are asked anew.
    fn forget_times(&mut self, now_ms: f64, unsaid: usize) {
        let waiting = self.messages.iter().filter(|it| is_question(it)).count();
        let unsaid = unsaid + waiting;
        self.messages.retain(has_entries);
        if unsaid > 0 {
            self.probes = self.probes.saturating_sub(unsaid);
            self.next_probe_ms = now_ms + UNSAID_PAUSE_MS;
        }
    }

    /// Nothing can be said now.
    pub(super) fn tell_nothing(&mut self, now_ms: f64) {
        self.forget_times(now_ms, 0);
    }

    /// Says what there is to say, until something cannot be said.
    pub(super) fn tell(&mut self, now_ms: f64, say: &mut impl FnMut(TraceMessage) -> bool) {
        while let Some(message) = self.messages.pop_front() {
            let (has_entries, is_question) = (has_entries(&message), is_question(&message));
            if say(message) {
                continue;
            }
            if has_entries {
                self.outbox.take_back();
                self.next_batch_ms = now_ms + UNSAID_PAUSE_MS;
            }
            self.forget_times(now_ms, usize::from(is_question));
            return;
        }
    }

    pub(super) fn poll_event(&mut self) -> Option<TraceSharingEvent> {
        self.events.pop_front()
    }

    /// Rounded to what people read, so that it is not always another one.
    pub(super) fn offset(&self) -> Option<Offset> {
        let tenths = |ms: f64| (ms * 10.0).round() / 10.0;
        self.offset.map(|offset| Offset {
            ahead_ms: tenths(offset.ahead_ms),
            error_ms: (offset.error_ms * 10.0).ceil() / 10.0,
        })
    }

    fn queue(&mut self, message: TraceMessage) {
        if self.messages.len() < MOST_MESSAGES {
            self.messages.push_back(message);
        }
    }

    fn take_in(&mut self, entries: Vec<Value>, up_to_ms: f64, trace: &Trace) {
        let read = entries.into_iter().take(MOST_IN_A_MESSAGE);
        let read = read.filter_map(|value| wire_entry::read(value, &self.peer));
        let read: Vec<_> = read.collect();
        self.compare_signals(&read, trace);
        for entry in read {
            self.clock.note_other(entry.at_ms);
            self.early_bytes += merge::bytes(&entry);
            self.early.push_back(entry);
        }
        // Only somebody who does not tell the time can send so much beforehand.
        while self.early.len() > Trace::CAPACITY || self.early_bytes > Trace::PAYLOAD_BYTES {
            let Some(oldest) = self.early.pop_front() else {
                break;
            };
            self.early_bytes -= merge::bytes(&oldest);
        }
        if up_to_ms.is_finite() {
            self.early_up_to_ms = Some(up_to_ms);
        }
        self.settle(trace.now_ms());
    }

    /// Finds the other's signals in our own trace, where their other half is.
    fn compare_signals(&mut self, entries: &[Entry], trace: &Trace) {
        let mut signals = entries.iter().filter_map(signal).peekable();
        if signals.peek().is_none() || self.passages >= MOST_PASSAGES {
            return;
        }
        let mut own = Vec::new();
        trace.each(trace.ids(), |entry| {
            if wire_entry::concerns(entry, &self.peer) && signal(entry).is_some() {
                own.push(entry.clone());
            }
        });
        for (direction, message, other_ms) in signals.take(MOST_PASSAGES - self.passages) {
            self.passages += 1;
            let mut same = own
                .iter()
                .filter_map(signal)
                .filter(|own| own.0 != direction && own.1 == message);
            // Which of several it was, nobody knows.
            if let (Some((direction, _, own_ms)), None) = (same.next(), same.next()) {
                self.clock.handle_passage(Passage {
                    direction,
                    own_ms,
                    other_ms,
                });
            }
        }
    }

    /// Looks whether enough is known of the clock, and what is known now.
    fn settle(&mut self, now_ms: f64) {
        // What is still to come of the past may have signals that tell more of the clock.
        let past_is_told = self.first_reading_ms <= self.early_up_to_ms;
        let enough = self.clock.count() >= ENOUGH_SAMPLES && past_is_told
            || now_ms >= self.began_ms + ENOUGH_WAIT_MS;
        if enough || self.offset.is_some() {
            self.offset = self.clock.offset(now_ms);
            self.pass_on(now_ms);
        }
    }

    /// What happened there, by our clock. Nothing happened before our trace began or is still to come,
    /// and the order stays, also when more is known of the clock.
    fn pass_on(&mut self, now_ms: f64) {
        let Some(offset) = self.offset else {
            return;
        };
        self.early_bytes = 0;
        let entries: Vec<_> = self
            .early
            .drain(..)
            .map(|entry| {
                let at_ms = (entry.at_ms - offset.ahead_ms).clamp(0.0, now_ms.max(0.0));
                self.newest_ms = self.newest_ms.max(at_ms);
                Entry {
                    at_ms: self.newest_ms,
                    ..entry
                }
            })
            .collect();
        if !entries.is_empty() {
            self.events.push_back(TraceSharingEvent::Entries(entries));
        }
        if let Some(up_to_ms) = self.early_up_to_ms.take() {
            let up_to_ms = up_to_ms - offset.ahead_ms;
            // Who only talks, and tells nothing new, is not waited for, either.
            if up_to_ms > self.told_up_to_ms {
                self.told_up_to_ms = up_to_ms;
                self.heard_ms = now_ms;
                self.silent = false;
            }
            self.events.push_back(TraceSharingEvent::UpTo(up_to_ms));
        }
    }
}

/// What a signal says, which way it went and when.
fn signal(entry: &Entry) -> Option<(Direction, &Value, f64)> {
    match entry.payload.as_deref()? {
        Payload::Signal {
            direction, message, ..
        } => Some((*direction, message, entry.at_ms)),
        _ => None,
    }
}

fn is_question(message: &TraceMessage) -> bool {
    matches!(message, TraceMessage::Probe { .. })
}

fn has_entries(message: &TraceMessage) -> bool {
    matches!(message, TraceMessage::Entries { .. })
}
