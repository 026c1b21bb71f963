//! PURE: from what the load generator printed to medians, ratios and whether targets are reached.

use std::fmt::Write;

use super::peers::NAMES;

/// What is compared. Smaller is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Figure {
    Memory,
    CpuSaturated,
    CpuSteady,
    P99Saturated,
    P99Steady,
    /// As the saturated ones, of 50 calls between two.
    CpuPairs,
    P99Pairs,
}

impl Figure {
    pub(crate) const ALL: [Self; 7] = [
        Self::Memory,
        Self::CpuSaturated,
        Self::CpuSteady,
        Self::P99Saturated,
        Self::P99Steady,
        Self::CpuPairs,
        Self::P99Pairs,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Memory => "memory per idle connection, KiB",
            Self::CpuSaturated => "CPU per message, saturated, µs",
            Self::CpuSteady => "CPU per message, steady, µs",
            Self::P99Saturated => "latency p99, saturated, ms",
            Self::P99Steady => "latency p99, steady, ms",
            Self::CpuPairs => "CPU per message, 50 pairs, µs",
            Self::P99Pairs => "latency p99, 50 pairs, ms",
        }
    }

    /// From one line of JSON of the load generator; its units become ours.
    pub(crate) fn read(self, json: &str) -> Option<f64> {
        match self {
            Self::Memory => Some(number(json, "memory_per_connection")? / 1024.0),
            Self::CpuSaturated | Self::CpuSteady | Self::CpuPairs => {
                number(json, "cpu_us_per_message")
            }
            Self::P99Saturated | Self::P99Steady | Self::P99Pairs => {
                Some(number(json, "p99_us")? / 1000.0)
            }
        }
    }

    /// What our figure may be at most, as a multiple of which others: the targets of this
    /// project.
    fn targets(self) -> &'static [(f64, &'static [usize])] {
        match self {
            Self::Memory => &[(0.35, &[1]), (0.6, &[2])],
            Self::CpuSaturated => &[(0.25, &[1]), (0.7, &[3])],
            Self::P99Saturated | Self::P99Pairs => &[(0.5, &[1, 2, 3])],
            Self::CpuPairs => &[(0.4, &[1])],
            Self::CpuSteady | Self::P99Steady => &[],
        }
    }
}

/// All that was measured of one figure: for each server, in the order of [`NAMES`].
pub(crate) type Samples = [Vec<f64>; 4];

/// The value of a number in a flat JSON object.
pub(crate) fn number(json: &str, key: &str) -> Option<f64> {
    let (_, rest) = json.split_once(&format!("\"{key}\":"))?;
    let end = rest.find([',', '}'])?;
    rest[..end].trim().parse().ok()
}

/// The middle one; of an even number the mean of the two in the middle.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle).copied()?;
    Some(if sorted.len() % 2 == 1 {
        upper
    } else {
        f64::midpoint(sorted[middle - 1], upper)
    })
}

/// The medians of all figures, a row each.
pub(crate) fn table(all: &[(Figure, Samples)]) -> String {
    let mut text = format!("{:<34}", "median");
    // Writing to a string cannot fail.
    for name in NAMES {
        let _ = write!(text, " {name:>12}");
    }
    for (figure, samples) in all {
        let _ = write!(text, "\n{:<34}", figure.title());
        for values in samples {
            let cell = median(values).map_or("-".to_owned(), |value| format!("{value:.2}"));
            let _ = write!(text, " {cell:>12}");
        }
    }
    text
}

/// Each target, its ratio, and whether it is reached.
pub(crate) fn verdicts(all: &[(Figure, Samples)]) -> String {
    let mut text = String::new();
    for (figure, samples) in all {
        let [ours, ..] = samples;
        for (limit, others) in figure.targets() {
            let best = others.iter().filter_map(|other| {
                let value = median(&samples[*other])?;
                Some((NAMES[*other], value))
            });
            let best = best.min_by(|a, b| a.1.total_cmp(&b.1));
            let Some((ours, (name, best))) = median(ours).zip(best) else {
                let _ = writeln!(text, "{}: not measured", figure.title());
                continue;
            };
            let ratio = ours / best;
            let reached = if ratio <= *limit { "reached" } else { "MISSED" };
            let _ = writeln!(
                text,
                "{}: {ratio:.2} of {name}, at most {limit}: {reached}",
                figure.title()
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"dialect":"peerjs","held":4,"lost":0,"p99_us":2500,"cpu_us_per_message":17.5,"memory_per_connection":null,"failures":[]}"#;

    #[test]
    fn figures_are_read_in_our_units() {
        assert_eq!(Figure::P99Steady.read(JSON), Some(2.5));
        assert_eq!(Figure::CpuSaturated.read(JSON), Some(17.5));
        assert_eq!(Figure::Memory.read(JSON), None, "it was not measured");
        assert_eq!(number(JSON, "held"), Some(4.0));
        assert_eq!(number(JSON, "nothing"), None);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }

    #[test]
    fn targets_are_reached_or_missed() {
        let samples = |ours| [vec![ours], vec![20.0], vec![10.0], vec![100.0]];
        let text = verdicts(&[(Figure::Memory, samples(6.5))]);
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                "memory per idle connection, KiB: 0.33 of socket.io, at most 0.35: reached",
                "memory per idle connection, KiB: 0.65 of PeerJS, at most 0.6: MISSED",
            ]
        );
        let best = verdicts(&[(Figure::P99Saturated, samples(5.0))]);
        assert!(
            best.contains("0.50 of PeerJS, at most 0.5: reached"),
            "{best}"
        );
    }

    #[test]
    fn what_was_not_measured_is_no_success() {
        let none = [vec![], vec![], vec![], vec![]];
        assert!(verdicts(&[(Figure::Memory, none)]).contains("not measured"));
    }
}
