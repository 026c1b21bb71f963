//! Two people see what both their browsers do: the traces of both ends of one connection, shared.
//!
//! [`consent`] decides whether, [`clock`] finds out how far the two clocks are apart, [`TraceSharing`] is
//! all that goes to and comes from one other person, and [`merge`] makes one trace of several.
//! Pure: messages and times go in and come out; times are those of our own [trace](crate::trace).
//! What comes from the other is not believed: it is limited in size and number, and stands only where
//! that other person stands.

pub mod clock;
pub mod consent;
mod grain;
pub mod merge;
mod numbers;
mod outbox;
mod press;
mod session;
#[cfg(test)]
mod tests;
mod wire_entry;

use std::collections::VecDeque;

use signaling_protocol::TraceMessage;

use crate::trace::{Entry, Trace};
pub use clock::Offset;
use consent::Consent;
pub use consent::Standing;
pub use merge::Merge;
pub use press::{Press, Presses, is_press};
use session::{Session, UNSAID_PAUSE_MS};

/// What comes of it.
#[derive(Clone, Debug, PartialEq)]
pub enum TraceSharingEvent {
    /// Both agree.
    Began,
    /// What happened there, oldest first, by our clock; `connection` has its number there.
    Entries(Vec<Entry>),
    /// Everything there before this time was wire_entry.
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
pub struct TraceSharing {
    /// The other, as our trace calls it.
    other: String,
    consent: Consent,
    /// While both agree.
    session: Option<Session>,
    /// When to try again what could not be said of consent.
    retry_ms: Option<f64>,
    events: VecDeque<TraceSharingEvent>,
}

impl TraceSharing {
    pub fn new(other: &str) -> Self {
        Self {
            other: other.to_owned(),
            consent: Consent::default(),
            session: None,
            retry_ms: None,
            events: VecDeque::new(),
        }
    }

    pub fn handle_ask(&mut self, trace: &Trace) {
        self.consent.handle_ask();
        self.follow_consent(trace);
    }

    pub fn handle_accept(&mut self, trace: &Trace) {
        self.consent.handle_accept();
        self.follow_consent(trace);
    }

    pub fn handle_refuse(&mut self, trace: &Trace) {
        self.consent.handle_refuse(trace.now_ms());
        self.follow_consent(trace);
    }

    pub fn handle_stop(&mut self, trace: &Trace) {
        self.consent.handle_stop();
        self.follow_consent(trace);
    }

    /// The channel to the other is gone, or there is a new one.
    pub fn handle_closed(&mut self, trace: &Trace) {
        self.consent.handle_closed();
        self.retry_ms = None;
        self.follow_consent(trace);
    }

    /// What the other says.
    pub fn handle_message(&mut self, message: TraceMessage, trace: &Trace) {
        self.consent.handle_message(&message, trace.now_ms());
        self.follow_consent(trace);
        if let Some(session) = &mut self.session {
            session.handle_message(message, trace.now_ms());
        }
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub fn deadline(&self) -> Option<f64> {
        let session = self.session.as_ref().map(Session::deadline);
        session.into_iter().chain(self.retry_ms).reduce(f64::min)
    }

    /// `is_free` says whether the channel has nothing else to send.
    pub fn handle_timeout(&mut self, trace: &Trace, is_free: bool) {
        self.retry_ms = self.retry_ms.filter(|at| *at > trace.now_ms());
        if let Some(session) = &mut self.session {
            session.handle_timeout(trace, is_free);
        }
    }

    /// Says what there is to say; `say` tells whether it could. What could not of consent, and of what
    /// happened, is said after a pause; questions for the time, and their answers, are not said later.
    pub fn tell(&mut self, trace: &Trace, mut say: impl FnMut(TraceMessage) -> bool) {
        let is_said = self.tell_consent(trace.now_ms(), &mut say);
        match &mut self.session {
            Some(session) if is_said => session.tell(trace.now_ms(), &mut say),
            Some(session) => session.tell_nothing(trace.now_ms()),
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

    pub fn poll_event(&mut self) -> Option<TraceSharingEvent> {
        let event = self.events.pop_front();
        event.or_else(|| self.session.as_mut()?.poll_event())
    }

    pub fn view(&self) -> TraceSharingView {
        TraceSharingView {
            standing: self.consent.standing(),
            offset: self.session.as_ref().and_then(Session::offset),
        }
    }

    fn follow_consent(&mut self, trace: &Trace) {
        let shared = self.consent.standing() == Standing::Shared;
        if shared && self.session.is_none() {
            self.session = Some(Session::new(trace, &self.other));
            self.events.push_back(TraceSharingEvent::Began);
        } else if !shared && self.session.take().is_some() {
            self.events.push_back(TraceSharingEvent::Ended);
        }
    }
}
