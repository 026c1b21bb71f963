//! The server of WebRTC Tour: signaling over WebSockets, a Realtime Database and the static
//! bundle, one origin.
//!
//! `rooms` decides, `hub` delivers, `ws` carries; `rtdb` is the database. Everything a binary or a
//! test needs is [`app`] for the routes and [`serve`] for the connections.

mod accept;
mod budget;
pub mod config;
mod error;
mod files;
mod frames;
mod health;
mod heartbeat;
mod hub;
mod ice;
mod limits;
mod metrics;
pub mod network;
mod origin;
mod outbox;
mod rate_limit;
mod replay;
pub mod rooms;
pub mod rtdb;
mod static_files;
pub mod tls;
mod ws;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::routing::{any, get};
use rtdb::identity::TOKEN_LIFETIME;
use rtdb::{Database, Guard, Identity, WriteRates};
use signaling_protocol::IceServer;
use tokio::sync::Semaphore;
use tower_http::set_header::SetResponseHeaderLayer;

pub use accept::{serve, serve_database};
pub use error::Error;
pub use hub::{Counts, Hub};
pub use limits::Limits;
pub use origin::{AllowedOrigin, Origin};

/// Connections at a time that are told over a WebSocket that there is no place for them.
const MAX_REFUSALS: usize = 256;

/// What all routes and connections share; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    hub: Arc<Hub>,
    database: Arc<Database>,
    identity: Arc<Identity>,
    limits: Limits,
    assets: Arc<Path>,
    allowed_origins: Arc<[AllowedOrigin]>,
    refusals: Arc<Semaphore>,
    write_rates: Arc<Mutex<WriteRates>>,
}

impl AppState {
    /// A server without clients, whose pages are in `assets`, with a database in memory that
    /// lets everybody do everything.
    pub fn new(limits: Limits, assets: &Path, ice_servers: Vec<IceServer>) -> Self {
        let identity = Arc::new(Identity::new(TOKEN_LIFETIME));
        let guard = Guard::shipped(Arc::clone(&identity));
        Self {
            hub: Hub::new(limits, ice_servers),
            database: Arc::new(Database::new(limits.rtdb(), Arc::new(guard))),
            identity,
            limits,
            assets: assets.into(),
            allowed_origins: Arc::new([]),
            refusals: Arc::new(Semaphore::new(MAX_REFUSALS)),
            write_rates: Arc::new(Mutex::new(WriteRates::new(limits.rate()))),
        }
    }

    /// Uses another database.
    #[must_use]
    pub fn with_database(mut self, database: Arc<Database>) -> Self {
        self.database = database;
        self
    }

    /// Signs people in so that this database knows them.
    #[must_use]
    pub fn with_identity(mut self, identity: Arc<Identity>) -> Self {
        self.identity = identity;
        self
    }

    /// Lets pages of these origins use the server, too.
    #[must_use]
    pub fn allow_origins(mut self, origins: Vec<AllowedOrigin>) -> Self {
        self.allowed_origins = origins.into();
        self
    }

    /// The database of this server.
    pub fn database(&self) -> &Arc<Database> {
        &self.database
    }

    /// Whether a user of the database may write once more.
    fn admits_write(&self, uid: &str, now: Instant) -> bool {
        let rates = self.write_rates.lock();
        let mut rates = rates.unwrap_or_else(PoisonError::into_inner);
        rates.admits(uid, now)
    }

    /// The clients and rooms of this server.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }
}

/// All routes.
pub fn app(state: AppState) -> Router {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(metrics::metrics))
        .route("/ws", any(ws::upgrade))
        .merge(rtdb::routes())
        .merge(rtdb::identity::routes(Arc::clone(&state.identity)))
        .fallback_service(static_files::router(&state.assets))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // An invite link has the room's name in it, and the name is all one needs to enter.
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(header(
            HeaderName::from_static("permissions-policy"),
            "camera=(self), microphone=(self), display-capture=(self)",
        ))
        .with_state(state)
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}
