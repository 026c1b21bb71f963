//! The command line, and what of it makes no sense.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, ValueEnum};

use crate::dialect::Dialect;

/// Whoever needs more than this needs another tool.
const MAX_DURATION: Duration = Duration::from_secs(600);

/// Opens many clients in rooms, has them negotiate through a signaling server on this machine, and
/// prints what the server held, lost and cost
///
/// Ends with code 0 if every client was held and every message arrived once and in order.
#[derive(Clone, Debug, Parser)]
#[command(name = "signaling-load", max_term_width = 100)]
pub(crate) struct Config {
    #[command(flatten)]
    pub(crate) target: TargetArgs,

    /// What the server speaks
    #[arg(long, value_enum, default_value = "webrtc-tour")]
    pub(crate) dialect: Dialect,

    /// Clients
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub(crate) clients: u32,

    /// Clients in a room
    #[arg(long, value_name = "K", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) room: u32,

    /// New connections a second
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) connect_rate: u32,

    /// What clients do once all have joined
    #[arg(long, value_enum, default_value = "steady")]
    pub(crate) mode: Mode,

    /// Messages a second of all clients together, with --mode steady; a late one counts from
    /// when it was due
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) rate: u32,

    /// Messages under way from each client to each peer, with --mode saturated: one that arrives
    /// is answered by another
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) window: u32,

    /// How long to negotiate
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub(crate) duration: Duration,

    /// How long of that not to measure at first
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = duration)]
    pub(crate) warm_up: Duration,

    /// How long to wait before the memory of the idle server is read
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    pub(crate) settle: Duration,

    /// Connections cut a second, of all clients together; each comes back and goes on
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub(crate) drop_rate: u32,

    /// For which clients are cut, and how
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Threads of the load generator itself
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(crate) threads: u32,

    /// Print one line of JSON instead
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which server.
#[derive(Args, Clone, Debug)]
#[group(required = true, multiple = true)]
pub(crate) struct TargetArgs {
    /// A server that runs on this machine
    #[arg(long, value_name = "WS-URL", value_parser = loopback, conflicts_with_all = ["spawn", "program", "command"])]
    pub(crate) server: Option<SocketAddr>,

    /// The process of --server, to read its memory and CPU time from (Linux)
    #[arg(long, value_name = "PID", requires = "server", conflicts_with_all = ["spawn", "program", "command"])]
    pub(crate) server_pid: Option<u32>,

    /// Build this project's server, start it on a free port, and end it afterwards
    #[arg(long, conflicts_with_all = ["command"])]
    pub(crate) spawn: bool,

    /// As --spawn, but with a server that is built already
    #[arg(long, value_name = "PATH", conflicts_with_all = ["command"])]
    pub(crate) program: Option<PathBuf>,

    /// A server to start, and to end afterwards; {port} stands for the port on which it must
    /// listen
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// Stay silent
    Idle,
    /// Send at a given rate, however long answers take
    Steady,
    /// Send as fast as messages arrive
    Saturated,
}

impl Config {
    /// What single options cannot know of each other.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.drop_rate > 0 && self.dialect != Dialect::WebrtcTour {
            return Err("only with --dialect webrtc-tour a dropped client can come back".into());
        }
        if self.warm_up >= self.duration {
            return Err("--warm-up must be shorter than --duration".into());
        }
        if self.mode != Mode::Idle && (self.room < 2 || self.clients < 2) {
            return Err("a client alone in its room has nobody to negotiate with".into());
        }
        Ok(())
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(text)
        .map_err(|error| format!("{error}; write it like 5s or 200ms"))?;
    if duration > MAX_DURATION {
        return Err(format!(
            "at most {}",
            humantime::format_duration(MAX_DURATION)
        ));
    }
    Ok(duration)
}

/// The address in `ws://127.0.0.1:8080`, `ws://[::1]:8080` or `ws://localhost:8080`. This is a
/// way to bring a server to its knees, so it must be one's own.
fn loopback(url: &str) -> Result<SocketAddr, String> {
    let authority = url
        .strip_prefix("ws://")
        .ok_or("an address here begins with ws://")?;
    let authority = authority.strip_suffix('/').unwrap_or(authority);
    let address = authority.replace("localhost:", "127.0.0.1:");
    let address: SocketAddr = address
        .parse()
        .map_err(|_| "an address here is like ws://127.0.0.1:8080")?;
    if !address.ip().is_loopback() {
        return Err("load is put on this machine only, on a loopback address".to_owned());
    }
    Ok(address)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(args: &[&str]) -> Result<Config, String> {
        let args = std::iter::once(&"signaling-load").chain(args);
        let config = Config::try_parse_from(args).map_err(|error| error.to_string())?;
        config.check().map(|()| config)
    }

    #[test]
    fn flags_are_consistent() {
        Config::command().debug_assert();
    }

    #[test]
    fn a_server_is_named_or_started() {
        let named = parse(&["--server", "ws://127.0.0.1:8080", "--server-pid", "7"]).unwrap();
        assert_eq!(named.target.server, "127.0.0.1:8080".parse().ok());
        assert!(parse(&["--server", "ws://localhost:1/"]).is_ok());
        assert!(parse(&["--spawn"]).unwrap().target.spawn);
        assert!(parse(&["--program", "server"]).is_ok());
        let started = parse(&["--", "node", "peer.js", "{port}"]).unwrap();
        assert_eq!(started.target.command, ["node", "peer.js", "{port}"]);
    }

    #[test]
    fn only_this_machine_is_loaded() {
        for url in [
            "ws://192.0.2.1:80",
            "ws://example.org:80",
            "ws://0.0.0.0:80",
            "ws://[2001:db8::1]:80",
            "wss://127.0.0.1:80",
            "ws://127.0.0.1.example.org:80",
        ] {
            assert!(parse(&["--server", url]).is_err(), "{url}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for args in [
            &[][..],
            &["--spawn", "--server", "ws://127.0.0.1:1"],
            &["--server-pid", "7", "--spawn"],
            &["--spawn", "--", "node"],
            &["--spawn", "--clients", "0"],
            &["--spawn", "--clients", "1000000"],
            &["--spawn", "--duration", "1h"],
            &["--spawn", "--duration", "1s", "--warm-up", "1s"],
            &["--spawn", "--room", "1"],
            &["--drop-rate", "1", "--dialect", "peerjs", "--", "node"],
        ] {
            assert!(parse(args).is_err(), "{args:?}");
        }
    }
}
