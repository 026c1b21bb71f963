//! Two people see what both their browsers do: the traces of both peers of a connection, merged.
//!
//! `consent` decides whether, `clock` finds out how far the two clocks are apart, [`TraceSharing`] is
//! all that goes to and comes from one other person, and `merge` makes one trace of several.
//! Pure: messages and times go in and come out; times are those of our own [trace](crate::trace).
//! What comes from the other is not believed: it is limited in size and number, and stands only where
//! that other person stands.

mod clock;
mod consent;
mod conversation;
mod grain;
mod merge;
mod numbers;
mod outbox;
mod press;
#[cfg(test)]
mod tests;
mod wire_entry;

use std::collections::VecDeque;

use signaling_protocol::TraceMessage;

use crate::trace::{Entry, Trace};
pub(crate) use clock::Offset;
use consent::Consent;
pub use consent::Standing;
use conversation::{Conversation, UNSAID_PAUSE_MS};
pub use merge::Merge;
pub(crate) use press::{Press, Presses, is_press};

/// What comes of it.
#[derive(Clone, Debug, PartialEq)]
pub enum TraceSharingEvent {
    /// Both agree.
    Began,
    /// What happened there, oldest first, by our clock; `connection` has its number there.
    Entries(Vec<Entry>),
    /// Everything there before this time was sent.
    UpTo(f64),
    /// Nothing has come for a while, so nobody should wait for it.
    Silent,
    Ended,
}

/// For who shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TraceSharingView {
    pub standing: Standing,
    /// How far the other's clock is ahead; rounded, `None` until it is known.
    pub offset: Option<Offset>,
}

/// What we and one other person show each other.
#[derive(Debug)]
pub(crate) struct TraceSharing {
    /// The other, as our trace calls it.
    other: String,
    consent: Consent,
    /// While both agree.
    conversation: Option<Conversation>,
    /// When to try again what could not be said of consent.
    retry_ms: Option<f64>,
    events: VecDeque<TraceSharingEvent>,
}

impl TraceSharing {
    pub(crate) fn new(other: &str) -> Self {
        Self {
            other: other.to_owned(),
            consent: Consent::default(),
            conversation: None,
            retry_ms: None,
            events: VecDeque::new(),
        }
    }

    pub(crate) fn handle_ask(&mut self, trace: &Trace) {
        self.consent.handle_ask();
        self.follow_consent(trace);
    }

    pub(crate) fn handle_accept(&mut self, trace: &Trace) {
        self.consent.handle_accept();
        self.follow_consent(trace);
    }

    pub(crate) fn handle_refuse(&mut self, trace: &Trace) {
        self.consent.handle_refuse(trace.now_ms());
        self.follow_consent(trace);
    }

    pub(crate) fn handle_stop(&mut self, trace: &Trace) {
        self.consent.handle_stop();
        self.follow_consent(trace);
    }

    /// The channel to the other is gone, or there is a new one.
    pub(crate) fn handle_closed(&mut self, trace: &Trace) {
        self.consent.handle_closed();
        self.retry_ms = None;
        self.follow_consent(trace);
    }

    /// What the other says.
    pub(crate) fn handle_message(&mut self, message: TraceMessage, trace: &Trace) {
        self.consent.handle_message(&message, trace.now_ms());
        self.follow_consent(trace);
        if let Some(conversation) = &mut self.conversation {
            conversation.handle_message(message, trace);
        }
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(crate) fn deadline(&self) -> Option<f64> {
        let next = self.conversation.as_ref().map(Conversation::deadline);
        next.into_iter().chain(self.retry_ms).reduce(f64::min)
    }

    /// `is_free` says whether the channel has nothing else to send.
    pub(crate) fn handle_timeout(&mut self, trace: &Trace, is_free: bool) {
        self.retry_ms = self.retry_ms.filter(|at| *at > trace.now_ms());
        if let Some(conversation) = &mut self.conversation {
            conversation.handle_timeout(trace, is_free);
        }
    }

    /// Says what there is to say; `say` tells whether it could. What could not of consent, and of what
    /// happened, is said after a pause; questions for the time, and their answers, are not said later.
    pub(crate) fn tell(&mut self, trace: &Trace, mut say: impl FnMut(TraceMessage) -> bool) {
        let is_said = self.tell_consent(trace.now_ms(), &mut say);
        match &mut self.conversation {
            Some(conversation) if is_said => conversation.tell(trace.now_ms(), &mut say),
            Some(conversation) => conversation.tell_nothing(trace.now_ms()),
            None => {}
        }
    }

    /// Whether nothing of consent is left to be said.
    fn tell_consent(&mut self, now_ms: f64, say: &mut impl FnMut(TraceMessage) -> bool) -> bool {
        if self.retry_ms.is_some_and(|at| now_ms < at) {
            return false;
        }
        while let Some(message) = self.consent.poll_message() {
            if !say(message.clone()) {
                self.consent.handle_unsaid(message);
                self.retry_ms = Some(now_ms + UNSAID_PAUSE_MS);
                return false;
            }
        }
        self.retry_ms = None;
        true
    }

    pub(crate) fn poll_event(&mut self) -> Option<TraceSharingEvent> {
        let event = self.events.pop_front();
        event.or_else(|| self.conversation.as_mut()?.poll_event())
    }

    pub(crate) fn view(&self) -> TraceSharingView {
        TraceSharingView {
            standing: self.consent.standing(),
            offset: self.conversation.as_ref().and_then(Conversation::offset),
        }
    }

    fn follow_consent(&mut self, trace: &Trace) {
        let shared = self.consent.standing() == Standing::Shared;
        if shared && self.conversation.is_none() {
            self.conversation = Some(Conversation::new(trace, &self.other));
            self.events.push_back(TraceSharingEvent::Began);
        } else if !shared && self.conversation.take().is_some() {
            self.events.push_back(TraceSharingEvent::Ended);
        }
    }
}
