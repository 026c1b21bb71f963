//! Many clients at once against a signaling server, and an exact account of what it did.

mod account;
mod args;
mod client;
mod dialect;
mod outcome;
mod payload;
mod probe;
mod report;
mod run;
mod server;
mod socket;
mod stage;
mod usage;

use std::process::ExitCode;

use args::Config;
use clap::Parser;
use server::Server;

/// File descriptors that are not connections.
const OTHER_FILES: u64 = 100;

fn main() -> ExitCode {
    let config = Config::parse();
    match start(&config) {
        Ok(code) => code,
        Err(text) => {
            eprintln!("signaling-load: {text}");
            ExitCode::from(2)
        }
    }
}

fn start(config: &Config) -> Result<ExitCode, String> {
    config.check()?;
    allow_files(u64::from(config.clients) + OTHER_FILES)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(usize::try_from(config.threads).unwrap_or(1))
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    runtime.block_on(load(config))
}

async fn load(config: &Config) -> Result<ExitCode, String> {
    let interrupted = ExitCode::from(130);
    let server = tokio::select! {
        server = Server::find(config) => server.map_err(|error| error.to_string())?,
        () = told_to_end() => return Ok(interrupted),
    };
    let report = tokio::select! {
        report = run::run(config, &server) => Some(report),
        () = told_to_end() => None,
    };
    server.end().await;
    let Some(report) = report else {
        return Ok(interrupted);
    };
    if config.json {
        let json = serde_json::to_string(&report).map_err(|error| error.to_string())?;
        println!("{json}");
    } else {
        print!("{report}");
    }
    Ok(if report.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Raises the limit of open files as far as one may, for us and for a server that we start.
#[cfg(unix)]
fn allow_files(needed: u64) -> Result<(), String> {
    let limit = rlimit::increase_nofile_limit(u64::MAX)
        .map_err(|error| format!("the limit of open files cannot be read: {error}"))?;
    if limit < needed {
        return Err(format!(
            "{needed} open files are needed, {limit} are allowed (`ulimit -Hn` as root raises it): \
             take fewer --clients"
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn allow_files(_: u64) -> Result<(), String> {
    Ok(())
}

/// Completes at Ctrl-C, and where there are such signals when asked to end or the terminal is gone.
async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        if let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = (
            signal(SignalKind::interrupt()),
            signal(SignalKind::terminate()),
            signal(SignalKind::hangup()),
        ) {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
