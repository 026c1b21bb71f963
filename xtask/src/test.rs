//! `cargo xtask test`: every check there is, one after the other, and a table at the end.
//!
//! A step that fails does not stop the others; only what cannot run without it fails, too.

mod browser;
mod scratch;

use std::{
    panic::resume_unwind,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    thread,
    time::{Duration, Instant},
};

use crate::{
    args::{Part, Test},
    axe,
    browsers::{self, Browser, Kind},
    bundle, deny, dev,
    error::{Error, Result},
    ffprobe, load,
    process::{self, cargo, end_leftovers, say},
    program, python,
    server::{self, Profile},
    setup, size,
    steps::Steps,
    summary::{self, Outcome, Row},
    tally::{self, Tally},
    tools::{self, WASM},
};
use scratch::Scratch;

/// Compiling included; what hangs longer is ended.
const STEP_LIMIT: Duration = Duration::from_secs(45 * 60);

pub(crate) fn run(options: &Test) -> Result<ExitCode> {
    let start = Instant::now();
    let mut checks = Checks {
        options,
        scratch: Scratch::new()?,
        rows: Vec::new(),
    };
    let dist = checks.code_and_bundle()?;
    checks.native()?;
    checks.load()?;
    checks.python()?;
    let browsers = checks.browsers()?;
    checks.in_browsers(&browsers)?;
    checks.trunk()?;
    checks.end_to_end(dist.as_deref(), &browsers)?;
    println!("\n{}", summary::table(&checks.rows, start.elapsed()));
    Ok(if summary::success(&checks.rows) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A browser, or why there is none.
type Found = (Kind, std::result::Result<Browser, String>);

struct Checks<'a> {
    options: &'a Test,
    scratch: Scratch,
    rows: Vec<Row>,
}

/// One row of the table, while it is still to be done.
struct Step<'a> {
    name: &'static str,
    browser: &'static str,
    skip: Option<String>,
    check: Check<'a>,
}

/// What a step does; it counts the tests that it runs.
type Check<'a> = Box<dyn FnOnce(&mut Tally) -> Result<()> + Send + 'a>;

impl Step<'_> {
    /// How it went, and whether Ctrl-C ended it.
    fn run(self) -> (Row, bool) {
        let start = Instant::now();
        let mut interrupted = false;
        let outcome = if let Some(option) = self.skip {
            Outcome::Skipped(option)
        } else {
            say(format!("{} {}", self.name, self.browser).trim_end());
            let mut tally = Tally::default();
            match (self.check)(&mut tally) {
                Ok(()) => Outcome::Passed(tally),
                Err(Error::Message(text)) => Outcome::Failed(tally, text),
                Err(Error::Interrupted) => {
                    interrupted = true;
                    Outcome::Failed(tally, "interrupted".to_owned())
                }
            }
        };
        let row = Row {
            step: self.name,
            browser: self.browser,
            outcome,
            took: start.elapsed(),
        };
        (row, interrupted)
    }
}

