//! The programs that cargo can install, in exactly the versions this project was tested with.
//!
//! They live outside the repository, so all clones of a machine share them.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    error::{Context, Error, Result},
    process::{self, cargo, command, say},
};

pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Newer ones want a newer compiler than `rust-toolchain.toml` names.
const TRUNK_VERSION: &str = "0.21.14";
const MATCHBOX_VERSION: &str = "0.15.0";
const GECKODRIVER_VERSION: &str = "0.37.1";
const CARGO_DENY_VERSION: &str = "0.20.2";

/// A program from crates.io.
pub(crate) struct Tool {
    package: &'static str,
    binary: &'static str,
    version: String,
    /// Whether to compile it with the dependencies its authors did.
    locked: bool,
    /// Whether it answers `--version`.
    introduces_itself: bool,
}

pub(crate) fn trunk() -> Tool {
    Tool {
        package: "trunk",
        binary: "trunk",
        version: TRUNK_VERSION.to_owned(),
        locked: true,
        introduces_itself: true,
    }
}

pub(crate) fn geckodriver() -> Tool {
    Tool {
        package: "geckodriver",
        binary: "geckodriver",
        version: GECKODRIVER_VERSION.to_owned(),
        locked: true,
        introduces_itself: true,
    }
}

/// Looks at what the project depends on.
pub(crate) fn cargo_deny() -> Tool {
    Tool {
        package: "cargo-deny",
        binary: "cargo-deny",
        version: CARGO_DENY_VERSION.to_owned(),
        locked: true,
        introduces_itself: true,
    }
}

/// A signaling server to compare ours with.
pub(crate) fn matchbox_server() -> Tool {
    Tool {
        package: "matchbox_server",
        binary: "matchbox_server",
        version: MATCHBOX_VERSION.to_owned(),
        locked: true,
        introduces_itself: false,
    }
}

/// Its version must be the one of the library that the front end is compiled with.
pub(crate) fn wasm_bindgen() -> Result<Tool> {
    let lock = fs::read_to_string("Cargo.lock").context("Cargo.lock cannot be read")?;
    let version = locked_version(&lock, "wasm-bindgen")
        .ok_or_else(|| Error::new("Cargo.lock does not name a version of wasm-bindgen"))?;
    Ok(Tool {
        package: "wasm-bindgen-cli",
        binary: "wasm-bindgen",
        version: version.to_owned(),
        // Its lock file may name a version that was withdrawn.
        locked: false,
        introduces_itself: true,
    })
}

impl Tool {
    /// Installs it unless the right version is there; returns what it says of itself.
    pub(crate) fn set_up(&self) -> Result<String> {
        if let Some(found) = self.find() {
            return Ok(found);
        }
        let (package, version) = (self.package, &self.version);
        say(format!(
            "installing {package} {version} (once per machine, a few minutes)"
        ));
        let binstall = process::output(cargo(&["binstall", "-V"]).env("CARGO_TERM_QUIET", "true"));
        if binstall.is_some() {
            // Failing is fine: there may be no binary for this machine.
            let _ = process::run(&mut self.binstall());
        }
        if self.find().is_none() {
            process::run(&mut self.install())?;
        }
        self.find().ok_or_else(|| {
            Error::new(format!(
                "{package} {version} was installed to {} but does not run there",
                cache().join("tools").display()
            ))
        })
    }

    fn find(&self) -> Option<String> {
        if !self.introduces_itself {
            return self.find_installed();
        }
        let said = process::output(command(self.binary).arg("--version"))?;
        let line = said.lines().next()?;
        is_version(line, &self.version).then(|| line.to_owned())
    }

    /// What cargo wrote down when it installed it.
    fn find_installed(&self) -> Option<String> {
        let installed = fs::read_to_string(cache().join("tools/.crates.toml")).ok()?;
        let name = format!("{} {}", self.package, self.version);
        (is_installed(&installed, &name) && which(self.binary).is_some()).then_some(name)
    }

    fn binstall(&self) -> Command {
        let mut command = cargo(&[
            "binstall",
            "--no-confirm",
            "--disable-strategies",
            "compile",
        ]);
        command.arg("--root").arg(cache().join("tools"));
        command.arg(format!("{}@{}", self.package, self.version));
        command
    }

