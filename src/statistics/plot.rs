//! Lines as SVG paths. Where there is no value, there is no line.

use crate::decimal::decimal;

use std::fmt::Write;

/// The drawing's size in its own units; the view stretches it.
pub(crate) const WIDTH: f64 = 300.0;
pub(crate) const HEIGHT: f64 = 60.0;

/// The line stays off the edges, which would cut its width in half.
const MARGIN: f64 = 2.0;

/// A line may bridge so many milliseconds without a value: between two reports of the other end
/// lie up to about six seconds, and in the background a tab samples once a minute.
pub(crate) const BRIDGED_MS: f64 = 7_000.0;

/// The part of time that a chart shows: the shortest of these that holds everything, so that the
/// line of a young connection is not squeezed into a corner.
const SPANS_MS: [f64; 3] = [60_000.0, 120_000.0, 300_000.0];

/// From when to when, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Window {
    pub(crate) from_ms: f64,
    pub(crate) to_ms: f64,
}

impl Window {
    pub(crate) fn around(first_ms: f64, last_ms: f64) -> Self {
        let length = last_ms - first_ms;
        let span = SPANS_MS.into_iter().find(|span| *span >= length);
        Self {
            from_ms: last_ms - span.unwrap_or(length),
            to_ms: last_ms,
        }
    }

    /// Of the width, from 0 to 1.
    pub(crate) fn part(self, at_ms: f64) -> f64 {
        ((at_ms - self.from_ms) / (self.to_ms - self.from_ms)).clamp(0.0, 1.0)
    }

    /// The inverse of [`Self::part`].
    pub(crate) fn at(self, part: f64) -> f64 {
        self.from_ms + part.clamp(0.0, 1.0) * (self.to_ms - self.from_ms)
    }

    /// “−2 min”, for the axis.
    pub(crate) fn label(self) -> String {
        ago(self.to_ms - self.from_ms)
    }
}

/// “−12 s”, “−2 min” or “now”.
pub(crate) fn ago(ms: f64) -> String {
    let seconds = (ms / 1000.0).round() as u64;
    if seconds == 0 {
        "now".to_owned()
    } else if seconds >= 60 && seconds.is_multiple_of(60) {
        format!("−{} min", seconds / 60)
    } else {
        format!("−{seconds} s")
    }
}

/// The path through the values, from 0 at the bottom to `ceiling` at the top. With `steps` a
/// value holds until the next.
pub(crate) fn path(
    points: impl Iterator<Item = (f64, Option<f64>)>,
    window: Window,
    ceiling: f64,
    steps: bool,
) -> String {
    let mut path = String::new();
    let mut last = None::<f64>;
    for (at_ms, value) in points {
        let Some(value) = value.filter(|_| at_ms >= window.from_ms) else {
            continue;
        };
        let x = decimal(window.part(at_ms) * WIDTH, 1);
        let y = decimal(height(value, ceiling), 1);
        // Writing to a string does not fail.
        let _ = match last {
            Some(last) if at_ms - last <= BRIDGED_MS && steps => write!(path, "H{x}V{y}"),
            Some(last) if at_ms - last <= BRIDGED_MS => write!(path, "L{x} {y}"),
            // Alone, it is a dot: a line of no length has round ends.
            _ => write!(path, "M{x} {y}h0"),
        };
        last = Some(at_ms);
    }
    path
}

/// How far from the top a value is drawn.
pub(crate) fn height(value: f64, ceiling: f64) -> f64 {
    let part = if ceiling > 0.0 { value / ceiling } else { 0.0 };
    HEIGHT - MARGIN - part.clamp(0.0, 1.0) * (HEIGHT - 2.0 * MARGIN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WINDOW: Window = Window {
        from_ms: 0.0,
        to_ms: 60_000.0,
    };

    #[test]
    fn a_window_grows_with_what_it_holds_up_to_five_minutes() {
        assert_eq!(Window::around(5_000.0, 5_000.0).from_ms, -55_000.0);
        assert_eq!(Window::around(0.0, 61_000.0).label(), "−2 min");
        assert_eq!(Window::around(0.0, 300_000.0).from_ms, 0.0);
        assert_eq!(ago(90_000.0), "−90 s");
        assert_eq!(ago(400.0), "now");
    }

    #[test]
    fn a_line_bridges_what_comes_rarely_and_no_more() {
        let points = [
            (10_000.0, Some(0.0)),
            (11_000.0, None),
            (15_000.0, Some(10.0)),
            (30_000.0, Some(5.0)),
        ];
        let line = path(points.into_iter(), WINDOW, 10.0, false);
        assert_eq!(line, "M50.0 58.0h0L75.0 2.0M150.0 30.0h0");
        let steps = path(points.into_iter(), WINDOW, 10.0, true);
        assert_eq!(steps, "M50.0 58.0h0H75.0V2.0M150.0 30.0h0");
    }

    #[test]
    fn what_is_before_the_window_is_not_drawn() {
        let points = [(-1.0, Some(1.0)), (60_000.0, Some(1.0))];
        assert_eq!(path(points.into_iter(), WINDOW, 1.0, false), "M300.0 2.0h0");
    }

    proptest! {
        #[test]
        fn every_point_is_inside_the_drawing(
            values in proptest::collection::vec(proptest::option::of(0.0..1e12_f64), 0..300),
            ceiling in -1.0..1e12_f64,
        ) {
            let points = values.iter().enumerate().map(|(at, value)| (at as f64 * 1e3, *value));
            let window = Window::around(0.0, 300_000.0);
            let line = path(points, window, ceiling, false);
            for number in line.split(['M', 'L', 'h', ' ']).filter(|text| !text.is_empty()) {
                let number: f64 = number.parse().unwrap();
                prop_assert!((0.0..=WIDTH).contains(&number));
            }
        }

        #[test]
        fn a_part_leads_back_to_its_time(at in 0.0..=60_000.0_f64) {
            prop_assert!((WINDOW.at(WINDOW.part(at)) - at).abs() < 1e-6);
        }
    }
}