impl Checks<'_> {
    /// Runs the static checks and builds the bundle beside them: much of either is work for one
    /// processor. Returns where the bundle is.
    fn code_and_bundle(&mut self) -> Result<Option<PathBuf>> {
        let skip = self.skipped(Part::Native).or_else(|| self.filtered_out());
        let step = |name, check: Check<'static>| Step {
            name,
            browser: "",
            skip: skip.clone(),
            check,
        };
        let code = vec![
            step(
                "formatting",
                Box::new(|_| process::run(&mut cargo(&["fmt", "--all", "--check"]))),
            ),
            step(
                "clippy",
                Box::new(|_| clippy(&["--workspace", "--all-targets"])),
            ),
            // Unit tests are compiled for this machine alone, and checked there.
            step("clippy for wasm32", Box::new(|_| clippy(&WASM_TARGETS))),
            step("rustdoc", Box::new(|_| rustdoc())),
            step("dependencies", Box::new(|_| deny::check())),
        ];
        let mut dist = None;
        let tools = Step {
            name: "tools",
            browser: "",
            skip: self.skipped(Part::Browser).or_else(|| self.filtered_out()),
            check: Box::new(|_| setup::for_trunk()),
        };
        let bundle = Step {
            name: "bundle",
            browser: "",
            skip: self.skipped(Part::EndToEnd),
            check: Box::new(|_| {
                let steps = Steps::begin();
                dist = Some(bundle::build("/", &steps)?);
                println!("{}", steps.table());
                Ok(())
            }),
        };
        self.step("set-up", "", skip.clone(), |_| {
            tools::set_up_components()?;
            tools::set_up_wasm_target()
        })?;
        self.at_once([code, vec![tools, bundle]])?;
        Ok(dist)
    }

    fn native(&mut self) -> Result<()> {
        let filter = self.options.filter.as_deref();
        self.step("native tests", "", self.skipped(Part::Native), |tally| {
            let mut tests = cargo(&["test", "--workspace", "--no-fail-fast"]);
            // They are tested with the browsers; what they link reads JSON in another way.
            tests.args(["--exclude", "e2e", "--exclude", "page-bench"]);
            run_tests(tests.args(filter), filter, tally)
        })
    }

    fn load(&mut self) -> Result<()> {
        let skip = self.skipped(Part::Load).or_else(|| self.filtered_out());
        let directory = self.scratch.path().to_owned();
        self.step("signaling under load", "", skip, |_| {
            load::check(&directory)
        })
    }

    fn python(&mut self) -> Result<()> {
        let skip = self.skipped(Part::Python);
        let filter = self.options.filter.as_deref();
        let directory = self.scratch.path().to_owned();
        self.step("Python client", "", skip, |tally| {
            tally.expect_one_by_one();
            python::check(&directory, filter, |line| {
                println!("{line}");
                tally.add(line);
            })?;
            some_ran(tally, filter)
        })
    }

    /// Finds the browsers that are asked for.
    fn browsers(&mut self) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        if matches!(
            self.options.only,
            Some(Part::Native | Part::Load | Part::Python)
        ) {
            return Ok(found);
        }
        for kind in Kind::ALL {
            if self.options.browser.is_some_and(|asked| asked != kind) {
                continue;
            }
            let mut browser = Err("missing".to_owned());
            self.step("set-up", kind.name(), None, |_| {
                browser = Ok(browsers::set_up(kind)?);
                Ok(())
            })?;
            found.push((kind, browser));
        }
        Ok(found)
    }

    /// In all browsers at once: these tests wait more than they compute.
    fn in_browsers(&mut self, browsers: &[Found]) -> Result<()> {
        let addresses = browser::Addresses::free()?;
        let filter = self.options.filter.as_deref();
        let directory = self.scratch.path().to_owned();
        let steps = Kind::ALL.map(|kind| {
            let skip = self
                .skipped(Part::Browser)
                .or_else(|| self.other_browser(kind));
            let browser = browsers.iter().find(|(found, _)| *found == kind);
            let (addresses, directory) = (&addresses, &directory);
            Step {
                name: "browser tests",
                browser: kind.name(),
                skip,
                check: Box::new(move |tally: &mut Tally| {
                    let browser = usable(browser)?;
                    tools::set_up_wasm_target()?;
                    tools::wasm_bindgen()?.set_up()?;
                    let _server = browser::start_server(kind, directory, addresses)?;
                    let mut tests = browser::tests(browser, directory, addresses)?;
                    tally.expect_one_by_one();
                    let label = format!("{}: ", kind.name());
                    run_labelled_tests(tests.args(filter), filter, tally, &label)
                }),
            }
        });
        self.at_once(steps.map(|step| vec![step]))
    }

    /// That it makes a bundle, too, of the same page: of what the browser tests compiled, which takes
    /// seconds.
    fn trunk(&mut self) -> Result<()> {
        let skip = self.skipped(Part::Browser).or_else(|| self.filtered_out());
        self.step("trunk build", "", skip, |_| {
            process::run(&mut dev::trunk(&["build"]))
        })
    }

    fn end_to_end(&mut self, dist: Option<&Path>, browsers: &[Found]) -> Result<()> {
        let skip = self.skipped(Part::EndToEnd);
        let no_bundle = || Error::new("there is no bundle");
        self.step("size of the bundle", "", skip.clone(), |_| {
            size::report(dist.ok_or_else(no_bundle)?)
        })?;
        let filter = self.options.filter.as_deref();
        let directory = self.scratch.path().to_owned();
        let which = self.options.browser.map_or("chrome, firefox", Kind::name);
        self.step("end-to-end tests", which, skip, |tally| {
            let dist = dist.ok_or_else(no_bundle)?;
            let server = program::own_copy(&server::build(Profile::Dev)?, &directory)?;
            let mut tests = cargo(&["test", "-p", "e2e", "-p", "page-bench", "--no-fail-fast"]);
            tests.arg("--");
            tests.args(filter);
            tests
                .env("WEBRTC_TOUR_DIST", dist)
                .env("WEBRTC_TOUR_SERVER", server)
                .env("WEBRTC_TOUR_AXE", axe::set_up()?)
                .env("WEBRTC_TOUR_FFPROBE", ffprobe::set_up()?);
            tests.env("WEBRTC_TOUR_BROWSERS", which.replace(' ', ""));
            tests.env("TMPDIR", &directory);
            for browser in browsers {
                let browser = usable(Some(browser))?;
                tests.env(browser.kind.binary_variable(), &browser.binary);
                tests.env(browser.kind.driver_variable(), &browser.driver);
            }
            run_tests(&mut tests, filter, tally)
        })
    }

    /// Does one step and writes down how it went; only Ctrl-C ends the whole.
    fn step(
        &mut self,
        name: &'static str,
        browser: &'static str,
        skip: Option<String>,
        check: impl FnOnce(&mut Tally) -> Result<()> + Send,
    ) -> Result<()> {
        self.at_once([vec![Step {
            name,
            browser,
            skip,
            check: Box::new(check),
        }]])
    }

    /// Does the steps of each list one after the other, and the lists side by side.
    fn at_once<const N: usize>(&mut self, lists: [Vec<Step>; N]) -> Result<()> {
        let run = |list: Vec<Step>| {
            let mut done = Vec::new();
            for step in list {
                let (row, interrupted) = step.run();
                done.push((row, interrupted));
                if interrupted {
                    break;
                }
            }
            done
        };
        let done = thread::scope(|scope| {
            let running = lists.map(|list| scope.spawn(move || run(list)));
            running.map(|list| list.join().unwrap_or_else(|panic| resume_unwind(panic)))
        });
        let left = end_leftovers();
        for (mut row, interrupted) in done.into_iter().flatten() {
            if interrupted {
                return Err(Error::Interrupted);
            }
            // Of several steps at once, nobody knows which left it.
            if !left.is_empty()
                && let Outcome::Passed(tally) = &mut row.outcome
            {
                let text = format!("left running: {}", left.join(", "));
                row.outcome = Outcome::Failed(std::mem::take(tally), text);
            }
            self.rows.push(row);
        }
        Ok(())
    }

    /// The option that leaves this part out, if there is one.
    fn skipped(&self, part: Part) -> Option<String> {
        let only = self.options.only.filter(|only| *only != part)?;
        Some(format!("--only {}", only.name()))
    }

    /// With a filter, tests are asked for, and nothing else.
    fn filtered_out(&self) -> Option<String> {
        let filter = self.options.filter.as_deref()?;
        Some(format!("only tests named *{filter}*"))
    }

    fn other_browser(&self, kind: Kind) -> Option<String> {
        let asked = self.options.browser.filter(|asked| *asked != kind)?;
        Some(format!("--browser {}", asked.name()))
    }
}