    fn install(&self) -> Command {
        let mut command = cargo(&["install", self.package, "--version", &self.version]);
        command.arg("--root").arg(cache().join("tools"));
        command.args(self.locked.then_some("--locked"));
        // In a directory of its own: it would lock ours for minutes, and fill it.
        command.env_remove("CARGO_TARGET_DIR");
        command.env_remove("CARGO_BUILD_TARGET_DIR");
        command
    }
}

/// Where everything lives that clones of this repository share.
pub(crate) fn cache() -> PathBuf {
    let variable = |name| env::var_os(name).filter(|value| !value.is_empty());
    let base = variable("XDG_CACHE_HOME").map(PathBuf::from);
    let base = base.or_else(|| Some(PathBuf::from(variable("HOME")?).join(".cache")));
    let base = base.or_else(|| variable("LOCALAPPDATA").map(PathBuf::from));
    base.unwrap_or_else(env::temp_dir).join("webrtc-tour")
}

/// `PATH` with our own tools first, so that what was checked is what runs.
pub(crate) fn search_path() -> OsString {
    let ours = cache().join("tools").join("bin");
    let theirs = env::var_os("PATH").unwrap_or_default();
    let all = std::iter::once(ours).chain(env::split_paths(&theirs));
    env::join_paths(all).unwrap_or(theirs)
}

/// The full path of a program.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    let path = search_path();
    let mut candidates = env::split_paths(&path).map(|directory| directory.join(&file));
    candidates.find(|candidate| candidate.is_file())
}

/// Compiler parts: said explicitly, because rustup may be told not to install by itself.
pub(crate) fn set_up_components() -> Result<()> {
    for (component, probe) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if process::output(&mut cargo(&[probe, "--version"])).is_none() {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

pub(crate) fn set_up_wasm_target() -> Result<()> {
    let mut probe = command("rustc");
    probe.args(["--print", "target-libdir", "--target", WASM]);
    if process::output(&mut probe).is_some_and(|libraries| Path::new(&libraries).is_dir()) {
        return Ok(());
    }
    rustup(&["target", "add", WASM])
}

fn rustup(arguments: &[&str]) -> Result<()> {
    let mut command = command("rustup");
    command.args(arguments);
    let shown = process::shown(&command);
    say(&shown);
    process::run(&mut command).map_err(|error| match error {
        Error::Interrupted => error,
        Error::Message(text) => Error::Message(format!(
            "{text}. Without rustup (https://rustup.rs), do what `{shown}` would have done with \
             the package manager that your Rust comes from"
        )),
    })
}

/// The version of a package in a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    version.strip_suffix('"')
}

/// Whether cargo's list of installed packages has `name`, a package and its version.
fn is_installed(list: &str, name: &str) -> bool {
    let start = format!("\"{name} ");
    list.lines().any(|line| line.starts_with(&start))
}

/// Whether a program that introduces itself so has exactly this version.
fn is_version(said: &str, version: &str) -> bool {
    said.split_whitespace().nth(1) == Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen-backend"
version = "0.2.99"

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
source = "registry+https://github.com/rust-lang/crates.io-index"
"#;

    #[test]
    fn the_lock_file_names_the_version_of_a_package() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
        assert_eq!(locked_version("", "wasm-bindgen"), None);
    }

    /// Cargo sees to it; this says what to change when it does not.
    #[test]
    fn the_program_and_what_makes_its_javascript_have_one_version() {
        let lock = include_str!("../../Cargo.lock");
        let [program, support] =
            ["wasm-bindgen", "wasm-bindgen-cli-support"].map(|of| locked_version(lock, of));
        assert!(program.is_some());
        assert_eq!(
            program, support,
            "wasm-bindgen and wasm-bindgen-cli-support"
        );
    }

    #[test]
    fn cargo_lists_what_it_installed() {
        let list = "[v1]\n\"trunk 0.21.14 (registry+https://example.org)\" = [\"trunk\"]\n";
        assert!(is_installed(list, "trunk 0.21.14"));
        assert!(!is_installed(list, "trunk 0.21.1"));
    }

    #[test]
    fn only_the_exact_version_will_do() {
        assert!(is_version("trunk 0.21.14", "0.21.14"));
        assert!(is_version("geckodriver 0.37.1 ( 2026-01-01)", "0.37.1"));
        assert!(!is_version("trunk 0.21.140", "0.21.14"));
        assert!(!is_version("trunk", "0.21.14"));
    }
}
