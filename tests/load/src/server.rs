//! The server under load: one that runs already, or one that is started here and ends with us.

use std::env;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::args::Config;
use crate::usage::{self, Usage};

/// A server must listen within this time after its start.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// What our server says first, before the address.
const ANNOUNCEMENT: &str = "webrtc-tour listening on http://";

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("`{0}` cannot be started: {1}")]
    Start(String, io::Error),
    #[error("the server does not listen: {0}")]
    Silent(String),
    #[error("the server could not be built")]
    Build,
    #[error("no free port: {0}")]
    Port(#[from] io::Error),
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pid: Option<u32>,
    /// Killed on drop: there is nothing in it that is worth a polite end.
    child: Option<Child>,
}

impl Server {
    pub(crate) async fn find(config: &Config) -> Result<Self, Error> {
        let target = &config.target;
        if let Some(address) = target.server {
            return Ok(Self {
                address,
                pid: target.server_pid,
                child: None,
            });
        }
        match target.command.split_first() {
            Some((program, arguments)) => Self::start(program, arguments).await,
            None => {
                let program = match &target.program {
                    Some(program) => program.clone(),
                    None => build().await?,
                };
                Self::start_own(program, config).await
            }
        }
    }

    /// Ends it, if it was started here.
    pub(crate) async fn end(mut self) {
        if let Some(child) = &mut self.child {
            // An error means that it has ended already.
            let _ = child.kill().await;
        }
    }

    /// What its process takes now, if that can be known.
    pub(crate) fn usage(&self) -> Option<Usage> {
        usage::of(self.pid?)
    }

    /// This project's server, with limits that do not stand in the way.
    async fn start_own(program: PathBuf, config: &Config) -> Result<Self, Error> {
        let mut command = Command::new(&program);
        command.args(["--listen", "127.0.0.1:0", "--ice-servers", "[]"]);
        let clients = (config.clients + 100).to_string();
        for limit in ["--max-clients", "--max-rooms", "--max-connections"] {
            command.args([limit, &clients]);
        }
        command.args(["--mesh-capacity", &config.room.to_string()]);
        for limit in ["--message-rate", "--message-burst"] {
            command.args([limit, "1000000"]);
        }
        let name = program.display().to_string();
        let mut child = spawn(command.stdout(Stdio::piped()), &name)?;
        let stdout = child.stdout.take().ok_or(Error::Silent(name.clone()))?;
        let mut lines = BufReader::new(stdout).lines();
        let line = timeout(PATIENCE, lines.next_line()).await;
        let line = line.ok().and_then(Result::ok).flatten().unwrap_or_default();
        let address = line
            .strip_prefix(ANNOUNCEMENT)
            .and_then(|address| address.parse().ok())
            .ok_or(Error::Silent(name))?;
        Ok(Self {
            address,
            pid: child.id(),
            child: Some(child),
        })
    }

    /// Any server, on a port that was free a moment ago.
    async fn start(program: &str, arguments: &[String]) -> Result<Self, Error> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = free.local_addr()?;
        drop(free);
        let port = address.port().to_string();
        let mut command = Command::new(program);
        command.args(arguments.iter().map(|word| word.replace("{port}", &port)));
        let child = spawn(command.stdout(Stdio::null()), program)?;
        let server = Self {
            address,
            pid: child.id(),
            child: Some(child),
        };
        let listens = async {
            while TcpStream::connect(address).await.is_err() {
                sleep(POLL).await;
            }
        };
        let listens = timeout(PATIENCE, listens).await;
        listens.map_err(|_| Error::Silent(program.to_owned()))?;
        Ok(server)
    }
}

fn spawn(command: &mut Command, name: &str) -> Result<Child, Error> {
    if env::var_os("RUST_LOG").is_none() {
        // A log line for each connection would be a part of what is measured.
        command.env("RUST_LOG", "error");
    }
    command
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Error::Start(name.to_owned(), error))
}

/// Has cargo build this project's server as we were built, and says where it is.
async fn build() -> Result<PathBuf, Error> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = Command::new(&cargo);
    command.args(["build", "--package", "webrtc-tour-server"]);
    command.arg("--message-format=json-render-diagnostics");
    command.args((!cfg!(debug_assertions)).then_some("--release"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = command.stderr(Stdio::inherit()).output().await;
    let output = output.map_err(|error| Error::Start(cargo, error))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let program = messages.lines().filter_map(executable).next_back();
    program
        .filter(|_| output.status.success())
        .ok_or(Error::Build)
}

/// The path in one of cargo's messages.
fn executable(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    Some(message["executable"].as_str()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_in_cargos_messages() {
        let message = r#"{"reason":"compiler-artifact","executable":"/t/release/server"}"#;
        assert_eq!(executable(message), Some("/t/release/server".into()));
        assert_eq!(executable(r#"{"executable":null}"#), None);
    }
}
