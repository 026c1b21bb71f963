//! Two people with a clock each, a channel between them and signals beside it, in memory.

mod clock;
mod consent;
mod flood;
mod merge;
mod outbox;

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use signaling_protocol::{SdpType, SessionDescription};

use super::*;
use crate::inspection::ladder::{Ladder, Shape};
use crate::recording::Recording;
use crate::trace::vocabulary::PAGE;
use crate::trace::{Direction, Payload, Side, Tracer};

const NAMES: [&str; 2] = ["k1m", "r0b1n"];

struct Person {
    trace: Trace,
    /// About the connection to the other.
    connection: Tracer,
    signaling: Tracer,
    trace_sharing: TraceSharing,
    merge: Merge,
}

impl Person {
    fn new(me: usize, clock: impl Fn() -> f64 + 'static) -> Self {
        let other = NAMES[1 - me];
        let trace = Trace::new(clock);
        let connection = trace.tracer(other).toward(other).for_connection();
        // What was before belongs to nobody else.
        trace.tracer("page").call("getUserMedia", "");
        connection.call("new RTCPeerConnection", "");
        Self {
            connection,
            signaling: trace.tracer("signaling"),
            trace,
            trace_sharing: TraceSharing::new(other),
            merge: Merge::default(),
        }
    }

    fn follow_own(&mut self) {
        let trace = &self.trace;
        self.merge
            .follow_own(trace.ids(), |ids, f| trace.each(ids, f));
    }

    fn signal(&self, direction: Direction, number: usize, other: usize) {
        let payload = Payload::Signal {
            direction,
            other: Some(NAMES[other].to_owned()),
            message: json!({ "number": number }),
        };
        self.signaling
            .with(payload)
            .signal("signal", number.to_string());
    }
}

struct World {
    now_ms: Rc<Cell<f64>>,
    people: [Person; 2],
    /// To each: when it arrives, and what.
    channel: [VecDeque<(f64, TraceMessage)>; 2],
    signals: [VecDeque<(f64, usize)>; 2],
    signaled: usize,
    /// How long the channel takes, to each.
    delays: [f64; 2],
    /// What is sent is lost.
    is_cut: bool,
    /// What is sent arrives later.
    is_held: bool,
    /// Nothing can be sent.
    is_full: bool,
    /// The second answers no question for the time.
    is_timeless: bool,
}

impl World {
    /// The second's trace began `began_ms` before the first's.
    fn new(began_ms: f64, delays: [f64; 2]) -> Self {
        Self::rounded(began_ms, delays, 0.0)
    }

    /// Both clocks know only multiples of this.
    fn rounded(began_ms: f64, delays: [f64; 2], grain_ms: f64) -> Self {
        let now_ms = Rc::new(Cell::new(0.0));
        let clock = |ahead: f64| {
            let now_ms = now_ms.clone();
            // The first reading is the trace's beginning.
            let first = Cell::new(true);
            move || match first.replace(false) {
                true => 0.0,
                false if grain_ms > 0.0 => ((now_ms.get() + ahead) / grain_ms).floor() * grain_ms,
                false => now_ms.get() + ahead,
            }
        };
        Self {
            people: [Person::new(0, clock(0.0)), Person::new(1, clock(began_ms))],
            now_ms: now_ms.clone(),
            channel: Default::default(),
            signals: Default::default(),
            signaled: 0,
            delays,
            is_cut: false,
            is_held: false,
            is_full: false,
            is_timeless: false,
        }
    }

    fn step(&mut self, ms: f64) {
        let now = self.now_ms.get() + ms;
        self.now_ms.set(now);
        for me in [0, 1] {
            while self.signals[me].front().is_some_and(|(at, _)| *at <= now) {
                if let Some((_, number)) = self.signals[me].pop_front() {
                    self.people[me].signal(Direction::Received, number, 1 - me);
                }
            }
            while !self.is_held && self.channel[me].front().is_some_and(|(at, _)| *at <= now) {
                if let Some((_, message)) = self.channel[me].pop_front() {
                    let person = &mut self.people[me];
                    person.trace_sharing.handle_message(message, &person.trace);
                }
            }
            let person = &mut self.people[me];
            let due = person.trace_sharing.deadline();
            if due.is_some_and(|due| due <= person.trace.now_ms()) {
                person.trace_sharing.handle_timeout(&person.trace, true);
            }
            person.trace_sharing.tell(&person.trace, |message| {
                let is_answer = matches!(message, TraceMessage::Echo { .. });
                if !(self.is_full || self.is_cut || self.is_timeless && me == 1 && is_answer) {
                    self.channel[1 - me].push_back((now + self.delays[1 - me], message));
                }
                !self.is_full
            });
            person.follow_own();
            while let Some(event) = person.trace_sharing.poll_event() {
                person.merge.handle_event(NAMES[1 - me], event);
                person.follow_own();
            }
        }
    }

    fn run(&mut self, ms: f64) {
        let end = self.now_ms.get() + ms;
        while self.now_ms.get() < end {
            self.step(3.0);
        }
    }

    fn send_signal(&mut self, me: usize, takes_ms: f64) {
        self.people[me].signal(Direction::Sent, self.signaled, 1 - me);
        let before = self.signals[1 - me].back().map_or(0.0, |(at, _)| *at);
        let at = (self.now_ms.get() + takes_ms).max(before);
        self.signals[1 - me].push_back((at, self.signaled));
        self.signaled += 1;
    }

    fn agree(&mut self) {
        let [one, other] = &mut self.people;
        one.trace_sharing.handle_ask(&one.trace);
        other.trace_sharing.handle_ask(&other.trace);
    }

    fn merged(&self, me: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        let merge = &self.people[me].merge;
        merge.each(merge.ids(), |entry| entries.push(entry.clone()));
        entries
    }
}

/// What an entry says, without where it stands.
fn words(entry: &Entry) -> String {
    format!("{} {} {}", entry.kind.as_str(), entry.name, entry.detail)
}

fn is_own(entry: &Entry) -> bool {
    let to_us = entry.connection.as_ref().and_then(|of| of.to.as_deref()) == Some(PAGE);
    let with_us = matches!(
        entry.payload.as_deref(),
        Some(Payload::Signal { other, .. }) if other.as_deref() == Some(PAGE)
    );
    !to_us && !with_us
}
