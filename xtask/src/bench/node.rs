//! Programs that run on Node.js, with their packages from npm.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    error::{Context, Error, Result},
    process::{self, command, say},
    system, tools,
};

const LOCK: &str = "package-lock.json";

/// Copies `files` of the directory `sources` to a directory outside the repository, called `name`, with the
/// packages that its `package-lock.json` names; returns where.
pub(super) fn set_up(sources: &str, name: &str, files: &[&str]) -> Result<PathBuf> {
    for (program, package) in [("node", "nodejs"), ("npm", "npm")] {
        if tools::which(program).is_none() {
            system::apt_install(&[package]).map_err(|error| match error {
                Error::Interrupted => error,
                Error::Message(text) => {
                    Error::new(format!("{program} is missing ({text}): https://nodejs.org"))
                }
            })?;
        }
    }
    let directory = tools::cache().join("tools").join(name);
    let stamp = directory.join("installed");
    fs::create_dir_all(&directory).context(directory.display())?;
    for file in ["package.json", LOCK].iter().chain(files) {
        let source = Path::new(sources).join(file);
        fs::copy(&source, directory.join(file)).context(source.display())?;
    }
    let wanted = fs::read(directory.join(LOCK)).context(LOCK)?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(directory);
    }
    say(format!("npm ci in {}", directory.display()));
    let mut npm = command("npm");
    // What they need is all there; nothing of it has to be compiled.
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    process::run(npm.current_dir(&directory))?;
    fs::write(&stamp, wanted).context(stamp.display())?;
    Ok(directory)
}
