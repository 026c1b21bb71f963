//! Builds the server and says where its program is.

use std::{path::PathBuf, time::Duration};

use crate::{
    error::{Error, Result},
    process::{self, cargo},
};

const LIMIT: Duration = Duration::from_secs(30 * 60);

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

pub(crate) fn build(profile: Profile) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--package", "webrtc-tour-server"]);
    build.args((profile == Profile::Release).then_some("--release"));
    // Asked of cargo, because there are many ways to configure where it puts things.
    build.arg("--message-format=json-render-diagnostics");
    let mut program = None;
    let status = process::run_with_lines(&mut build, LIMIT, |line| {
        program = executable(line).or(program.take());
    })?;
    if !status.success() {
        return Err(Error::new("the server does not compile"));
    }
    program.ok_or_else(|| Error::new("the server compiled, but cargo names no program"))
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
