//! What the project depends on: licences, versions that are there twice, sources, advisories.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    error::{Error, Result},
    process::{self, Running, cargo, say},
    tools,
};

const SETTINGS: &str = ".cargo/deny.toml";

/// A network that answers nothing at all must not hold everything up.
const FETCH_LIMIT: Duration = Duration::from_secs(60);

pub(crate) fn check() -> Result<()> {
    tools::cargo_deny().set_up()?;
    let mut checks = vec!["bans", "licenses", "sources"];
    if has_advisories()? {
        checks.push("advisories");
    } else {
        say("advisories SKIPPED: their database, on GitHub, cannot be fetched from here");
    }
    let mut check = deny(&["check", "--hide-inclusion-graph"]);
    process::run(check.args(checks))
}

/// Fetches the newest advisories.
fn has_advisories() -> Result<bool> {
    let mut fetch = deny(&["fetch", "db"]);
    // It is git that fetches, and nobody is there to give it a password.
    fetch.env("GIT_TERMINAL_PROMPT", "0");
    let deadline = Instant::now() + FETCH_LIMIT;
    let mut fetching = Running::start(&mut fetch)?;
    match fetching.wait(Some(deadline)) {
        Ok(status) => Ok(status.success()),
        Err(Error::Message(_)) => Ok(false),
        Err(Error::Interrupted) => Err(Error::Interrupted),
    }
}

fn deny(arguments: &[&str]) -> Command {
    let mut command = cargo(&["deny", "--workspace", "--config", SETTINGS]);
    command.args(arguments);
    command
}
