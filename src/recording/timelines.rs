//! The samples of a recording, read once and looked at up to any time.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::recording;
use crate::statistics::{Report, Sample, Timeline};

/// All that was measured, by connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timelines(BTreeMap<u32, Timeline>);

impl Timelines {
    /// In any order. A recording made elsewhere may have anything in place of a report; that is
    /// left out.
    pub(crate) fn new(samples: &[recording::Sample]) -> Self {
        let mut samples: Vec<_> = samples.iter().collect();
        samples.sort_by(|one, other| one.at_ms.total_cmp(&other.at_ms));
        let mut timelines = BTreeMap::new();
        for sample in samples {
            if let Ok(stats) = Report::deserialize(&sample.stats) {
                timelines
                    .entry(sample.connection)
                    .or_insert_with(|| Timeline::recorded([]))
                    .push(Sample {
                        at_ms: sample.at_ms,
                        stats,
                    });
            }
        }
        Self(timelines)
    }

    /// The connections that were measured before this time.
    pub(crate) fn connections(&self, until_ms: f64) -> Vec<u32> {
        let numbers = self.0.keys().copied();
        numbers
            .filter(|number| self.count(*number, until_ms) > 0)
            .collect()
    }

    /// How many samples a connection had before this time.
    pub(crate) fn count(&self, number: u32, until_ms: f64) -> usize {
        let timeline = self.0.get(&number);
        timeline.map_or(0, |timeline| timeline.count_before(until_ms))
    }

    /// What a connection had measured when it had `count` samples.
    pub(crate) fn timeline(&self, number: u32, count: usize) -> Timeline {
        let timeline = self.0.get(&number);
        timeline.map_or_else(|| Timeline::recorded([]), |timeline| timeline.until(count))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn sample(connection: u32, at_ms: f64) -> recording::Sample {
        recording::Sample {
            at_ms,
            connection,
            stats: json!([
                { "id": "D", "type": "data-channel", "timestamp": at_ms, "messagesSent": at_ms }
            ]),
        }
    }

    #[test]
    fn what_is_no_report_is_left_out() {
        let mut nonsense = sample(7, 1.0);
        nonsense.stats = json!("nonsense");
        let recorded = Timelines::new(&[nonsense, sample(3, 5.0), sample(2, 9.0)]);
        assert_eq!(recorded.connections(f64::INFINITY), [2, 3]);
        assert_eq!(recorded.connections(9.0), [3]);
        assert_eq!(recorded.count(7, f64::INFINITY), 0);
        assert!(recorded.timeline(7, 1).is_empty());
    }

    proptest! {
        #[test]
        fn at_each_time_it_is_what_was_measured_before(
            samples in proptest::collection::vec((0_u32..3, 0_u32..40), 0..40),
            until in 0_u32..42,
        ) {
            let samples: Vec<_> = samples
                .into_iter()
                .map(|(connection, at)| sample(connection, f64::from(at)))
                .collect();
            let recorded = Timelines::new(&samples);
            let until = f64::from(until);
            for number in 0..3 {
                let mut times: Vec<_> = samples
                    .iter()
                    .filter(|sample| sample.connection == number && sample.at_ms < until)
                    .map(|sample| sample.at_ms)
                    .collect();
                times.sort_by(f64::total_cmp);
                times.dedup();
                let count = recorded.count(number, until);
                prop_assert_eq!(count, times.len());
                prop_assert_eq!(recorded.connections(until).contains(&number), count > 0);
                let timeline = recorded.timeline(number, count);
                prop_assert!(timeline.times().eq(times));
            }
        }
    }
}
