//! The samples of one connection, and the lines they make.

use std::collections::{BTreeMap, VecDeque};

use super::interval::{self, Stream};
use super::measure::Measure;
use super::report::Sample;

/// How far back a live page looks, in milliseconds.
pub(crate) const KEPT_MS: f64 = 300_000.0;

/// The same in samples, one a second. In the background a tab samples more rarely.
const KEPT: usize = 300;

type Line = VecDeque<Option<f64>>;

/// Samples, oldest first, and what was measured between each and the one before.
#[derive(Clone, Debug)]
pub struct Timeline {
    samples: VecDeque<Sample>,
    /// Each as long as there are samples.
    lines: BTreeMap<(Stream, Measure), Line>,
    bounded: bool,
}

impl Timeline {
    /// Empty; it keeps the last five minutes.
    pub(crate) fn live() -> Self {
        Self {
            samples: VecDeque::new(),
            lines: BTreeMap::new(),
            bounded: true,
        }
    }

    /// Of a recording, however long.
    pub(crate) fn recorded(samples: impl IntoIterator<Item = Sample>) -> Self {
        let mut timeline = Self {
            bounded: false,
            ..Self::live()
        };
        for sample in samples {
            timeline.push(sample);
        }
        timeline
    }

    /// What it was when it had its first `count` samples.
    #[must_use]
    pub(crate) fn until(&self, count: usize) -> Self {
        let lines = self.lines.iter().filter_map(|(of, line)| {
            let line: Line = line.iter().take(count).copied().collect();
            // What had not been measured yet was no line.
            let measured = line.iter().any(Option::is_some);
            measured.then(|| (of.clone(), line))
        });
        Self {
            samples: self.samples.iter().take(count).cloned().collect(),
            lines: lines.collect(),
            bounded: self.bounded,
        }
    }

