//! PURE: from samples to medians, spreads, ratios and whether a goal is reached.

use std::fmt;

/// What was measured of one thing, in our page and in the one beside it.
#[derive(Debug, Default)]
pub(crate) struct Samples {
    pub(crate) ours: Vec<f64>,
    /// Empty where the goal is a figure, not a ratio.
    pub(crate) theirs: Vec<f64>,
}

/// What shall be reached. Smaller is better, except for [`Goal::LeastOfTheirs`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Goal {
    /// Our median divided by theirs is at most this.
    MostOfTheirs(f64),
    /// Our median divided by theirs is at least this.
    LeastOfTheirs(f64),
    /// Our median is at most this.
    Most(f64),
}

/// A row of the report.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) title: String,
    pub(crate) unit: &'static str,
    pub(crate) goal: Goal,
    pub(crate) samples: Samples,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { title, unit, .. } = self;
        let ours = Spread::of(&self.samples.ours);
        let theirs = Spread::of(&self.samples.theirs);
        write!(f, "{title:<58} ours {ours} {unit}")?;
        let (value, sign, limit) = match self.goal {
            Goal::Most(limit) => (ours.median(), "<=", limit),
            Goal::MostOfTheirs(limit) => (ours.ratio_to(&theirs), "<=", limit),
            Goal::LeastOfTheirs(limit) => (ours.ratio_to(&theirs), ">=", limit),
        };
        if !matches!(self.goal, Goal::Most(_)) {
            write!(f, ", theirs {theirs} {unit}")?;
        }
        let Some(value) = value else {
            return f.write_str(": not measured");
        };
        let reached = match self.goal {
            Goal::LeastOfTheirs(_) => value >= limit,
            _ => value <= limit,
        };
        let reached = if reached { "reached" } else { "MISSED" };
        write!(f, ": {value:.2}, goal {sign} {limit}: {reached}")
    }
}

/// The middle one of some values, the smallest and the largest.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spread(Option<[f64; 3]>);

impl Spread {
    fn of(values: &[f64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (Some(&least), Some(&most)) = (sorted.first(), sorted.last()) else {
            return Self(None);
        };
        let middle = sorted.len() / 2;
        let median = match sorted.len() % 2 {
            1 => sorted[middle],
            _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
        };
        Self(Some([least, median, most]))
    }

    fn median(&self) -> Option<f64> {
        self.0.map(|[_, median, _]| median)
    }

    fn ratio_to(&self, other: &Self) -> Option<f64> {
        let (ours, theirs) = self.median().zip(other.median())?;
        (theirs > 0.0).then(|| ours / theirs)
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some([least, median, most]) => write!(f, "{median:.1} ({least:.1} to {most:.1})"),
            None => f.write_str("-"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(goal: Goal, ours: &[f64], theirs: &[f64]) -> String {
        let samples = Samples {
            ours: ours.to_vec(),
            theirs: theirs.to_vec(),
        };
        let title = "Join".to_owned();
        let row = Row {
            title,
            unit: "ms",
            goal,
            samples,
        };
        row.to_string()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn a_ratio_is_that_of_the_medians() {
        let text = row(Goal::MostOfTheirs(0.9), &[30.0, 10.0, 20.0], &[40.0, 20.0]);
        let expected = "Join ours 20.0 (10.0 to 30.0) ms, theirs 30.0 (20.0 to 40.0) ms: 0.67, goal <= 0.9: reached";
        assert_eq!(text, expected);
        assert!(row(Goal::MostOfTheirs(0.9), &[10.0], &[10.0]).ends_with("MISSED"));
        assert!(row(Goal::LeastOfTheirs(1.0), &[12.0], &[10.0]).ends_with("reached"));
        assert!(row(Goal::LeastOfTheirs(1.0), &[8.0], &[10.0]).ends_with("MISSED"));
    }

    #[test]
    fn a_figure_needs_nobody_beside_it() {
        let text = row(Goal::Most(300.0), &[301.0], &[]);
        let expected = "Join ours 301.0 (301.0 to 301.0) ms: 301.00, goal <= 300: MISSED";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_was_not_measured_is_no_success() {
        assert!(row(Goal::MostOfTheirs(1.0), &[1.0], &[]).ends_with("not measured"));
        assert!(row(Goal::Most(1.0), &[], &[]).ends_with("not measured"));
    }
}
