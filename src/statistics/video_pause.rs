//! When a network is too weak for the video of the own camera, so that audio gets through; and when to try
//! again. What is weak is decided by [`super::quality`]. Pure: time is an argument, in milliseconds.
//!
//! While video is paused, little is sent by which the network could be measured: only trying tells whether
//! it bears video again. Each try that fails makes the pause before the next twice as long.

/// For so long in all, less what was good meanwhile, the network is weak before video is paused …
const PATIENCE_MS: f64 = 8_000.0;
/// … and so long while it is tried again.
const TRIAL_PATIENCE_MS: f64 = 4_000.0;
const TRIAL_MS: f64 = 20_000.0;

/// Nothing was weak for so long before the first try, and before any at most.
const FIRST_CALM_MS: f64 = 15_000.0;
const LONGEST_CALM_MS: f64 = 240_000.0;

/// Video that was sent for so long was no failed try.
const LASTING_MS: f64 = 60_000.0;

/// What was last known holds no longer: timers of a page in the background are late.
const LONGEST_STEP_MS: f64 = 5_000.0;

/// Whether the video of the own camera is paused.
#[derive(Clone, Debug, Default)]
pub(crate) struct VideoPause {
    state: State,
    failures: i32,
    handled_at: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Sending {
        /// For how long it was weak.
        weak_ms: f64,
        /// Since it was tried again; endless where it was never paused.
        for_ms: f64,
    },
    Paused {
        calm_ms: f64,
    },
    /// A person wants it to be sent, whatever the network is like.
    SentAnyway {
        calm_ms: f64,
    },
}

impl Default for State {
    fn default() -> Self {
        Self::Sending {
            weak_ms: 0.0,
            for_ms: f64::INFINITY,
        }
    }
}

impl VideoPause {
    /// Whether what is sent arrives badly now; `None` while nobody knows.
    pub(crate) fn handle(&mut self, is_weak: Option<bool>, now: f64) {
        let step = now - self.handled_at.unwrap_or(now);
        let step = step.clamp(0.0, LONGEST_STEP_MS);
        self.handled_at = Some(now);
        match &mut self.state {
            State::Sending { weak_ms, for_ms } => {
                *for_ms += step;
                match is_weak {
                    Some(true) => *weak_ms += step,
                    Some(false) => *weak_ms = (*weak_ms - step).max(0.0),
                    None => {}
                }
                let patience = match *for_ms < TRIAL_MS {
                    true => TRIAL_PATIENCE_MS,
                    false => PATIENCE_MS,
                };
                if *weak_ms >= patience {
                    self.failures = match *for_ms < LASTING_MS {
                        true => self.failures + 1,
                        false => 0,
                    };
                    self.state = State::Paused { calm_ms: 0.0 };
                }
            }
            State::Paused { calm_ms } => {
                *calm_ms = calm_after(*calm_ms, is_weak, step);
                if *calm_ms >= longer(self.failures) {
                    self.state = State::Sending {
                        weak_ms: 0.0,
                        for_ms: 0.0,
                    };
                }
            }
            State::SentAnyway { calm_ms } => {
                *calm_ms = calm_after(*calm_ms, is_weak, step);
                if *calm_ms >= LASTING_MS {
                    self.state = State::default();
                }
            }
        }
    }

    /// A person wants video to be sent all the same, until the network was good for a while.
    pub(crate) fn handle_send_anyway(&mut self) {
        self.state = State::SentAnyway { calm_ms: 0.0 };
    }

    pub(crate) fn is_paused(&self) -> bool {
        matches!(self.state, State::Paused { .. })
    }
}

/// Who does not know waits no longer than who knows that it is good: trying tells.
fn calm_after(calm_ms: f64, is_weak: Option<bool>, step: f64) -> f64 {
    match is_weak {
        Some(true) => 0.0,
        _ => calm_ms + step,
    }
}

