//! Has cargo compile a program, and says where it is.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{
    error::{Context, Error, Result},
    process,
};

const LIMIT: Duration = Duration::from_secs(30 * 60);

/// Runs a `cargo build` of one program.
pub(crate) fn compile(build: &mut Command) -> Result<PathBuf> {
    // Asked of cargo, because there are many ways to configure where it puts things.
    build.arg("--message-format=json-render-diagnostics");
    let mut program = None;
    let status = process::run_with_lines(build, LIMIT, |line| {
        program = executable(line).or(program.take());
    })?;
    if !status.success() {
        let shown = process::shown(build);
        return Err(Error::new(format!("`{shown}` failed: {status}")));
    }
    program.ok_or_else(|| Error::new("cargo compiled, but names no program"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_in_cargos_messages() {
        let message =
            r#"{"reason":"compiler-artifact","executable":"/t/debug/server","fresh":true}"#;
        assert_eq!(executable(message), Some("/t/debug/server".into()));
        let windows = r#"{"executable":"C:\\t\\server.exe"}"#;
        assert_eq!(executable(windows), Some(r"C:\t\server.exe".into()));
        assert_eq!(executable(r#"{"executable":null}"#), None);
    }
}
