//! Counts tests by what their runners print.

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
    /// The names of those that failed.
    pub(crate) failures: Vec<String>,
}

impl Tally {
    /// Takes in one line of the output of libtest or of `wasm-bindgen-test-runner`.
    pub(crate) fn add(&mut self, line: &str) {
        let line = line.trim_start();
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += number_before(counts, " passed");
            self.failed += number_before(counts, " failed");
            self.ignored += number_before(counts, " ignored");
        } else if let Some(test) = line.strip_prefix("test ")
            && let Some((name, outcome)) = test.split_once(" ... ")
            && outcome.starts_with("FAIL")
        {
            self.failures.push(name.trim().to_owned());
        }
    }

    pub(crate) fn total(&self) -> u64 {
        self.passed + self.failed
    }
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
    fn other_lines_count_for_nothing() {
        assert_eq!(
            tally("no tests to run!\ntesting ... FAILED\n99 passed"),
            Tally::default()
        );
    }
}