/// The pause before the next try.
fn longer(failures: i32) -> f64 {
    (FIRST_CALM_MS * 2_f64.powi(failures.min(10))).min(LONGEST_CALM_MS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EVERY_MS: f64 = 2_000.0;

    /// Says the same every two seconds for so many seconds, or until it is paused, or no more; returns
    /// after how many seconds.
    fn until(
        pause: &mut VideoPause,
        is_weak: Option<bool>,
        paused: bool,
        most_s: f64,
    ) -> Option<f64> {
        let begun = pause.handled_at.unwrap_or_default();
        pause.handle(is_weak, begun);
        while pause.is_paused() != paused {
            let now = pause.handled_at.unwrap_or_default() + EVERY_MS;
            if now - begun > most_s * 1000.0 {
                return None;
            }
            pause.handle(is_weak, now);
        }
        Some((pause.handled_at.unwrap_or_default() - begun) / 1000.0)
    }

    #[test]
    fn a_weak_network_pauses_video_and_a_good_one_resumes_it() {
        let mut pause = VideoPause::default();
        assert_eq!(until(&mut pause, Some(true), true, 60.0), Some(8.0));
        assert_eq!(until(&mut pause, Some(false), false, 60.0), Some(16.0));
        // It lasts.
        assert_eq!(until(&mut pause, Some(false), true, 600.0), None);
    }

    #[test]
    fn a_short_weakness_pauses_nothing() {
        let mut pause = VideoPause::default();
        for round in 0..100 {
            pause.handle(Some(round % 2 == 0), f64::from(round) * EVERY_MS);
            assert!(!pause.is_paused());
        }
    }

    #[test]
    fn each_try_that_fails_makes_the_next_pause_longer() {
        let mut pause = VideoPause::default();
        until(&mut pause, Some(true), true, 60.0);
        let mut pauses = Vec::new();
        for _ in 0..6 {
            pauses.push(until(&mut pause, Some(false), false, 600.0).unwrap());
            assert_eq!(until(&mut pause, Some(true), true, 60.0), Some(4.0));
        }
        assert_eq!(pauses, [16.0, 30.0, 60.0, 120.0, 240.0, 240.0]);
        // Until one lasts.
        until(&mut pause, Some(false), false, 600.0).unwrap();
        assert_eq!(until(&mut pause, Some(false), true, 60.0), None);
        assert_eq!(until(&mut pause, Some(true), true, 60.0), Some(8.0));
        assert_eq!(until(&mut pause, Some(false), false, 60.0), Some(16.0));
    }

    #[test]
    fn whoever_wants_to_send_anyway_does_until_the_network_was_good_for_a_minute() {
        let mut pause = VideoPause::default();
        until(&mut pause, Some(true), true, 60.0);
        pause.handle_send_anyway();
        assert_eq!(until(&mut pause, Some(true), true, 600.0), None);
        assert_eq!(until(&mut pause, Some(false), true, 60.0), None);
        assert_eq!(until(&mut pause, Some(true), true, 60.0), Some(8.0));
    }

    #[test]
    fn one_late_timer_is_no_long_weakness() {
        let mut pause = VideoPause::default();
        pause.handle(Some(true), 0.0);
        pause.handle(Some(true), 60_000.0);
        assert!(!pause.is_paused());
    }

    fn known() -> impl Strategy<Value = Option<bool>> {
        prop_oneof![Just(None), Just(Some(true)), Just(Some(false))]
    }

    /// What is known, and for how many reports.
    fn history() -> impl Strategy<Value = Vec<(Option<bool>, u32)>> {
        prop::collection::vec((known(), 1_u32..80), 0..40)
    }

    proptest! {
        /// However the network turns, video comes and goes slowly, and less often the more often it
        /// failed.
        #[test]
        fn it_does_not_flap(history in history()) {
            let mut pause = VideoPause::default();
            let mut now = 0.0;
            let mut changed: Vec<f64> = Vec::new();
            for (is_weak, reports) in history {
                for _ in 0..reports {
                    let was_paused = pause.is_paused();
                    now += EVERY_MS;
                    pause.handle(is_weak, now);
                    if pause.is_paused() != was_paused {
                        let least = if was_paused { FIRST_CALM_MS } else { TRIAL_PATIENCE_MS };
                        prop_assert!(changed.last().is_none_or(|last| now - last >= least));
                        changed.push(now);
                    }
                }
            }
            for (at, from) in changed.iter().enumerate() {
                let within = changed[at..].iter().filter(|to| **to - from < 600_000.0);
                prop_assert!(within.count() <= 18, "{changed:?}");
            }
        }

        /// Whatever happened, a network that stays good has video again, and one that stays weak has
        /// none.
        #[test]
        fn it_does_not_stick(history in history(), good in prop_oneof![Just(None), Just(Some(false))]) {
            let mut pause = VideoPause::default();
            let mut now = 0.0;
            for (is_weak, reports) in history {
                for _ in 0..reports {
                    now += EVERY_MS;
                    pause.handle(is_weak, now);
                }
            }
            let mut weak = pause.clone();
            prop_assert!(until(&mut pause, good, false, 242.0).is_some());
            prop_assert!(until(&mut weak, Some(true), true, 10.0).is_some());
        }
    }
}
