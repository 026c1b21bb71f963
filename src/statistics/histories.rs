//! What all connections of a page measured, also those that ended a short while ago.

use std::collections::BTreeMap;

use super::report::Sample;
use super::timeline::{KEPT_MS, Timeline};

/// So many connections that ended are remembered; the newest.
const KEPT_ENDED: usize = 16;

/// One connection. `W` says which it is.
#[derive(Clone, Debug)]
pub(crate) struct History<W> {
    pub(crate) which: W,
    /// When it ended; `None` while it is open.
    pub(crate) ended_ms: Option<f64>,
    pub(crate) timeline: Timeline,
}

/// All of them, by a number that grows with each that is made.
#[derive(Clone, Debug)]
pub(crate) struct Histories<W>(BTreeMap<u64, History<W>>);

impl<W> Default for Histories<W> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<W> Histories<W> {
    /// Oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &History<W>)> {
        self.0.iter().map(|(number, history)| (*number, history))
    }

    pub(crate) fn get(&self, number: u64) -> Option<&History<W>> {
        self.0.get(&number)
    }

    /// A connection that is open; nothing happens if it is known.
    pub(crate) fn begin(&mut self, number: u64, which: W) {
        self.0.entry(number).or_insert_with(|| History {
            which,
            ended_ms: None,
            timeline: Timeline::live(),
        });
    }

    /// All that are open are among those that `is_open` knows.
    pub(crate) fn end_others(&mut self, is_open: impl Fn(u64) -> bool, now_ms: f64) {
        for (number, history) in &mut self.0 {
            if history.ended_ms.is_none() && !is_open(*number) {
                history.ended_ms = Some(now_ms);
            }
        }
    }

    pub(crate) fn push(&mut self, number: u64, sample: Sample) {
        if let Some(history) = self.0.get_mut(&number) {
            history.timeline.push(sample);
        }
    }

    /// Lets go of what ended long ago, of the oldest where too many ended, and of what ended
    /// without having measured anything.
    pub(crate) fn forget(&mut self, now_ms: f64) {
        self.0.retain(|_, history| {
            let of_use = |ended| now_ms - ended <= KEPT_MS && !history.timeline.is_empty();
            history.ended_ms.is_none_or(of_use)
        });
        let mut ended: Vec<_> = self
            .0
            .iter()
            .filter_map(|(number, history)| Some((history.ended_ms?, *number)))
            .collect();
        ended.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let too_many = ended.len().saturating_sub(KEPT_ENDED);
        for (_, number) in ended.into_iter().take(too_many) {
            self.0.remove(&number);
        }
    }

    /// Keeps those that `f` wants.
    pub(crate) fn retain(&mut self, mut f: impl FnMut(&History<W>) -> bool) {
        self.0.retain(|_, history| f(history));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::Report;

    fn sample(at_ms: f64) -> Sample {
        Sample {
            at_ms,
            stats: Report::default(),
        }
    }

    fn numbers<W>(histories: &Histories<W>) -> Vec<u64> {
        histories.iter().map(|(number, _)| number).collect()
    }

    #[test]
    fn what_ended_stays_for_five_minutes_though_another_has_its_name() {
        let mut histories = Histories::default();
        histories.begin(1, "Robin");
        histories.push(1, sample(0.0));
        histories.end_others(|_| false, 1_000.0);
        histories.begin(2, "Robin");
        histories.begin(2, "somebody else");
        histories.push(2, sample(2_000.0));
        histories.end_others(|number| number == 2, 2_000.0);
        histories.forget(301_000.0);
        assert_eq!(numbers(&histories), [1, 2]);
        assert_eq!(histories.get(1).unwrap().ended_ms, Some(1_000.0));
        assert_eq!(histories.get(2).unwrap().ended_ms, None);
        assert_eq!(histories.get(2).unwrap().which, "Robin");
        histories.forget(301_001.0);
        assert_eq!(numbers(&histories), [2]);
    }

    #[test]
    fn what_measured_nothing_is_not_worth_keeping() {
        let mut histories = Histories::default();
        histories.begin(1, ());
        histories.end_others(|_| false, 0.0);
        histories.forget(0.0);
        assert!(numbers(&histories).is_empty());
    }

    proptest! {
        #[test]
        fn the_newest_of_many_are_kept(ends in proptest::collection::vec(0_u32..100, 0..60)) {
            let mut histories = Histories::default();
            let mut now_ms = 0.0;
            let mut ended = Vec::new();
            for (number, wait) in (0_u64..).zip(ends) {
                now_ms += f64::from(wait);
                histories.begin(number, ());
                histories.push(number, sample(now_ms));
                // The last stays open.
                histories.end_others(|open| open == number, now_ms);
                histories.forget(now_ms);
                ended.push(number);
            }
            let open = ended.pop();
            let kept = ended.len().saturating_sub(KEPT_ENDED);
            let expected: Vec<_> = ended[kept..].iter().copied().chain(open).collect();
            prop_assert_eq!(numbers(&histories), expected);
        }
    }
}
