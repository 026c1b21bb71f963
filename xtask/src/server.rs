//! Builds the server, says where its program is, and starts one for tests.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    sync::mpsc,
    time::Duration,
};

use crate::{
    error::{Context, Error, Result},
    process::{Running, cargo, command, nice_cargo},
    program,
    steps::Steps,
};

/// In which the server listens.
const PATIENCE: Duration = Duration::from_secs(30);

/// In `Cargo.toml`.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Profile {
    Dev,
    Serve,
    Release,
}

pub(crate) fn build(profile: Profile) -> Result<PathBuf> {
    program::compile(&mut cargo(&build_arguments(profile)))
}

/// The same, beside other steps: it is the last that is needed.
pub(crate) fn build_as_step(profile: Profile, steps: &Steps) -> Result<PathBuf> {
    let mut build = nice_cargo(19, &build_arguments(profile));
    program::compile_as_step(steps, "compiling the server", &mut build)
}

fn build_arguments(profile: Profile) -> [&'static str; 5] {
    let profile = match profile {
        Profile::Dev => "dev",
        Profile::Serve => "serve",
        Profile::Release => "release",
    };
    [
        "build",
        "--package",
        "webrtc-tour-server",
        "--profile",
        profile,
    ]
}

/// A server on this machine that listens, until this is dropped.
pub(crate) struct Server {
    _running: Running,
}

/// Nobody else gets the ports meanwhile, but by chance; then the server says so and ends.
pub(crate) fn free_addresses<const N: usize>() -> Result<[String; N]> {
    // All are held until all are known, or two could be the same.
    let mut held = Vec::new();
    let mut addresses = [const { String::new() }; N];
    for address in &mut addresses {
        let listener = TcpListener::bind("127.0.0.1:0").context("there is no free port")?;
        let local = listener.local_addr().context("there is no free port")?;
        *address = local.to_string();
        held.push(listener);
    }
    Ok(addresses)
}

/// Starts one on some free port, which offers no ICE servers.
pub(crate) fn start(program: &Path, arguments: &[&str]) -> Result<Server> {
    start_at("127.0.0.1:0", program, arguments)
}

/// The same, at this address.
pub(crate) fn start_at(address: &str, program: &Path, arguments: &[&str]) -> Result<Server> {
    let mut command = command(program);
    command.args(["--listen", address, "--ice-servers", "[]"]);
    let mut running = Running::start(command.args(arguments).stdout(Stdio::piped()))?;
    // It announces itself when it can be reached.
    match running.lines()?.recv_timeout(PATIENCE) {
        Ok(_) => Ok(Server { _running: running }),
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
