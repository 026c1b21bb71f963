//! `cargo xtask test`: every check there is, one after the other, and a table at the end.
//!
//! A step that fails does not stop the others; only what cannot run without it fails, too.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use crate::{
    args::{Part, Test},
    axe,
    browsers::{self, Browser, Kind, capabilities},
    bundle,
    error::{Context, Error, Result},
    load,
    process::{self, cargo, end_leftovers, say},
    program, python,
    server::{self, Profile},
    size,
    summary::{self, Outcome, Row},
    tally::Tally,
    tools::{self, WASM},
};

/// Compiling included; what hangs longer is ended.
const STEP_LIMIT: Duration = Duration::from_secs(45 * 60);

/// Of the server that the browser tests use: tokens that are renewed while one waits, and nobody
/// who tidies up after the participants.
const DATABASE: [&str; 6] = [
    "--rtdb-listen",
    "127.0.0.1:0",
    "--rtdb-token-lifetime",
    "4s",
    "--rtdb-housekeeping",
    "false",
];

pub(crate) fn run(options: &Test) -> Result<ExitCode> {
    let mut checks = Checks {
        options,
        scratch: Scratch::new()?,
        rows: Vec::new(),
    };
    checks.native()?;
    checks.load()?;
    checks.python()?;
    let browsers = checks.browsers()?;
    checks.in_browsers(&browsers)?;
    checks.end_to_end(&browsers)?;
    println!("\n{}", summary::table(&checks.rows));
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

impl Checks<'_> {
    fn native(&mut self) -> Result<()> {
        let all = ["--workspace", "--all-targets"];
        let wasm = [
            "-p",
            "webrtc-tour",
            "-p",
            "signaling-protocol",
            "--all-targets",
            "--target",
            WASM,
        ];
        let deny = ["--", "-D", "warnings"];
        let doc = ["--workspace", "--no-deps", "--document-private-items"];
        let unfiltered = self.filtered_out();
        let checks = self.skipped(Part::Native).or(unfiltered);

        self.step("set-up", "", checks.clone(), |_| {
            tools::set_up_components()?;
            tools::set_up_wasm_target()
        })?;
        self.step("formatting", "", checks.clone(), |_| {
            process::run(&mut cargo(&["fmt", "--all", "--check"]))
        })?;
        self.step("clippy", "", checks.clone(), |_| {
            process::run(cargo(&["clippy"]).args(all).args(deny))
        })?;
        self.step("clippy for wasm32", "", checks.clone(), |_| {
            process::run(cargo(&["clippy"]).args(wasm).args(deny))
        })?;
        self.step("rustdoc", "", checks, |_| {
            process::run(cargo(&["doc"]).args(doc).env("RUSTDOCFLAGS", "-D warnings"))
        })?;
        let filter = self.options.filter.as_deref();
        self.step("native tests", "", self.skipped(Part::Native), |tally| {
            let mut tests = cargo(&["test", "--workspace", "--exclude", "e2e", "--no-fail-fast"]);
            run_tests(tests.args(filter), filter, tally)
        })
    }

    fn load(&mut self) -> Result<()> {
        let skip = self.skipped(Part::Load).or_else(|| self.filtered_out());
        let directory = self.scratch.0.clone();
        self.step("signaling under load", "", skip, |_| {
            load::check(&directory)
        })
    }

    fn python(&mut self) -> Result<()> {
        let skip = self.skipped(Part::Python);
        let filter = self.options.filter.as_deref();
        let directory = self.scratch.0.clone();
        self.step("Python client", "", skip, |tally| {
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

    fn in_browsers(&mut self, browsers: &[Found]) -> Result<()> {
        for kind in Kind::ALL {
            let skip = self
                .skipped(Part::Browser)
                .or_else(|| self.other_browser(kind));
            let browser = browsers.iter().find(|(found, _)| *found == kind);
            let filter = self.options.filter.as_deref();
            let directory = self.scratch.0.clone();
            self.step("browser tests", kind.name(), skip, |tally| {
                let browser = usable(browser)?;
                tools::set_up_wasm_target()?;
                tools::wasm_bindgen()?.set_up()?;
                let program = program::own_copy(&server::build(Profile::Dev)?, &directory)?;
                let server = server::start(&program, &DATABASE)?;
                let mut tests = browser_tests(browser, &directory)?;
                // Known when they are compiled: in a browser there is no environment.
                tests.env("WEBRTC_TOUR_TEST_SERVER", &server.address);
                run_tests(tests.args(filter), filter, tally)
            })?;
        }
        Ok(())
    }

    fn end_to_end(&mut self, browsers: &[Found]) -> Result<()> {
        let skip = self.skipped(Part::EndToEnd);
        let mut dist = None;
        self.step("bundle", "", skip.clone(), |_| {
            dist = Some(bundle::build("/")?);
            Ok(())
        })?;
        let no_bundle = || Error::new("there is no bundle");
        self.step("size of the bundle", "", skip.clone(), |_| {
            size::report(dist.as_deref().ok_or_else(no_bundle)?)
        })?;
        let filter = self.options.filter.as_deref();
        let directory = self.scratch.0.clone();
        let which = self.options.browser.map_or("chrome, firefox", Kind::name);
        self.step("end-to-end tests", which, skip, |tally| {
            let dist = dist.as_deref().ok_or_else(no_bundle)?;
            let server = program::own_copy(&server::build(Profile::Dev)?, &directory)?;
            let mut tests = cargo(&["test", "-p", "e2e", "--no-fail-fast", "--"]);
            tests.arg("--test-threads=1").args(filter);
            tests
                .env("WEBRTC_TOUR_DIST", dist)
                .env("WEBRTC_TOUR_SERVER", server)
                .env("WEBRTC_TOUR_AXE", axe::set_up()?);
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
        step: &'static str,
        browser: &'static str,
        skip: Option<String>,
        check: impl FnOnce(&mut Tally) -> Result<()>,
    ) -> Result<()> {
        let start = Instant::now();
        let outcome = if let Some(option) = skip {
            Outcome::Skipped(option)
        } else {
            say(format!("{step} {browser}").trim_end());
            let mut tally = Tally::default();
            let result = check(&mut tally);
            let left = end_leftovers();
            match result {
                Err(Error::Interrupted) => return Err(Error::Interrupted),
                Err(Error::Message(text)) => Outcome::Failed(tally, text),
                Ok(()) if !left.is_empty() => {
                    Outcome::Failed(tally, format!("left running: {}", left.join(", ")))
                }
                Ok(()) => Outcome::Passed(tally),
            }
        };
        self.rows.push(Row {
            step,
            browser,
            outcome,
            took: start.elapsed(),
        });
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

fn usable(found: Option<&Found>) -> Result<&Browser> {
    match found {
        Some((_, Ok(browser))) => Ok(browser),
        Some((kind, Err(_))) => Err(Error::new(format!("there is no {} to run in", kind.name()))),
        None => Err(Error::new("there is no browser to run in")),
    }
}

/// The tests of the front end, in one browser.
fn browser_tests(browser: &Browser, scratch: &Path) -> Result<Command> {
    let template = fs::read_to_string("webdriver.json").context("webdriver.json")?;
    let settings = scratch.join(format!("webdriver-{}.json", browser.kind.name()));
    fs::write(&settings, capabilities(&template, browser)).context("webdriver.json")?;

    let mut tests = cargo(&["test", "-p", "webrtc-tour", "--tests", "--no-fail-fast"]);
    tests.args(["--target", WASM]);
    tests.env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
        "wasm-bindgen-test-runner",
    );
    tests.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings);
    // Of all tests of a file together, and of a browser's start on a busy machine.
    tests.env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    tests.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    // Also those that do not say that they want a browser, instead of asking for Node.
    tests.env("WASM_BINDGEN_USE_BROWSER", "1");
    // The runner takes the first driver that it hears of.
    for kind in Kind::ALL {
        let variable = kind.driver_variable();
        tests
            .env_remove(variable)
            .env_remove(format!("{variable}_REMOTE"));
    }
    tests.env(browser.kind.driver_variable(), &browser.driver);
    tests.env("TMPDIR", scratch);
    Ok(tests)
}

/// Runs tests and counts them. That there are none, without a filter, is a mistake somewhere.
fn run_tests(tests: &mut Command, filter: Option<&str>, tally: &mut Tally) -> Result<()> {
    let status = process::run_with_lines(tests, STEP_LIMIT, |line| {
        println!("{line}");
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

/// Where browsers put their profiles: new for each run, and gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        let path = env::temp_dir().join(format!("webrtc-tour-{}", std::process::id()));
        fs::create_dir_all(&path).context(path.display())?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A browser that is just ending may still write; what is left is the system's to clean.
        end_leftovers();
        let _ = fs::remove_dir_all(&self.0);
    }
}