/// All that is compiled for browsers.
const WASM_TARGETS: [&str; 10] = [
    "-p",
    "webrtc-tour",
    "-p",
    "signaling-protocol",
    "--lib",
    "--bins",
    "--test",
    "browser",
    "--target",
    WASM,
];

fn clippy(targets: &[&str]) -> Result<()> {
    process::run(
        cargo(&["clippy"])
            .args(targets)
            .args(["--", "-D", "warnings"]),
    )
}

fn rustdoc() -> Result<()> {
    let mut doc = cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    process::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

fn usable(found: Option<&Found>) -> Result<&Browser> {
    match found {
        Some((_, Ok(browser))) => Ok(browser),
        Some((kind, Err(_))) => Err(Error::new(format!("there is no {} to run in", kind.name()))),
        None => Err(Error::new("there is no browser to run in")),
    }
}

/// Runs tests and counts them. That there are none, without a filter, is a mistake somewhere.
fn run_tests(tests: &mut Command, filter: Option<&str>, tally: &mut Tally) -> Result<()> {
    run_labelled_tests(tests, filter, tally, "")
}

/// The same, with a label before each line, for what runs beside something else.
fn run_labelled_tests(
    tests: &mut Command,
    filter: Option<&str>,
    tally: &mut Tally,
    label: &str,
) -> Result<()> {
    let status = process::run_with_lines(tests, STEP_LIMIT, |line| {
        if !tally::is_time(line) {
            println!("{label}{line}");
        }
        tally.add(line);
    })?;
    if !status.success() {
        return Err(Error::new(format!("`{}`: {status}", process::shown(tests))));
    }
    some_ran(tally, filter)
}

fn some_ran(tally: &Tally, filter: Option<&str>) -> Result<()> {
    if tally.total() == 0 && filter.is_none() {
        return Err(Error::new("not a single test ran"));
    }
    Ok(())
}
