//! The database of the server under a client that others wrote: Google's Admin SDK for Python.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{
    error::{Context, Error, Result},
    process::{self, command, say},
    program,
    server::{self, Profile},
    system::apt_install,
    tools,
};

/// Every package with its version and its hashes. Made of `requirements.in` by
/// `uv pip compile --universal --python-version 3.10 --generate-hashes --no-header`.
const REQUIREMENTS: &str = "tests/python/requirements.txt";
const TESTS: &str = "tests/python/run.py";

/// The oldest Python that those versions run on.
const OLDEST: &str = "3.10";

/// Debian's.
const PACKAGES: [&str; 2] = ["python3", "python3-venv"];

/// The tests bound their own time below this.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// The tests, against a server that is started for them; each line of theirs is handed on.
pub(crate) fn check(
    directory: &Path,
    filter: Option<&str>,
    on_line: impl FnMut(&str),
) -> Result<()> {
    let environment = set_up()?;
    let server = program::own_copy(&server::build(Profile::Dev)?, directory)?;
    let [database] = server::free_addresses()?;
    // The SDK sees the end of a stream with the next word that comes on it, so there is one often.
    let _server = server::start(
        &server,
        &["--rtdb-listen", &database, "--rtdb-keep-alive", "1s"],
    )?;
    let mut tests = command(python(&environment));
    // Its bytecode would lie beside the sources.
    tests.args(["-B", TESTS]).args(filter);
    tests.env("FIREBASE_DATABASE_EMULATOR_HOST", &database);
    let status = process::run_with_lines(&mut tests, LIMIT, on_line)?;
    if status.success() {
        return Ok(());
    }
    let shown = process::shown(&tests);
    Err(Error::new(format!("`{shown}`: {status}")))
}

/// Where the environment is that has the SDK, made if need be.
pub(crate) fn set_up() -> Result<PathBuf> {
    let requirements = fs::read_to_string(REQUIREMENTS).context(REQUIREMENTS)?;
    let (system, version) = find()?;
    let mut hasher = DefaultHasher::new();
    (&requirements, &version).hash(&mut hasher);
    // One for each list of packages, for all clones of this machine.
    let name = format!("python-{:016x}", hasher.finish());
    let environment = tools::cache().join(&name);
    if environment.is_dir() {
        return Ok(environment);
    }
    say("installing the Firebase Admin SDK for Python (once per machine, a minute)");
    // Whatever is there under its name is whole, whoever else makes it at the same time.
    let new = tools::cache().join(format!("{name}.{}", std::process::id()));
    let installed = install(system, &new);
    if installed.is_ok() && fs::rename(&new, &environment).is_ok() {
        return Ok(environment);
    }
    // What cannot be removed is only in nobody's way.
    let _ = fs::remove_dir_all(&new);
    installed?;
    if environment.is_dir() {
        return Ok(environment);
    }
    let shown = environment.display();
    Err(Error::new(format!(
        "{shown} cannot be made of {}",
        new.display()
    )))
}

/// The interpreter in there.
fn python(environment: &Path) -> PathBuf {
    environment.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    })
}

fn install(system: &str, environment: &Path) -> Result<()> {
    let mut create = command(system);
    create.args(["-m", "venv", "--clear"]).arg(environment);
    process::run(&mut create)?;
    let mut install = command(python(environment));
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    // Exactly these files, and nothing that has to be compiled.
    install.args(["--require-hashes", "--no-deps", "--only-binary", ":all:"]);
    install.args(["--requirement", REQUIREMENTS]);
    process::run(&mut install)
}

/// A Python that is new enough and can make environments, and its version; installed if need be.
pub(crate) fn find() -> Result<(&'static str, String)> {
    if let Some(found) = find_installed() {
        return Ok(found);
    }
    let wanted = format!(
        "the Firebase Admin SDK needs Python {OLDEST} or newer, with its module venv: install it \
         from https://www.python.org or your system's packages, or leave this part out with --only"
    );
    apt_install(&PACKAGES).map_err(|error| match error {
        Error::Interrupted => error,
        Error::Message(text) => Error::new(format!("{wanted} ({text})")),
    })?;
    find_installed().ok_or_else(|| Error::new(wanted))
}

fn find_installed() -> Option<(&'static str, String)> {
    let found = ["python3", "python"].into_iter().find_map(|name| {
        // Debian's Python has the last two only with a package of their own.
        let ask = "import platform, venv, ensurepip; print(platform.python_version())";
        Some((name, process::output(Command::new(name).args(["-c", ask]))?))
    });
    found.filter(|(_, said)| numbers(said) >= numbers(OLDEST))
}

/// `[3, 11]` of `3.11.7`.
fn numbers(version: &str) -> Vec<u32> {
    let parts = version.split('.').take(2);
    parts.map(|part| part.parse().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(numbers("3.10.2") >= numbers(OLDEST));
        assert!(numbers("3.9.20") < numbers(OLDEST));
        assert!(numbers("2.7.18") < numbers(OLDEST));
        assert!(numbers("4.0.0rc1") >= numbers(OLDEST));
    }
}
