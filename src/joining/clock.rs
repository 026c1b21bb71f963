//! How far two clocks are apart, found out by asking for the time
//! (RFC 5905, section 8). Pure.
//!
//! A question leaves at t1 by our clock, arrives at t2 by the other's, its answer leaves at t3 by the
//! other's and arrives at t4 by ours. Nothing arrives before it was sent, so the other's clock is ahead
//! by at most t2 − t1 and by at least t3 − t4. One exchange leaves as much room as its round trip
//! took; of several, each end of the narrowest room counts.

use std::collections::VecDeque;

/// So many answers are remembered.
pub(super) const KEPT: usize = 16;
/// How fast two clocks drift apart, at most: 50 millionths (RFC 5905 takes 15 for one).
const DRIFT: f64 = 50e-6;
/// An answer that took longer says nothing.
const LONGEST_MS: f64 = 10_000.0;
/// No clock goes further.
const FURTHEST_MS: f64 = 1e12;
/// Browsers round the time on purpose: to a tenth of a millisecond, or to a whole one.
const FINE_MS: f64 = 0.1;
const COARSE_MS: f64 = 1.0;

/// Question and answer; `sent` and `heard` by our clock, the others by the other's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    pub sent_ms: f64,
    pub received_ms: f64,
    pub answered_ms: f64,
    pub heard_ms: f64,
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

    fn aged(self, now_ms: f64) -> Self {
        let drift = (now_ms - self.at_ms).max(0.0) * DRIFT;
        Self {
            low: self.low - drift,
            high: self.high + drift,
            ..self
        }
    }
}

/// The answers so far.
#[derive(Clone, Debug, Default)]
pub struct Clock(VecDeque<Room>);

impl Clock {
    /// An answer came; one that cannot be is ignored.
    pub fn handle_sample(&mut self, sample: Sample) {
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
        let room = Room {
            low: answered_ms - heard_ms - grain(answered_ms) - grain(heard_ms),
            high: received_ms - sent_ms + grain(received_ms) + grain(sent_ms),
            at_ms: heard_ms,
        };
        // It cannot have taken longer there than here.
        if room.width() < 0.0 {
            return;
        }
        // What contradicts the newest is from before a clock was set or a computer slept.
        self.0.retain(|known| {
            let known = known.aged(heard_ms);
            known.low <= room.high && room.low <= known.high
        });
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(room);
    }

    /// How many answers it knows.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What they say together at `now_ms`; `None` before the first.
    pub fn offset(&self, now_ms: f64) -> Option<Offset> {
        let rooms = || self.0.iter().map(|room| room.aged(now_ms));
        let narrowest = rooms().min_by(|one, other| one.width().total_cmp(&other.width()))?;
        let common = rooms().fold(narrowest, |common, room| Room {
            low: common.low.max(room.low),
            high: common.high.min(room.high),
            ..common
        });
        // All meet the newest, but perhaps not each other.
        let room = if common.width() < 0.0 {
            narrowest
        } else {
            common
        };
        Some(Offset {
            ahead_ms: f64::midpoint(room.low, room.high),
            error_ms: room.width() / 2.0,
        })
    }
}

/// How coarse the clock is that gave this time.
fn grain(time_ms: f64) -> f64 {
    if time_ms.fract() == 0.0 {
        COARSE_MS
    } else {
        FINE_MS
    }
}
