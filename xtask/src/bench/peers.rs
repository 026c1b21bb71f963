//! The servers that are compared: ours, and what people would pick instead, in the versions that
//! `tests/load/peers/package-lock.json` and `tools` name.

use std::{path::PathBuf, process::Command};

use super::node;
use crate::{
    error::Result,
    server::{self, Profile},
    tools,
};

const SOURCES: &str = "tests/load/peers";

pub(crate) struct Peer {
    pub(crate) name: &'static str,
    /// As the load generator calls what it speaks.
    pub(crate) dialect: &'static str,
    start: Start,
}

enum Start {
    Ours(PathBuf),
    Other(Vec<String>),
}

/// In the order of the table; ours is the first.
pub(crate) const NAMES: [&str; 4] = ["webrtc-tour", "socket.io", "PeerJS", "matchbox"];

impl Peer {
    /// Has the load generator start it.
    pub(crate) fn add_to(&self, load: &mut Command) {
        load.args(["--dialect", self.dialect]);
        match &self.start {
            Start::Ours(program) => load.arg("--program").arg(program),
            Start::Other(command) => load.arg("--").args(command),
        };
    }
}

/// Installs and builds them all.
pub(crate) fn set_up() -> Result<[Peer; 4]> {
    tools::matchbox_server().set_up()?;
    let node = node::set_up(SOURCES, "peers", &["socketio.js"])?;
    let script = |path: &str| node.join(path).display().to_string();
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    let mut peerjs: Vec<String> = words(&["node", &script("node_modules/peer/dist/bin/peerjs.js")]);
    // Its default refuses more than 5000 clients.
    peerjs.extend::<Vec<String>>(words(&["--host", "127.0.0.1", "--port", "{port}"]));
    peerjs.extend::<Vec<String>>(words(&["--concurrent_limit", "30000"]));
    let [ours, socketio, peer, matchbox] = NAMES;
    Ok([
        Peer {
            name: ours,
            dialect: "webrtc-tour",
            start: Start::Ours(server::build(Profile::Release)?),
        },
        Peer {
            name: socketio,
            dialect: "socketio",
            start: Start::Other(words(&["node", &script("socketio.js"), "{port}"])),
        },
        Peer {
            name: peer,
            dialect: "peerjs",
            start: Start::Other(peerjs),
        },
        Peer {
            name: matchbox,
            dialect: "matchbox",
            start: Start::Other(words(&["matchbox_server", "127.0.0.1:{port}"])),
        },
    ])
}
