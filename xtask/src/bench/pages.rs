//! Our pages and the same written in plain JavaScript, in real browsers; what is measured is in
//! `tests/pages`.

use std::process::ExitCode;

use super::node;
use crate::{
    browsers::{self, Kind},
    bundle,
    error::Result,
    process::{self, cargo, command},
    program,
    server::{self, Profile},
    steps::Steps,
};

const SOURCES: &str = "tests/pages/peers";
const FILES: [&str; 4] = [
    "server.js",
    "room.html",
    "peer-connection.html",
    "data-channel.html",
];

pub(super) fn run(rounds: u32, filter: Option<&str>) -> Result<ExitCode> {
    let peers = node::set_up(SOURCES, "page-peers", &FILES)?;
    let dist = bundle::build("/", &Steps::begin())?;
    let server = server::build(Profile::Release)?;
    let bench = program::compile(&mut cargo(&["build", "--package", "page-bench"]))?;
    let mut bench = command(bench);
    bench.args(["--rounds", &rounds.to_string()]).args(filter);
    bench
        .env("WEBRTC_TOUR_DIST", dist)
        .env("WEBRTC_TOUR_SERVER", server)
        .env("WEBRTC_TOUR_PAGE_PEERS", peers);
    for kind in Kind::ALL {
        let browser = browsers::set_up(kind)?;
        bench.env(kind.binary_variable(), &browser.binary);
        bench.env(kind.driver_variable(), &browser.driver);
    }
    process::run(&mut bench)?;
    Ok(ExitCode::SUCCESS)
}
