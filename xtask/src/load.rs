//! The load generator: its short run in `cargo xtask test`, and how to start it.

use std::{path::Path, path::PathBuf, process::Command, time::Duration};

use crate::{
    error::{Error, Result},
    process::{self, cargo, command},
    program,
    server::{self, Profile},
};

/// Of one run; the load generator bounds its own time far below.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// Clients, many of which lose their connections meanwhile, in rooms of different sizes.
const SHORT: [&str; 2] = ["4", "8"];

pub(crate) fn build(profile: Profile) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--package", "signaling-load"]);
    build.args((profile == Profile::Release).then_some("--release"));
    program::compile(&mut build)
}

/// That nothing is lost, sent twice or out of order, and nobody is left behind. How fast that is
/// depends on the machine, and is not asked.
pub(crate) fn check(directory: &Path) -> Result<()> {
    // As the tests are compiled, so that this takes seconds.
    let server = program::own_copy(&server::build(Profile::Dev)?, directory)?;
    let generator = program::own_copy(&build(Profile::Dev)?, directory)?;
    for room in SHORT {
        let mut load = command(&generator);
        load.arg("--program").arg(&server);
        load.args(["--clients", "64", "--room", room, "--settle", "0s"]);
        load.args(["--rate", "1000", "--duration", "5s", "--drop-rate", "20"]);
        run(&mut load, |line| println!("{line}"))?;
    }
    Ok(())
}

/// Runs the load generator; an error if anything went wrong with the server.
pub(crate) fn run(load: &mut Command, on_line: impl FnMut(&str)) -> Result<()> {
    let status = process::run_with_lines(load, LIMIT, on_line)?;
    if status.success() {
        return Ok(());
    }
    Err(Error::new(format!("`{}`: {status}", process::shown(load))))
}
