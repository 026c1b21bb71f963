//! Has cargo compile a program, and says where it is.

use std::{
    fs,
    io::IsTerminal,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use crate::{
    error::{Context, Error, Result},
    process,
    steps::Steps,
};

const LIMIT: Duration = Duration::from_secs(30 * 60);

/// Runs a `cargo build` of one program.
pub(crate) fn compile(build: &mut Command) -> Result<PathBuf> {
    compile_with(build, |_| {})
}

/// The same as a step of several that may be going on at once: says how far it is, and only what is
/// wrong besides.
pub(crate) fn compile_as_step(
    steps: &Steps,
    name: &'static str,
    build: &mut Command,
) -> Result<PathBuf> {
    build
        .stderr(Stdio::piped())
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "100");
    if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        build.env("CARGO_TERM_COLOR", "always");
    }
    steps.step_with_progress(name, |progress| {
        compile_with(build, |said| match Said::read(said) {
            Said::Progress(how_far) => progress(how_far),
            Said::Done => {}
            Said::Other => eprintln!("{said}"),
        })
    })
}

/// `on_said` is called with each line of standard error, if that is piped.
fn compile_with(build: &mut Command, on_said: impl Fn(&str)) -> Result<PathBuf> {
    // Asked of cargo, because there are many ways to configure where it puts things.
    build.arg("--message-format=json-render-diagnostics");
    let mut program = None;
    let status = process::run_with_lines(build, LIMIT, |line| {
        if line.starts_with("{\"reason\":") {
            program = executable(line).or_else(|| module(line)).or(program.take());
        } else {
            on_said(line);
        }
    })?;
    if !status.success() {
        let shown = process::shown(build);
        return Err(Error::new(format!("`{shown}` failed: {status}")));
    }
    program.ok_or_else(|| Error::new("cargo compiled, but names no program"))
}

/// What a line is that cargo says of its work.
#[derive(Debug, PartialEq)]
enum Said<'a> {
    /// How far it is, or what it waits for: `12/345: one, another`, of
    /// `    Building [==>      ] 12/345: one, another`.
    Progress(&'a str),
    /// What progress says, too.
    Done,
    Other,
}

impl<'a> Said<'a> {
    fn read(line: &'a str) -> Self {
        // In colour there are escape sequences around the first word.
        let escape = |c: char| c.is_ascii_digit() || " \u{1b}[;m".contains(c);
        let said = line.trim_start_matches("\u{1b}[K");
        let said = said.trim_start_matches(escape);
        let is = |word| said.starts_with(word);
        if is("Building") || is("Downloading") || is("Blocking") {
            let after = said.split_once("] ").or_else(|| said.split_once(' '));
            return Self::Progress(after.map_or("", |(_, after)| after));
        }
        if is("Compiling") || is("Downloaded") || is("Finished") {
            return Self::Done;
        }
        Self::Other
    }
}

/// Another clone that shares our target directory may replace the program meanwhile.
pub(crate) fn own_copy(program: &Path, directory: &Path) -> Result<PathBuf> {
    let copy = directory.join(program.file_name().unwrap_or(program.as_os_str()));
    fs::copy(program, &copy).context("a program cannot be copied")?;
    Ok(copy)
}

/// The path in one of cargo's messages.
fn executable(message: &str) -> Option<PathBuf> {
    let (_, rest) = message.split_once("\"executable\":\"")?;
    let (path, _) = rest.split_once('"')?;
    Some(path.replace("\\\\", "\\").into())
}

/// The path of a WebAssembly module that is no program.
fn module(message: &str) -> Option<PathBuf> {
    let (_, rest) = message.split_once("\"filenames\":[\"")?;
    let (path, _) = rest
        .split_once('"')
        .filter(|(path, _)| path.ends_with(".wasm"))?;
    Some(path.replace("\\\\", "\\").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_progress_is_told_from_what_else_it_says() {
        let bold = "\u{1b}[1m\u{1b}[92m    Building\u{1b}[0m [=>    ] 2/9: quote(build.rs), serde";
        for building in ["    Building [=>    ] 2/9: quote(build.rs), serde", bold] {
            let progress = Said::Progress("2/9: quote(build.rs), serde");
            assert_eq!(Said::read(building), progress);
        }
        let progress = Said::Progress("12 crates, remaining bytes: 1.2MiB");
        let downloading = " Downloading 12 crates, remaining bytes: 1.2MiB";
        assert_eq!(Said::read(downloading), progress);
        assert_eq!(Said::read("   Compiling leptos v0.8.23"), Said::Done);
        let progress = Said::Progress("waiting for file lock on package cache");
        let blocking = "    Blocking waiting for file lock on package cache";
        assert_eq!(Said::read(blocking), progress);
        for other in ["error[E0308]: mismatched types", ""] {
            assert_eq!(Said::read(other), Said::Other);
        }
    }

    #[test]
    fn the_program_is_found_in_cargos_messages() {
        let message =
            r#"{"reason":"compiler-artifact","executable":"/t/debug/server","fresh":true}"#;
        assert_eq!(executable(message), Some("/t/debug/server".into()));
        let windows = r#"{"executable":"C:\\t\\server.exe"}"#;
        assert_eq!(executable(windows), Some(r"C:\t\server.exe".into()));
        assert_eq!(executable(r#"{"executable":null}"#), None);
        let message = r#"{"filenames":["/t/a.wasm"],"executable":null}"#;
        assert_eq!(module(message), Some("/t/a.wasm".into()));
        assert_eq!(module(r#"{"filenames":["/t/liba.rlib"]}"#), None);
    }
}
