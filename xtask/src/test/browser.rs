//! The tests of the front end that only a browser can run, and the server they use.

use std::{fs, path::Path, process::Command};

use crate::{
    browsers::{Browser, Kind, capabilities},
    error::{Context, Result},
    process::cargo,
    program,
    server::{self, Profile, Server},
    tools::WASM,
};

/// Tokens that are renewed while one waits, and nobody who tidies up after the participants.
const DATABASE: [&str; 6] = [
    "--rtdb-listen",
    "127.0.0.1:0",
    "--rtdb-token-lifetime",
    "4s",
    "--rtdb-housekeeping",
    "false",
];

/// Of all tests together, in seconds. Each bounds its own time far below.
const TIMEOUT: &str = "900";

/// Of a browser's start on a busy machine, in seconds.
const START_TIMEOUT: &str = "60";

/// Where the server of each browser's tests listens: each has one to itself, because the tests meet in
/// the same rooms.
pub(super) struct Addresses([String; Kind::ALL.len()]);

impl Addresses {
    pub(super) fn free() -> Result<Self> {
        Ok(Self(server::free_addresses()?))
    }

    fn each(&self) -> impl Iterator<Item = (Kind, &str)> {
        Kind::ALL.into_iter().zip(self.0.iter().map(String::as_str))
    }
}

pub(super) fn start_server(kind: Kind, scratch: &Path, addresses: &Addresses) -> Result<Server> {
    let own = scratch.join(kind.name());
    fs::create_dir_all(&own).context("no directory for the server")?;
    let program = program::own_copy(&server::build(Profile::Dev)?, &own)?;
    let mut addresses = addresses.each().filter(|(of, _)| *of == kind);
    let address = addresses
        .next()
        .map_or("127.0.0.1:0", |(_, address)| address);
    server::start_at(address, &program, &DATABASE)
}

/// In one browser.
pub(super) fn tests(browser: &Browser, scratch: &Path, addresses: &Addresses) -> Result<Command> {
    let template = fs::read_to_string("webdriver.json").context("webdriver.json")?;
    let settings = scratch.join(format!("webdriver-{}.json", browser.kind.name()));
    fs::write(&settings, capabilities(&template, browser)).context("webdriver.json")?;

    let mut tests = cargo(&["test", "-p", "webrtc-tour", "--test", "browser"]);
    tests.args(["--target", WASM]);
    // Known when they are compiled, and so the same for all browsers: in a browser there is no
    // environment.
    for (kind, address) in addresses.each() {
        let variable = format!("WEBRTC_TOUR_TEST_SERVER_{}", kind.name().to_uppercase());
        tests.env(variable, format!("http://{address}"));
    }
    tests.env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
        "wasm-bindgen-test-runner",
    );
    tests.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings);
    tests.env("WASM_BINDGEN_TEST_TIMEOUT", TIMEOUT);
    tests.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", START_TIMEOUT);
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
