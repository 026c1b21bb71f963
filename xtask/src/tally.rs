//! Counts tests by what their runners print, and knows how long each took.

use std::time::{Duration, Instant};

#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
    /// The names of those that failed.
    pub(crate) failures: Vec<String>,
    /// How long tests took, of those that are known.
    pub(crate) times: Vec<(Duration, String)>,
    /// Whether the runner runs one test after the other, and says so when each has ended.
    is_sequential: bool,
    /// When the runner said what it said last.
    last: Option<Instant>,
}

impl Tally {
    /// From here on the time between two lines is what a test took.
    pub(crate) fn expect_one_by_one(&mut self) {
        self.is_sequential = true;
    }

    /// Takes in one line of the output of libtest or of `wasm-bindgen-test-runner`.
    pub(crate) fn add(&mut self, line: &str) {
        self.add_at(line, Instant::now());
    }

    fn add_at(&mut self, line: &str, now: Instant) {
        let line = line.trim_start();
        let last = self.last.replace(now);
        if let Some(last) = last.filter(|_| self.is_sequential)
            && let Some((name, _)) = line.strip_prefix("test ").and_then(outcome)
        {
            let took = now.saturating_duration_since(last);
            self.times.push((took, name.to_owned()));
        }
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += number_before(counts, " passed");
            self.failed += number_before(counts, " failed");
            self.ignored += number_before(counts, " ignored");
        } else if let Some((name, outcome)) = line.strip_prefix("test ").and_then(outcome)
            && outcome.starts_with("FAIL")
        {
            self.failures.push(name.to_owned());
        } else if let Some(time) = time(line) {
            self.times.push(time);
        }
    }

    pub(crate) fn total(&self) -> u64 {
        self.passed + self.failed
    }
}

/// Whether a line tells only how long a test took.
pub(crate) fn is_time(line: &str) -> bool {
    time(line).is_some()
}

/// A test, and what became of it.
fn outcome(test: &str) -> Option<(&str, &str)> {
    let (name, outcome) = test.split_once(" ... ")?;
    Some((name.trim(), outcome))
}

/// Of `took 1.234 s: the test`, which the end-to-end tests print.
fn time(line: &str) -> Option<(Duration, String)> {
    let (seconds, name) = line.strip_prefix("took ")?.split_once(" s: ")?;
    let took = Duration::try_from_secs_f64(seconds.parse().ok()?).ok()?;
    Some((took, name.to_owned()))
}

/// `12` of `ok. 12 passed; 0 failed` before ` passed`.
fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split(word).next().unwrap_or_default();
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(output: &str) -> Tally {
        let mut tally = Tally::default();
        output.lines().for_each(|line| tally.add(line));
        tally
    }

    #[test]
    fn libtest_is_understood() {
        let found = tally(
            "running 3 tests\n\
             test rooms::tests::joins ... ok\n\
             test rooms::tests::leaves ... FAILED\n\
             test src/lib.rs - app (line 3) ... FAILED\n\
             test rooms::tests::slow ... ignored\n\
             test result: FAILED. 1 passed; 2 failed; 1 ignored; 0 measured; 7 filtered out; \
             finished in 0.00s\n\
             test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out",
        );
        assert_eq!((found.passed, found.failed, found.ignored), (13, 2, 1));
        let names = ["rooms::tests::leaves", "src/lib.rs - app (line 3)"];
        assert_eq!(found.failures, names);
        assert_eq!(found.total(), 15);
    }

    #[test]
    fn the_runner_of_wasm_bindgen_is_understood() {
        let found = tally(
            "running 2 tests\n\
             test channel::opens ... ok\n\
             test channel::closes ... FAIL\n\
             test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 filtered out; \
             finished in 0.12s",
        );
        assert_eq!((found.passed, found.failed), (1, 1));
        assert_eq!(found.failures, ["channel::closes"]);
    }

    #[test]
    fn a_test_takes_from_the_line_before_it_to_its_own() {
        let mut found = Tally::default();
        found.expect_one_by_one();
        let start = Instant::now();
        for (line, at) in [
            ("running 2 tests", 5),
            ("test channel::opens ... ok", 7),
            ("test channel::closes ... FAIL", 12),
        ] {
            found.add_at(line, start + Duration::from_secs(at));
        }
        let times = [(2, "channel::opens"), (5, "channel::closes")]
            .map(|(seconds, name)| (Duration::from_secs(seconds), name.to_owned()));
        assert_eq!(found.times, times);
        assert_eq!(found.failures, ["channel::closes"]);
    }

    #[test]
    fn end_to_end_tests_say_how_long_they_took() {
        let found = tally("took 1.250 s: call::rings::chrome\ntook long: no\ntook x s: no");
        let time = (
            Duration::from_millis(1250),
            "call::rings::chrome".to_owned(),
        );
        assert_eq!(found.times, [time]);
        assert!(is_time("took 0.001 s: a test"));
        assert!(!is_time("test took ... ok"));
    }

    #[test]
    fn other_lines_count_for_nothing() {
        let found = tally("no tests to run!\ntesting ... FAILED\n99 passed");
        assert_eq!(found.total() + found.ignored, 0);
        assert!(found.failures.is_empty() && found.times.is_empty());
    }
}
