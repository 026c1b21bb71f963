//! How far two clocks are apart, found out by asking for the time
//! (RFC 5905, section 8). Pure.
//!
//! A question leaves at t1 by our clock, arrives at t2 by the other's, its answer leaves at t3 by the
//! other's and arrives at t4 by ours. Nothing arrives before it was sent, so the other's clock is ahead
//! by at most t2 − t1 and by at least t3 − t4. One exchange leaves as much room as its round trip
//! took; of several, each end of the narrowest room counts. What both clocks round away is room, too.
//!
//! A signal that both tell of is half an exchange and leaves room on one side only. With some in both
//! directions, signals stand in their order however slow and lopsided the answers were.

use std::collections::VecDeque;

use super::grain::{FURTHEST_MS, Grain};
use crate::trace::Direction;

/// So many answers are remembered.
pub(super) const KEPT: usize = 16;
/// How fast two clocks drift apart, at most: 50 millionths (RFC 5905 takes 15 for one).
const DRIFT: f64 = 50e-6;
/// An answer that took longer says nothing.
const LONGEST_MS: f64 = 10_000.0;

/// Question and answer; `sent` and `heard` by our clock, the others by the other's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) sent_ms: f64,
    pub(super) received_ms: f64,
    pub(super) answered_ms: f64,
    pub(super) heard_ms: f64,
}

/// A signal between the two, as we see it, and when each of them told of it by its own clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Passage {
    pub(super) direction: Direction,
    pub(super) own_ms: f64,
    pub(super) other_ms: f64,
}

/// What is known of the difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Offset {
    /// What the other's clock says, less what ours says at the same moment.
    pub ahead_ms: f64,
    /// How far that may be wrong, either way.
    pub error_ms: f64,
}

#[derive(Clone, Copy, Debug)]
struct Room {
    low: f64,
    high: f64,
    at_ms: f64,
}

impl Room {
    fn width(self) -> f64 {
        self.high - self.low
    }

    /// As it is at `now_ms`, where the clocks round so much away.
    fn aged(self, now_ms: f64, grains_ms: f64) -> Self {
        let more = (now_ms - self.at_ms).max(0.0) * DRIFT + grains_ms;
        Self {
            low: self.low - more,
            high: self.high + more,
            ..self
        }
    }

    fn meets(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    fn within(self, other: Self) -> Self {
        Self {
            low: self.low.max(other.low),
            high: self.high.min(other.high),
            ..self
        }
    }
}

/// The answers so far, as the clocks tell them, and how coarse both are.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    rooms: VecDeque<Room>,
    /// What the quickest signal to the other leaves, and the quickest from there.
    sent: Option<Room>,
    received: Option<Room>,
    own: Grain,
    other: Grain,
}

impl Clock {
    /// Our clock says this.
    pub(super) fn note_own(&mut self, reading_ms: f64) {
        self.own.note(reading_ms);
    }

    /// The other's clock said this.
    pub(super) fn note_other(&mut self, reading_ms: f64) {
        self.other.note(reading_ms);
    }

    /// An answer came; one that cannot be is ignored.
    pub(super) fn handle_sample(&mut self, sample: Sample) {
        let Sample {
            sent_ms,
            received_ms,
            answered_ms,
            heard_ms,
        } = sample;
        let times = [sent_ms, received_ms, answered_ms, heard_ms];
        let possible = times.iter().all(|time| time.abs() <= FURTHEST_MS);
        let took = heard_ms - sent_ms;
        if !possible || !(0.0..=LONGEST_MS).contains(&took) || answered_ms < received_ms {
            return;
        }
        for (own_ms, other_ms) in [(sent_ms, received_ms), (heard_ms, answered_ms)] {
            self.own.note(own_ms);
            self.other.note(other_ms);
        }
        let said = Room {
            low: answered_ms - heard_ms,
            high: received_ms - sent_ms,
            at_ms: heard_ms,
        };
        let grains_ms = self.grains_ms();
        let room = said.aged(heard_ms, grains_ms);
        // It cannot have taken longer there than here.
        if room.width() < 0.0 {
            return;
        }
        // What contradicts the newest is from before a clock was set or a computer slept.
        let agrees = |known: &Room| known.aged(heard_ms, grains_ms).meets(room);
        self.rooms.retain(agrees);
        self.sent = self.sent.filter(agrees);
        self.received = self.received.filter(agrees);
        if self.rooms.len() == KEPT {
            self.rooms.pop_front();
        }
        self.rooms.push_back(said);
    }

    /// Both told of a signal.
    pub(super) fn handle_passage(&mut self, passage: Passage) {
        let Passage {
            direction,
            own_ms,
            other_ms,
        } = passage;
        if !own_ms.is_finite() || !other_ms.is_finite() {
            return;
        }
        let ahead_ms = other_ms - own_ms;
        let said = Room {
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
            at_ms: own_ms,
        };
        let (known, said) = match direction {
            Direction::Sent => (
                &mut self.sent,
                Room {
                    high: ahead_ms,
                    ..said
                },
            ),
            Direction::Received => (
                &mut self.received,
                Room {
                    low: ahead_ms,
                    ..said
                },
            ),
        };
        let is_wider = |known: Room| {
            let known = known.aged(own_ms, 0.0);
            known.low <= said.low && said.high <= known.high
        };
        if known.is_none_or(is_wider) {
            *known = Some(said);
        }
    }

    /// How many answers it knows.
    pub(super) fn count(&self) -> usize {
        self.rooms.len()
    }

    /// What they say together at `now_ms`; `None` while none says what can be.
    pub(super) fn offset(&self, now_ms: f64) -> Option<Offset> {
        let grains_ms = self.grains_ms();
        // Since an answer came, a clock may have turned out to be too fine for what it said.
        let rooms = || {
            let aged = self.rooms.iter().map(|room| room.aged(now_ms, grains_ms));
            aged.filter(|room| room.width() >= 0.0)
        };
        let narrowest = rooms().min_by(|one, other| one.width().total_cmp(&other.width()))?;
        let common = rooms().fold(narrowest, Room::within);
        // All meet the newest, but perhaps not each other.
        let answered = if common.width() < 0.0 {
            narrowest
        } else {
            common
        };
        let passages = self.sent.into_iter().chain(self.received);
        let room = passages.fold(answered, |room, passage| {
            let narrower = room.within(passage.aged(now_ms, grains_ms));
            if narrower.width() < 0.0 {
                room
            } else {
                narrower
            }
        });
        Some(Offset {
            ahead_ms: f64::midpoint(room.low, room.high),
            error_ms: room.width() / 2.0,
        })
    }

    /// What either end of a room may be wrong by: it is the difference of two readings.
    fn grains_ms(&self) -> f64 {
        self.own.ms() + self.other.ms()
    }
}
