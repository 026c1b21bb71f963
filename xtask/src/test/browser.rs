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

pub(super) fn start_server(scratch: &Path, address: &str) -> Result<Server> {
    let program = program::own_copy(&server::build(Profile::Dev)?, scratch)?;
    server::start_at(address, &program, &DATABASE)
}

/// In one browser.
pub(super) fn tests(browser: &Browser, scratch: &Path, server: &Server) -> Result<Command> {
    let template = fs::read_to_string("webdriver.json").context("webdriver.json")?;
    let settings = scratch.join(format!("webdriver-{}.json", browser.kind.name()));
    fs::write(&settings, capabilities(&template, browser)).context("webdriver.json")?;

    let mut tests = cargo(&["test", "-p", "webrtc-tour", "--test", "browser"]);
    tests.args(["--target", WASM]);
    // Known when they are compiled: in a browser there is no environment.
    tests.env("WEBRTC_TOUR_TEST_SERVER", &server.address);
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
