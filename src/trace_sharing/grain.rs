//! How coarse a clock is, found out from what it says. Pure.
//!
//! Browsers round the time on purpose ([High Resolution Time, section
//! 7](https://www.w3.org/TR/hr-time-3/#clock-resolution)): to a tenth of a millisecond or to a whole one,
//! and those that resist fingerprinting to 16.67 or even 100. All that a clock says are multiples of its
//! grain, and so are the differences: the greatest number that divides all of them is the grain, or a
//! multiple of it as long as few are known.

/// None is known to be coarser, and one of which nothing is known may be so coarse.
const COARSEST_MS: f64 = 100.0;
/// No finer than this.
const FINEST_MS: f64 = 0.1;
/// Differences of so little are an accident of the numbers' own roundness.
const NOTHING_MS: f64 = 1e-3;
/// Between two readings that lie further apart it may be more than that.
const FAR_MS: f64 = 10_000.0;
/// No clock goes further.
pub(super) const FURTHEST_MS: f64 = 1e12;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Grain {
    last_ms: Option<f64>,
    /// What divides all differences so far.
    divisor_ms: Option<f64>,
}

impl Grain {
    /// The clock says this.
    pub(super) fn note(&mut self, reading_ms: f64) {
        let is_known = self.divisor_ms.is_some_and(|known| known <= FINEST_MS);
        if is_known || !(-FURTHEST_MS..=FURTHEST_MS).contains(&reading_ms) {
            return;
        }
        if let Some(last_ms) = self.last_ms.replace(reading_ms) {
            let difference = (reading_ms - last_ms).abs();
            if (NOTHING_MS..FAR_MS).contains(&difference) {
                let known = self.divisor_ms.unwrap_or(difference);
                let divisor = common_divisor(difference, known);
                // As exact as the difference is. It goes in at least once, whatever Euclid left over.
                let times = (difference / divisor).round().max(1.0);
                self.divisor_ms = Some(difference / times);
            }
        }
    }

    /// How far what the clock says may be from what it ought to say, either way.
    pub(super) fn ms(self) -> f64 {
        let known = self.divisor_ms.unwrap_or(COARSEST_MS);
        known.clamp(FINEST_MS, COARSEST_MS)
    }
}

/// Euclid's.
fn common_divisor(mut one: f64, mut other: f64) -> f64 {
    while other > NOTHING_MS {
        let rest = (one - other * (one / other).round()).abs();
        (one, other) = (other, rest);
    }
    one
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grain_of(readings: impl IntoIterator<Item = f64>) -> f64 {
        let mut grain = Grain::default();
        readings.into_iter().for_each(|reading| grain.note(reading));
        grain.ms()
    }

    #[test]
    fn of_what_is_not_known_the_coarsest_is_assumed() {
        assert_eq!(grain_of([]), COARSEST_MS);
        assert_eq!(grain_of([7.0, 7.0, 7.0]), COARSEST_MS);
        assert_eq!(grain_of([7.0, f64::NAN, f64::INFINITY, 1e300]), COARSEST_MS);
    }

    #[test]
    fn the_smallest_difference_after_a_large_one_is_known() {
        assert_eq!(grain_of([5.0, 0.0, 0.001]), FINEST_MS);
        assert_eq!(grain_of([5.0, 0.0, 0.001, 7.0, 7.25]), FINEST_MS);
    }

    proptest! {
        /// Whatever it is, never less; and not much more when enough is known.
        #[test]
        fn it_is_never_thought_finer_than_it_is(
            grain in prop::sample::select(vec![0.005, 0.1, 1.0, 16.667, 50.0 / 3.0, 20.0, 33.4, 100.0]),
            began in 0_u32..1_000_000,
            ticks in proptest::collection::vec(0_u32..500, 2..100),
        ) {
            let mut tick = began;
            let readings: Vec<_> = ticks.iter().map(|more| {
                tick += more;
                f64::from(tick) * grain
            }).collect();
            let known = grain_of(readings.iter().copied());
            prop_assert!(known >= grain - NOTHING_MS || ticks[1..].iter().all(|more| *more == 0), "{known}");
            // At 100 ms some lie further apart than is looked at.
            if ticks.len() > 60 {
                prop_assert!(known <= grain.max(FINEST_MS) * 1.001, "{known}");
            }
        }

        #[test]
        fn whatever_it_says_it_ends(readings in proptest::collection::vec(any::<f64>(), 0..50)) {
            let known = grain_of(readings);
            prop_assert!((FINEST_MS..=COARSEST_MS).contains(&known));
        }
    }
}
