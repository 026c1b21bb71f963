//! `cargo xtask dev`: trunk and the server side by side, both following the sources.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    thread,
    time::{Duration, SystemTime},
};

use crate::{
    error::{Error, Result},
    freshness::collect,
    process::{Running, command, say},
    server::{self, Profile},
    setup,
    steps::at_once,
};

const LOOK: Duration = Duration::from_millis(500);
/// Trunk watches the front end's sources itself.
const WATCHED: [&str; 2] = ["server", "Cargo.lock"];

pub(crate) fn run() -> Result<ExitCode> {
    let seen = latest_change()?;
    let (program, ()) = at_once(|| server::build(Profile::Dev), setup::for_trunk)?;
    match both(&program, seen) {
        // Ctrl-C is how one ends it.
        Err(Error::Interrupted) => Ok(ExitCode::SUCCESS),
        Err(error) => Err(error),
        Ok(never) => match never {},
    }
}

/// Until something fails or somebody ends it; then both are ended.
fn both(program: &Path, mut seen: Change) -> Result<std::convert::Infallible> {
    let mut server = Some(start(program)?);
    let mut trunk = Running::start(&mut trunk(&["serve"]))?;
    loop {
        thread::sleep(LOOK);
        if let Some(status) = trunk.poll()? {
            return Err(Error::new(format!("trunk ended: {status}")));
        }
        if let Some(running) = &mut server
            && let Some(status) = running.poll()?
        {
            say(format!(
                "the server ended: {status}; it is started again after the next change"
            ));
            server = None;
        }
        let now = latest_change()?;
        if now == seen {
            continue;
        }
        seen = now;
        say("the server changed");
        match server::build(Profile::Dev) {
            Ok(program) => {
                // The old one has the address until it is gone.
                drop(server.take());
                server = Some(start(&program)?);
            }
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            // The compiler has said what is wrong; the old one goes on.
            Err(Error::Message(text)) => say(text),
        }
    }
}

/// Trunk as `Trunk.toml` configures it.
pub(crate) fn trunk(arguments: &[&str]) -> Command {
    let mut trunk = command("trunk");
    // All its tools are there; it is not to ask the network for newer ones. (Its `--offline`
    // would keep cargo from downloading dependencies, too.)
    trunk.args(arguments).arg("--skip-version-check");
    // Its reading of this variable knows only `true` and `false`, not the usual `1`.
    trunk.env_remove("NO_COLOR");
    trunk
}

fn start(program: &Path) -> Result<Running> {
    // Where `Trunk.toml` sends what is for the server.
    Running::start(command(program).args(["--listen", "127.0.0.1:8080"]))
}

/// How many watched files there are, and when the latest was written.
type Change = (usize, Option<SystemTime>);

/// Changes whenever a watched file is written, added or removed.
fn latest_change() -> Result<Change> {
    let mut files = Vec::new();
    for path in WATCHED {
        collect(Path::new(path), &mut files)?;
    }
    let modified = |file: &PathBuf| fs::metadata(file).ok()?.modified().ok();
    Ok((files.len(), files.iter().filter_map(modified).max()))
}