    /// Takes in the next sample; one that is not newer than the newest is passed over.
    pub(crate) fn push(&mut self, mut sample: Sample) {
        let newest = self.samples.back();
        let in_order = newest.is_none_or(|newest| sample.at_ms > newest.at_ms);
        if !in_order || !sample.at_ms.is_finite() {
            return;
        }
        let readings = match newest {
            Some(newest) => {
                sample.stats = sample.stats.share(&newest.stats);
                interval::between(newest, &sample)
            }
            None => Vec::new(),
        };
        let length = self.samples.len();
        self.samples.push_back(sample);
        for (stream, measure, value) in readings {
            let line = self.lines.entry((stream, measure)).or_default();
            line.resize(length, None);
            line.push_back(Some(value));
        }
        for line in self.lines.values_mut() {
            line.resize(length + 1, None);
        }
        if self.bounded {
            self.forget();
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    pub(crate) fn newest(&self) -> Option<&Sample> {
        self.samples.back()
    }

    pub fn samples(&self) -> impl DoubleEndedIterator<Item = &Sample> + ExactSizeIterator {
        self.samples.iter()
    }

    /// When the samples were taken.
    pub(crate) fn times(&self) -> impl DoubleEndedIterator<Item = f64> + ExactSizeIterator {
        self.samples.iter().map(|sample| sample.at_ms)
    }

    /// What has been measured in the time that is kept, sorted.
    pub(crate) fn measured(&self) -> impl Iterator<Item = (&Stream, Measure)> {
        self.lines
            .keys()
            .map(|(stream, measure)| (stream, *measure))
    }

    /// The values at [`Self::times`], `None` where there was none.
    pub(crate) fn line(&self, stream: &Stream, measure: Measure) -> Vec<Option<f64>> {
        let line = self.lines.get(&(stream.clone(), measure));
        line.map_or_else(Vec::new, |line| line.iter().copied().collect())
    }

    /// The value at a sample, or the newest before it that still holds: some come every few
    /// seconds only.
    pub(crate) fn value(&self, stream: &Stream, measure: Measure, index: usize) -> Option<f64> {
        let line = self.lines.get(&(stream.clone(), measure))?;
        let at_ms = self.samples.get(index)?.at_ms;
        let holds = (0..=index).rev().take_while(|&index| {
            let time = self.samples.get(index).map(|sample| sample.at_ms);
            time.is_some_and(|time| at_ms - time <= super::plot::BRIDGED_MS)
        });
        holds.into_iter().find_map(|index| *line.get(index)?)
    }

    /// The newest sample at or before this time.
    pub(crate) fn index_at(&self, at_ms: f64) -> Option<usize> {
        self.times().rposition(|time| time <= at_ms)
    }

    /// How many samples were taken before this time.
    pub(crate) fn count_before(&self, at_ms: f64) -> usize {
        self.samples.partition_point(|sample| sample.at_ms < at_ms)
    }

    fn forget(&mut self) {
        let Some(newest) = self.samples.back().map(|newest| newest.at_ms) else {
            return;
        };
        while self.samples.len() > KEPT
            || self
                .samples
                .front()
                .is_some_and(|oldest| newest - oldest.at_ms > KEPT_MS)
        {
            self.samples.pop_front();
            for line in self.lines.values_mut() {
                line.pop_front();
            }
        }
        // Of streams that ended so long ago that nothing is left of them.
        self.lines
            .retain(|_, line| line.iter().any(Option::is_some));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::interval::{Direction, Kind};
    use super::super::testdata::{chromium, firefox};
    use super::*;

    fn sample(at_ms: f64, json: &str) -> Sample {
        Sample {
            at_ms,
            stats: super::super::Report::from_json(json).unwrap(),
        }
    }

    #[test]
    fn lines_are_as_long_as_the_samples() {
        for recording in [chromium(), firefox()] {
            let timeline = Timeline::recorded(recording.local);
            assert!(timeline.measured().count() > 10);
            for (stream, measure) in timeline.measured() {
                assert_eq!(timeline.line(stream, measure).len(), 3);
            }
        }
    }

    #[test]
    fn only_five_minutes_are_kept_and_streams_that_ended_are_forgotten() {
        let mut timeline = Timeline::live();
        let channel = |second: u32| {
            format!(
                r#"[{{"id":"D","type":"data-channel","timestamp":{0},"messagesSent":{0}}}]"#,
                second * 1000
            )
        };
        for second in 0..10 {
            timeline.push(sample(f64::from(second) * 1000.0, &channel(second)));
        }
        let stream = timeline.measured().next().unwrap().0.clone();
        assert_eq!(
            (stream.kind, stream.direction),
            (Kind::Data, Direction::Sent)
        );
        let line = timeline.line(&stream, Measure::Messages);
        assert_eq!(line[0], None);
        assert!(line[1..].iter().all(|value| *value == Some(1000.0)));
        for second in 10..309 {
            timeline.push(sample(f64::from(second) * 1000.0, "[]"));
        }
        assert_eq!(timeline.samples().len(), KEPT);
        assert_eq!(timeline.measured().count(), 1);
        timeline.push(sample(309_000.0, "[]"));
        assert_eq!(timeline.measured().count(), 0);
        // A tab that slept.
        timeline.push(sample(1e9, "[]"));
        assert_eq!(timeline.times().collect::<Vec<_>>(), [1e9]);
    }

    #[test]
    fn a_value_holds_for_a_few_seconds() {
        let report = |count| {
            format!(
                r#"[{{"id":"D","type":"data-channel","timestamp":{count},"messagesSent":{count}}}]"#
            )
        };
        let mut timeline =
            Timeline::recorded([sample(0.0, &report(1000)), sample(1000.0, &report(2000))]);
        let stream = timeline.measured().next().unwrap().0.clone();
        timeline.push(sample(8000.0, "[]"));
        timeline.push(sample(8001.0, "[]"));
        let values = [0, 1, 2, 3, 4].map(|index| timeline.value(&stream, Measure::Messages, index));
        assert_eq!(values, [None, Some(1000.0), Some(1000.0), None, None]);
    }

    #[test]
    fn a_time_finds_its_sample() {
        let timeline = Timeline::recorded([sample(10.0, "[]"), sample(20.0, "[]")]);
        assert_eq!(timeline.index_at(9.9), None);
        assert_eq!(timeline.index_at(10.0), Some(0));
        assert_eq!(timeline.index_at(25.0), Some(1));
    }

    #[test]
    fn the_beginning_is_as_it_was_then() {
        for recording in [chromium(), firefox()] {
            let whole = Timeline::recorded(recording.local.clone());
            for count in 0..=3 {
                let then = Timeline::recorded(recording.local[..count].iter().cloned());
                let again = whole.until(count);
                assert!(again.samples().eq(then.samples()));
                assert!(again.measured().eq(then.measured()));
                for (stream, measure) in then.measured() {
                    assert_eq!(again.line(stream, measure), then.line(stream, measure));
                }
            }
        }
    }

    proptest! {
        /// Whatever order and content, the samples are in order and the lines fit them.
        #[test]
        fn times_only_grow(times in proptest::collection::vec(-1e6..1e6_f64, 0..50)) {
            let mut timeline = Timeline::live();
            for (index, at_ms) in times.into_iter().enumerate() {
                let json = format!(
                    r#"[{{"id":"D","type":"data-channel","timestamp":{at_ms},"bytesSent":{index}}}]"#
                );
                timeline.push(sample(at_ms, &json));
            }
            let times: Vec<_> = timeline.times().collect();
            prop_assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
            for (stream, measure) in timeline.measured() {
                let line = timeline.line(stream, measure);
                prop_assert_eq!(line.len(), times.len());
                prop_assert!(line.iter().flatten().all(|value| value.is_finite()));
            }
        }
    }
}
