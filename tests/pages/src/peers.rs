//! The pages that ours are compared with, on a server of their own.

use std::process::Command;
use std::{env, path::PathBuf};

use e2e::{Outcome, Process};

/// What people would write instead of our pages: plain JavaScript, and simple-peer over `ws`. It ends when
/// this is dropped.
pub(crate) struct Peers {
    address: String,
    _server: Process,
}

impl Peers {
    pub(crate) fn start() -> Outcome<Self> {
        let directory = env::var_os("WEBRTC_TOUR_PAGE_PEERS").map(PathBuf::from);
        let directory =
            directory.ok_or("WEBRTC_TOUR_PAGE_PEERS is not set: use `cargo xtask bench pages`")?;
        let mut node = Command::new("node");
        node.arg(directory.join("server.js"));
        let server = Process::start(&mut node)?;
        let port: u16 =
            server.wait_for_line(|line| line.strip_prefix("listening on ")?.parse().ok())?;
        Ok(Self {
            address: format!("127.0.0.1:{port}"),
            _server: server,
        })
    }

    /// Host and port.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}
