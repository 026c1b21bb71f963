//! The servers that are compared: ours, and what people would pick instead, in the versions that
//! `tests/load/peers/package-lock.json` and `tools` name.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    error::{Context, Error, Result},
    process::{self, command, say},
    server::{self, Profile},
    system, tools,
};

const SOURCES: &str = "tests/load/peers";
const LOCK: &str = "package-lock.json";

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
    let node = set_up_node()?;
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

/// The directory with the servers that run on Node.js, outside the repository.
fn set_up_node() -> Result<PathBuf> {
    for (program, package) in [("node", "nodejs"), ("npm", "npm")] {
        if tools::which(program).is_none() {
            system::apt_install(&[package]).map_err(|error| match error {
                Error::Interrupted => error,
                Error::Message(text) => {
                    Error::new(format!("{program} is missing ({text}): https://nodejs.org"))
                }
            })?;
        }
    }
    let directory = tools::cache().join("tools").join("peers");
    let stamp = directory.join("installed");
    fs::create_dir_all(&directory).context(directory.display())?;
    for file in ["package.json", LOCK, "socketio.js"] {
        let source = Path::new(SOURCES).join(file);
        fs::copy(&source, directory.join(file)).context(source.display())?;
    }
    let wanted = fs::read(directory.join(LOCK)).context(LOCK)?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(directory);
    }
    say(format!("npm ci in {}", directory.display()));
    let mut npm = command("npm");
    // What they need is all there; nothing of it has to be compiled.
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    process::run(npm.current_dir(&directory))?;
    fs::write(&stamp, wanted).context(stamp.display())?;
    Ok(directory)
}
