//! What `cargo xtask test` ends in: how each step went, which tests took longest, what failed.

use std::{fmt::Write, time::Duration};

use crate::tally::Tally;

/// So many tests are worth a look when it is about time.
const SLOWEST: usize = 20;

pub(crate) struct Row {
    pub(crate) step: &'static str,
    pub(crate) browser: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) took: Duration,
}

pub(crate) enum Outcome {
    Passed(Tally),
    /// With what is to be said about it.
    Failed(Tally, String),
    /// Because of this option, and for no other reason.
    Skipped(String),
}

impl Row {
    fn tally(&self) -> Option<&Tally> {
        match &self.outcome {
            Outcome::Passed(tally) | Outcome::Failed(tally, _) => Some(tally),
            Outcome::Skipped(_) => None,
        }
    }

    fn counts(&self) -> (u64, u64) {
        match &self.outcome {
            Outcome::Passed(tally) => (tally.passed.max(u64::from(tally.total() == 0)), 0),
            // A step that fails before or beside its tests is a failure of its own.
            Outcome::Failed(tally, _) => (tally.passed, tally.failed.max(1)),
            Outcome::Skipped(_) => (0, 0),
        }
    }
}

/// Whether everything that ran passed.
pub(crate) fn success(rows: &[Row]) -> bool {
    let failed = |row: &Row| matches!(row.outcome, Outcome::Failed(..));
    !rows.iter().any(failed)
}

/// The table, the slowest tests, what failed, and the sum alone on the last line.
/// `took` is how long all of it took: some steps run side by side.
pub(crate) fn table(rows: &[Row], took: Duration) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{:<22} {:<15} {:<8} {:>7} {:>9}",
        "step", "browser", "result", "tests", "time"
    );
    for row in rows {
        let (result, tests, remark) = match &row.outcome {
            Outcome::Passed(tally) => ("passed", count(tally), ignored(tally)),
            Outcome::Failed(tally, _) => ("FAILED", count(tally), ignored(tally)),
            Outcome::Skipped(option) => ("skipped", String::new(), format!("  {option}")),
        };
        let time = match row.outcome {
            Outcome::Skipped(_) => String::new(),
            _ => format!("{:.1} s", row.took.as_secs_f64()),
        };
        let line = format!(
            "{:<22} {:<15} {result:<8} {tests:>7} {time:>9}{remark}",
            row.step, row.browser
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let seconds = took.as_secs();
    let time = format!("{}:{:02} min", seconds / 60, seconds % 60);
    let _ = writeln!(text, "{:<55} {time:>9}", "all together");
    text.push_str(&slowest(rows));
    for row in rows {
        if let Outcome::Failed(tally, why) = &row.outcome {
            let _ = writeln!(text, "\nFAILED: {} {}\n  {why}", row.step, row.browser);
            for test in &tally.failures {
                let _ = writeln!(text, "  {test}");
            }
        }
    }
    let sum = rows
        .iter()
        .map(Row::counts)
        .fold((0, 0), |sum, row| (sum.0 + row.0, sum.1 + row.1));
    let _ = write!(text, "\n{} passed, {} failed", sum.0, sum.1);
    text
}

/// The tests that took longest, of all steps.
fn slowest(rows: &[Row]) -> String {
    let mut times: Vec<_> = rows
        .iter()
        .flat_map(|row| {
            let times = row.tally().map_or(&[][..], |tally| &tally.times);
            times.iter().map(move |(took, test)| (*took, row, test))
        })
        .collect();
    times.sort_by_key(|(took, ..)| std::cmp::Reverse(*took));
    times.truncate(SLOWEST);
    let mut text = String::new();
    if !times.is_empty() {
        let _ = writeln!(
            text,
            "\nThe slowest tests (native ones run side by side and are not timed)"
        );
    }
    for (took, row, test) in times {
        let _ = writeln!(
            text,
            "{:>7.1} s  {} {}: {test}",
            took.as_secs_f64(),
            row.step,
            row.browser
        );
    }
    text
}

fn count(tally: &Tally) -> String {
    match tally.total() {
        0 => String::new(),
        total => total.to_string(),
    }
}

fn ignored(tally: &Tally) -> String {
    match tally.ignored {
        0 => String::new(),
        ignored => format!("  and {ignored} ignored"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(step: &'static str, browser: &'static str, outcome: Outcome) -> Row {
        Row {
            step,
            browser,
            outcome,
            took: Duration::from_millis(1234),
        }
    }

    fn tally(passed: u64, failed: u64) -> Tally {
        let mut tally = Tally::default();
        (tally.passed, tally.failed) = (passed, failed);
        tally
    }

    #[test]
    fn the_last_line_is_the_sum_alone() {
        let rows = [
            row("formatting", "", Outcome::Passed(Tally::default())),
            row("native tests", "", Outcome::Passed(tally(40, 0))),
            row(
                "browser tests",
                "chrome",
                Outcome::Failed(tally(5, 2), "exit 1".into()),
            ),
            row(
                "browser tests",
                "firefox",
                Outcome::Failed(Tally::default(), "missing".into()),
            ),
            row(
                "end-to-end tests",
                "",
                Outcome::Skipped("--only browser".into()),
            ),
        ];
        assert!(!success(&rows));
        assert_eq!(
            table(&rows, Duration::from_secs(90)).lines().last(),
            Some("46 passed, 3 failed")
        );
    }

    #[test]
    fn what_failed_is_named() {
        let mut tests = tally(5, 1);
        tests.failures.push("channel::opens".to_owned());
        let rows = [row(
            "browser tests",
            "chrome",
            Outcome::Failed(tests, "exit 1".into()),
        )];
        let text = table(&rows, Duration::from_secs(90));
        assert!(text.contains("\nFAILED: browser tests chrome\n  exit 1\n  channel::opens\n"));
    }

    #[test]
    fn the_slowest_tests_of_all_steps_come_first() {
        let step = |step, seconds: std::ops::Range<u64>| {
            let mut tests = tally(1, 0);
            let time = |seconds| (Duration::from_secs(seconds), format!("test {seconds}"));
            tests.times = seconds.map(time).collect();
            row(step, "chrome", Outcome::Passed(tests))
        };
        let rows = [
            step("browser tests", 1..30),
            step("end-to-end tests", 20..31),
        ];
        let text = table(&rows, Duration::from_secs(90));
        let shown: Vec<_> = text
            .lines()
            .filter(|line| line.contains(": test "))
            .collect();
        assert_eq!(shown.len(), SLOWEST);
        assert_eq!(shown[0], "   30.0 s  end-to-end tests chrome: test 30");
        assert_eq!(shown[1], "   29.0 s  browser tests chrome: test 29");
        assert!(text.contains("1:30 min"));
    }

    #[test]
    fn what_was_skipped_says_why() {
        let rows = [row("clippy", "", Outcome::Skipped("--only e2e".into()))];
        assert!(success(&rows));
        let text = table(&rows, Duration::from_secs(90));
        assert!(
            text.lines()
                .any(|line| line.starts_with("clippy") && line.ends_with("  --only e2e"))
        );
    }
}
