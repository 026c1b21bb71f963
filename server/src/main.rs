//! Arguments, logs, listeners, signals; the rest is the library's.

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::runtime::{self, Runtime};
use tracing_subscriber::EnvFilter;
use webrtc_tour_server::config::{Config, DEFAULT_RTDB, LogFormat, RtdbConfig, RtdbListen};
use webrtc_tour_server::rtdb::{self, Database, DatabaseLimits, Guard, Identity};
use webrtc_tour_server::{App, Error, IceServers, Listeners, network, tls};

fn main() -> ExitCode {
    let config = Config::parse();
    log(config.log_format);
    let ended = runtime()
        .map_err(Error::from)
        .and_then(|runtime| runtime.block_on(run(config)));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("webrtc-tour-server: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

/// Threads for half of the processors, or as many as `TOKIO_WORKER_THREADS` says. One thread
/// relays more messages a second than two small ones do: most of the work is the kernel's, which
/// needs a processor too, and the hub has one lock. A single thread also runs its tasks in the
/// order in which they were woken, so that a connection writes once for all that came meanwhile.
fn runtime() -> io::Result<Runtime> {
    let asked = std::env::var("TOKIO_WORKER_THREADS").ok();
    let asked = asked.and_then(|threads| threads.parse().ok());
    let workers = asked.unwrap_or_else(|| {
        let processors = std::thread::available_parallelism();
        processors.map_or(1, |processors| processors.get() / 2)
    });
    let mut builder = if workers > 1 {
        let mut builder = runtime::Builder::new_multi_thread();
        builder.worker_threads(workers);
        builder
    } else {
        runtime::Builder::new_current_thread()
    };
    builder.enable_all().build()
}

async fn run(config: Config) -> Result<(), Error> {
    let tls = tls::acceptor(&config.tls)?;
    let listener = bind(config.listen).await?;
    let address = listener.local_addr()?;
    let identity = Arc::new(identity(&config.rtdb)?);
    let database = database(&config, Arc::clone(&identity)).await?;
    let rtdb_listener = rtdb_listener(config.rtdb.listen).await?;
    let ice_servers = IceServers(config.ice_servers());
    let mut app = App::new(config.limits, &config.assets, ice_servers)
        .with_database(database, identity)
        .allow_origins(config.allowed_origins)
        .trust_proxies(config.trusted_proxies);
    if config.rtdb.housekeeping {
        app = app.with_housekeeping();
    }
    // Before the announcement: who reads it may send a signal at once.
    let shutdown = shutdown_signal()?;
    announce(address, tls.is_some());
    let listeners = Listeners {
        http: listener,
        tls,
        database: rtdb_listener,
    };
    app.run(listeners, shutdown).await
}

/// Tokens are valid as long as what they were made for: a process, or a file.
fn identity(config: &RtdbConfig) -> Result<Identity, Error> {
    match &config.file {
        None => Ok(Identity::new(config.token_lifetime)),
        Some(file) => {
            let mut key = file.clone().into_os_string();
            key.push(".key");
            Identity::open(key.as_ref(), config.token_lifetime)
        }
    }
}

/// The database, with the ICE servers for its clients in it.
async fn database(config: &Config, identity: Arc<Identity>) -> Result<Arc<Database>, Error> {
    let limits = DatabaseLimits::from(config.limits);
    let access = Arc::new(Guard::open(config.rtdb.rules.as_deref(), identity)?);
    let database = match &config.rtdb.file {
        None => Database::new(limits, access),
        Some(file) => Database::open(limits, access, file)?,
    };
    let servers = match &config.ice_servers()[..] {
        // An empty list would be nothing, and that means that the owner says nothing of it.
        [] => serde_json::Value::Bool(false),
        servers => serde_json::to_value(servers).map_err(io::Error::from)?,
    };
    // What the owner has put there stays, unless somebody asked for others.
    let keep = config.ice_servers.is_none() && config.stun.is_empty();
    let place = rtdb::Path::from_iter([rtdb::Key::new("iceServers")]);
    database
        .provide(&place, &servers, keep, rtdb::now_ms())
        .await?;
    Ok(Arc::new(database))
}

/// Several servers may run on one machine: only who asked for an address must have it.
async fn rtdb_listener(asked: Option<RtdbListen>) -> Result<Option<TcpListener>, Error> {
    let address = match asked {
        Some(RtdbListen::Nowhere) => return Ok(None),
        Some(RtdbListen::At(address)) => address,
        None => DEFAULT_RTDB,
    };
    let bound = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) if asked.is_none() => {
            tracing::warn!(%address, %error, "the database is at /rtdb only: see --rtdb-listen");
            return Ok(None);
        }
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            return Err(Error::DatabaseAddressInUse(address));
        }
        Err(error) => return Err(Error::Listen { address, error }),
    };
    let address = bound.local_addr()?;
    tracing::info!(%address, "the database is at the root here");
    if !address.ip().to_canonical().is_loopback() {
        tracing::warn!(
            %address,
            "the database's administrator needs no password and is reachable from the network, \
             without encryption: give --rtdb-listen a loopback address, or none"
        );
    }
    Ok(Some(bound))
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
