//! `cargo xtask`: everything one does with this repository besides editing it.
//!
//! Each command sets up what it needs before it starts, so a Rust toolchain is all that a
//! fresh clone asks for.

mod args;
mod axe;
mod bench;
mod browsers;
mod bundle;
mod compress;
mod deny;
mod dev;
mod error;
mod ffprobe;
mod freshness;
mod load;
mod lock;
mod page;
mod pages;
mod process;
mod program;
mod python;
mod segmentation;
mod serve;
mod server;
mod setup;
mod size;
mod split;
mod steps;
mod strip;
mod styles;
mod summary;
mod system;
mod tally;
mod test;
mod tools;

use std::process::ExitCode;

use args::Task;
use error::{Error, Result};
use steps::Steps;

const HELP: &str = "\
cargo xtask <command>

  serve [--listen ADDR] [--open] [-- SERVER OPTIONS]
        Build everything and serve it on http://127.0.0.1:8080 (or ADDR); --open shows it in
        the browser. What follows `--` goes to the server: `-- --help` lists its options.
  dev   The front end rebuilt and reloaded on every change, on http://127.0.0.1:8000, with
        the server beside it, restarted when its sources change.
  test  [--only native|load|python|browser|e2e] [--browser chrome|firefox] [FILTER]
        Check everything, or only a part of it, or only the tests whose names contain FILTER.
  build [--public-url URL]
        The static bundle in dist/, for any HTTPS host. URL is where it will live: /path/, or
        https://host/path/, with which the pages say their addresses to search engines, and chats
        show a picture of a link.
  size  What each address loads when it is opened first, against its budget.
  bench pages [--rounds N] [NAME]
        How long our pages take beside the same in plain JavaScript and with simple-peer: loading,
        joining, the first frame, work of the main thread; or only what has NAME in its name. Wants
        a machine with nothing else to do, Node.js, and some six minutes for each of its 3 rounds.
  bench signaling [--rounds N]
        Our signaling server against others, by memory, CPU time and latency under load. Wants
        a machine with nothing else to do, Node.js, and some ten minutes for its 3 rounds.
  setup Set up what the commands above need, and print the versions.
  help  This text.

Tools are installed once per machine, in ~/.cache/webrtc-tour (or $XDG_CACHE_HOME).";

fn main() -> ExitCode {
    let outcome = process::watch_signals().and_then(|()| run());
    let code = match outcome {
        Ok(code) => code,
        Err(Error::Interrupted) => {
            eprintln!("interrupted");
            ExitCode::from(130)
        }
        Err(Error::Message(text)) => {
            eprintln!("error: {text}");
            ExitCode::FAILURE
        }
    };
    process::end_leftovers();
    code
}

fn run() -> Result<ExitCode> {
    let task = args::parse(lexopt::Parser::from_env())?;
    process::enter_repository()?;
    match task {
        Task::Serve(options) => serve::run(&options),
        Task::Dev => dev::run(),
        Task::Test(options) => test::run(&options),
        Task::Build { public_url } => build(&public_url),
        Task::Bench(options) => bench::run(&options),
        Task::Size => size::run(),
        Task::Setup => setup::run(),
        Task::Help => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn build(public_url: &str) -> Result<ExitCode> {
    let steps = Steps::begin();
    let dist = bundle::build(public_url, &steps)?;
    println!("{}", steps.table());
    process::say(format!("the bundle is in {}", dist.display()));
    Ok(ExitCode::SUCCESS)
}
