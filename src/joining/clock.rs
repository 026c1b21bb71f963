//! How far two clocks are apart, found out by asking for the time
//! (RFC 5905, section 8). Pure.
//!
//! A question leaves at t1 by our clock, arrives at t2 by the other's, its answer leaves at t3 by the
//! other's and arrives at t4 by ours. Nothing arrives before it was sent, so the other's clock is ahead
//! by at most t2 − t1 and by at least t3 − t4. One exchange leaves as much room as its round trip
//! took; of several, each end of the narrowest room counts.

use std::collections::VecDeque;

/// So many answers are remembered.
const KEPT: usize = 16;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample(sent: f64, ahead: f64, there: f64, thinking: f64, back: f64) -> Sample {
        let received = sent + there + ahead;
        Sample {
            sent_ms: sent,
            received_ms: received,
            answered_ms: received + thinking,
            heard_ms: sent + there + thinking + back,
        }
    }

    #[test]
    fn the_quickest_answers_count() {
        let mut clock = Clock::default();
        assert_eq!(clock.offset(0.0), None);
        clock.handle_sample(sample(0.05, 500.0, 1.0, 0.0, 80.0));
        clock.handle_sample(sample(100.05, 500.0, 90.0, 0.0, 1.0));
        let offset = clock.offset(191.05).unwrap();
        assert!((offset.ahead_ms - 500.0).abs() < 0.01, "{offset:?}");
        assert!(offset.error_ms < 1.3, "{offset:?}");
    }

    #[test]
    fn what_cannot_be_is_ignored() {
        let fine = sample(0.05, 500.0, 1.0, 0.0, 1.0);
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300] {
            let mut clock = Clock::default();
            for times in [
                Sample {
                    sent_ms: wrong,
                    ..fine
                },
                Sample {
                    received_ms: wrong,
                    ..fine
                },
                Sample {
                    answered_ms: wrong,
                    ..fine
                },
                Sample {
                    heard_ms: wrong,
                    ..fine
                },
            ] {
                clock.handle_sample(times);
            }
            assert!(clock.is_empty(), "{wrong}");
        }
        let mut clock = Clock::default();
        // Answered before it came; took longer there than here.
        clock.handle_sample(Sample {
            answered_ms: 500.0,
            ..fine
        });
        clock.handle_sample(Sample {
            answered_ms: 9000.0,
            ..fine
        });
        assert!(clock.is_empty());
    }

    #[test]
    fn a_clock_that_was_set_is_believed_anew() {
        let mut clock = Clock::default();
        clock.handle_sample(sample(0.05, 500.0, 5.0, 0.0, 5.0));
        clock.handle_sample(sample(1000.05, -900.0, 1.0, 0.0, 1.0));
        let offset = clock.offset(1002.05).unwrap();
        assert!((offset.ahead_ms + 900.0).abs() <= offset.error_ms);
        // Also where the answer takes longer than those before.
        clock.handle_sample(sample(2000.05, 70_000.0, 12.0, 0.0, 9.0));
        let offset = clock.offset(2021.05).unwrap();
        assert!((offset.ahead_ms - 70_000.0).abs() <= offset.error_ms);
    }

    proptest! {
        /// Whatever the delays, rounded as browsers do.
        #[test]
        fn the_truth_is_within_the_error(
            ahead in -1e9..1e9_f64,
            drift in -50e-6..50e-6_f64,
            exchanges in proptest::collection::vec(
                (0.0..5_000.0_f64, 0.0..300.0_f64, 0.0..20.0_f64, 0.0..300.0_f64), 1..40),
            grain_here in prop::sample::select(vec![0.1, 1.0]),
            grain_there in prop::sample::select(vec![0.1, 1.0]),
        ) {
            let mut clock = Clock::default();
            let mut now = 0.0;
            let there = |time: f64| ((time * (1.0 + drift) + ahead) / grain_there).floor() * grain_there;
            let here = |time: f64| (time / grain_here).floor() * grain_here;
            for (pause, out, thinking, back) in exchanges {
                let sent = now + pause;
                now = sent + out + thinking + back;
                clock.handle_sample(Sample {
                    sent_ms: here(sent),
                    received_ms: there(sent + out),
                    answered_ms: there(sent + out + thinking),
                    heard_ms: here(now),
                });
                let offset = clock.offset(now).unwrap();
                let truth = ahead + now * drift;
                // Times as large as these are exact to a millionth.
                prop_assert!(
                    (offset.ahead_ms - truth).abs() <= offset.error_ms + 1e-3,
                    "{offset:?}, {truth}"
                );
            }
        }

        #[test]
        fn nothing_that_is_said_breaks_it(
            times in proptest::collection::vec(any::<[f64; 4]>(), 0..40),
        ) {
            let mut clock = Clock::default();
            for [sent_ms, received_ms, answered_ms, heard_ms] in times {
                clock.handle_sample(Sample { sent_ms, received_ms, answered_ms, heard_ms });
                if let Some(offset) = clock.offset(heard_ms) {
                    prop_assert!(offset.ahead_ms.is_finite() && offset.error_ms >= 0.0);
                }
            }
            prop_assert!(clock.len() <= KEPT);
        }
    }
}
