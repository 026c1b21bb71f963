//! Builds the server, says where its program is, and starts one for tests.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::mpsc,
    time::Duration,
};

use crate::{
    error::{Error, Result},
    process::{Running, cargo, command},
    program,
};

/// In which the server listens.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

pub(crate) fn build(profile: Profile) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--package", "webrtc-tour-server"]);
    build.args((profile == Profile::Release).then_some("--release"));
    program::compile(&mut build)
}

/// A server on this machine that listens, until this is dropped.
pub(crate) struct Server {
    _running: Running,
    /// Such as `http://127.0.0.1:8080`.
    pub(crate) address: String,
}

/// Starts one on some free port, which offers no ICE servers.
pub(crate) fn start(program: &Path, arguments: &[&str]) -> Result<Server> {
    let mut command = command(program);
    command.args(["--listen", "127.0.0.1:0", "--ice-servers", "[]"]);
    let mut running = Running::start(command.args(arguments).stdout(Stdio::piped()))?;
    // It announces itself when it can be reached.
    match running.lines()?.recv_timeout(PATIENCE) {
        Ok(line) => Ok(Server {
            _running: running,
            address: line.rsplit(' ').next().unwrap_or_default().to_owned(),
        }),
        Err(mpsc::RecvTimeoutError::Timeout) => {
            let limit = PATIENCE.as_secs();
            Err(Error::new(format!(
                "the server does not listen within {limit} s"
            )))
        }
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(Error::new("the server ended instead of listening"))
        }
    }
}
