//! Arguments, logs, the listener, signals; the rest is the library's.

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use webrtc_tour_server::config::{Config, LogFormat};
use webrtc_tour_server::{AppState, Error, network, serve, tls};

#[tokio::main]
async fn main() -> ExitCode {
    let config = Config::parse();
    log(config.log_format);
    match run(config).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("webrtc-tour-server: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

async fn run(config: Config) -> Result<(), Error> {
    let tls = tls::acceptor(&config.tls)?;
    let listener = bind(config.listen).await?;
    let address = listener.local_addr()?;
    let state = AppState::new(config.limits, &config.assets, config.ice_servers())
        .allow_origins(config.allowed_origins);
    // Before the announcement: who reads it may send a signal at once.
    let shutdown = shutdown_signal()?;
    announce(address, tls.is_some());
    serve(listener, state, tls, shutdown).await;
    Ok(())
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => Error::AddressInUse(address),
            _ => Error::Listen { address, error },
        })
}

/// The first line is read by programs. They may close the pipe after it, which is no reason to
/// end.
fn announce(address: SocketAddr, tls: bool) {
    let scheme = if tls { "https" } else { "http" };
    let mut text = format!("webrtc-tour listening on {scheme}://{address}\n");
    let reachable = network::reachable_at(address);
    for other in &reachable {
        text.push_str(&format!("open on other devices: {scheme}://{other}\n"));
    }
    if !tls && !reachable.is_empty() {
        text.push_str(
            "browsers give no camera to a page from another device over plain HTTP: use --tls\n",
        );
    }
    let mut stdout = io::stdout().lock();
    let _ = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
}

fn log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    match format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
}

/// Completes at SIGINT or SIGTERM.
#[cfg(unix)]
fn shutdown_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn shutdown_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot wait for Ctrl+C");
            std::future::pending::<()>().await;
        }
    })
}
