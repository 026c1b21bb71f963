//! The accept loop: connections from the listener to hyper, each within limits of time and
//! number, until told to stop.
//!
//! `axum::serve` sets no limit on the time for request headers, knows no TLS, and does not end
//! a connection that never says anything; hence this one. It must not know what is served.

use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::limits::Limits;
use crate::services::Shutdown;

/// Pause after an accept that failed for a reason that waiting may cure, such as a process out
/// of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Serves `router` on `listener`, through TLS if there is an acceptor, until `shutdown`.
///
/// Then nobody is accepted any more, requests that are being answered are finished, and this
/// completes when all connections have ended. A WebSocket is none of them any more.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    tls: Option<TlsAcceptor>,
    mut shutdown: Shutdown,
) {
    let permits = Arc::new(Semaphore::new(limits.max_connections));
    let (stop, stopping) = watch::channel(());
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &permits) => accepted,
            () = shutdown.requested() => break,
        };
        let Some((stream, peer, permit)) = accepted else {
            break;
        };
        let connection = Connection {
            router: router.clone(),
            limits,
            stopping: stopping.clone(),
            // A WebSocket leaves this connection for its own task and its own limit.
            handle: Arc::new(ConnectionHandle::new(peer, permit)),
        };
        let tls = tls.clone();
        tokio::spawn(connection.serve(stream, tls));
    }
    drop((listener, stopping));
    stop.send_replace(());
    stop.closed().await;
}

/// The next connection, once there is room for one. `None` never comes while the semaphore is
/// open.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> Option<(TcpStream, IpAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(connections).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Small messages must not wait for each other; a socket that is gone already
                // fails here and again, with better words, at its first read.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "no TCP_NODELAY");
                }
                return Some((stream, peer.ip(), permit));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot accept connections; trying again");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Whether an error of `accept` is about the connection that came, not about the listener.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// What an answer may do with its connection; an extension of each request.
#[derive(Debug)]
pub(crate) struct ConnectionHandle {
    /// The other end: a client, or a proxy.
    pub(crate) peer: IpAddr,
    permit: Mutex<Option<OwnedSemaphorePermit>>,
    /// Ends the connection, also while it waits for the other end to read.
    pub(crate) abort: Arc<Notify>,
}

impl ConnectionHandle {
    fn new(peer: IpAddr, permit: OwnedSemaphorePermit) -> Self {
        Self {
            peer,
            permit: Mutex::new(Some(permit)),
            abort: Arc::default(),
        }
    }

    /// From now on the connection counts no longer: its answer has a limit of its own.
    pub(crate) fn leave(&self) {
        let mut permit = self.permit.lock().unwrap_or_else(PoisonError::into_inner);
        *permit = None;
    }
}

/// One accepted connection, before or without a WebSocket.
struct Connection {
    router: Router,
    limits: Limits,
    stopping: watch::Receiver<()>,
    handle: Arc<ConnectionHandle>,
}

impl Connection {
    async fn serve(mut self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        let Some(tls) = tls else {
            return self.serve_http(stream).await;
        };
        let accepted = tokio::select! {
            accepted = timeout(self.limits.handshake_timeout, tls.accept(stream)) => accepted,
            _ = self.stopping.changed() => return,
        };
        match accepted {
            Ok(Ok(stream)) => self.serve_http(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake took too long"),
        }
    }

    async fn serve_http(mut self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let router = TowerToHyperService::new(self.router);
        let handle = Arc::clone(&self.handle);
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Arc::clone(&handle));
            router.call(request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_timeout)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = pin!(connection);
        let served = async {
            tokio::select! {
                served = connection.as_mut() => served,
                _ = self.stopping.changed() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            }
        };
        let served = tokio::select! {
            served = served => served,
            () = self.handle.abort.notified() => return,
        };
        if let Err(error) = served {
            tracing::debug!(%error, "connection failed");
        }
    }
}
