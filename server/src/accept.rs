//! The accept loop: connections from the listener to hyper, each within limits of time and
//! number, until told to stop.
//!
//! `axum::serve` sets no limit on the time for request headers, knows no TLS, and does not end
//! a connection that never says anything; hence this one. It knows nothing of what is served.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::{AppState, Limits};

/// Pause after an accept that failed for a reason that waiting may cure, such as a process out
/// of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Serves [`app`](crate::app) with `state` on `listener`, through TLS if there is an acceptor,
/// until `shutdown` completes.
///
/// Then nobody is accepted any more, every client gets `goingAway` and close code 1001, requests
/// that are being answered are finished, and this returns within `shutdown_grace`.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    tls: Option<TlsAcceptor>,
    shutdown: impl Future<Output = ()>,
) {
    let hub = Arc::clone(&state.hub);
    let limits = state.limits;
    let connections = Arc::new(Semaphore::new(limits.max_connections));
    // Dropping the sender is the signal.
    let (stop, stopping) = watch::channel(());
    let router = crate::app(state);

    let mut shutdown = pin!(shutdown);
    let mut expiry = pin!(hub.expire());
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            () = &mut shutdown => break,
            never = &mut expiry => match never {},
        };
        let Some((stream, permit)) = accepted else {
            break;
        };
        let connection = Connection {
            router: router.clone(),
            limits,
            stopping: stopping.clone(),
        };
        let tls = tls.clone();
        tokio::spawn(async move {
            connection.serve(stream, tls).await;
            // A WebSocket has left this connection for its own task and its own limit.
            drop(permit);
        });
    }

    drop(listener);
    tracing::info!(clients = hub.counts().clients, "going away");
    hub.go_away();
    drop(stop);
    let all = u32::try_from(limits.max_connections).unwrap_or(u32::MAX);
    let ended = async { tokio::join!(connections.acquire_many(all), hub.drained()) };
    if timeout(limits.shutdown_grace, ended).await.is_err() {
        tracing::warn!("some connections did not end in time");
    }
}

/// The next connection, once there is room for one. `None` never comes while the semaphore is
/// open.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(connections).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Small messages must not wait for each other; a socket that is gone already
                // fails here and again, with better words, at its first read.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "no TCP_NODELAY");
                }
                return Some((stream, permit));
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

/// One accepted connection, before or without a WebSocket.
struct Connection {
    router: Router,
    limits: Limits,
    stopping: watch::Receiver<()>,
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
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_timeout)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(self.router))
            .with_upgrades();
        let mut connection = pin!(connection);
        let served = tokio::select! {
            served = connection.as_mut() => served,
            _ = self.stopping.changed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = served {
            tracing::debug!(%error, "connection failed");
        }
    }
}
