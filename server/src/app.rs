//! A server made of its parts.
//!
//! Owns which parts there are, under which addresses they are reached and which services they need;
//! nothing else knows all of them. What a part does is not known here: each has a state of its own,
//! gives its routes, registers its metrics and runs until it is told to end.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::Error;
use crate::http::{AllowedOrigin, connections, headers, health, metrics, static_files};
use crate::limits::Limits;
use crate::rtdb::identity::TOKEN_LIFETIME;
use crate::rtdb::{Database, DatabaseLimits, Guard, Identity, Rtdb};
use crate::services::Services;
use crate::signaling::ice::IceServerSource;
use crate::signaling::{Counts, Signaling};

/// A server that nobody can reach yet; cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    limits: Limits,
    assets: Arc<Path>,
    signaling: Signaling,
    rtdb: Rtdb,
    housekeeping: bool,
}

/// Where a server is reached.
pub struct Listeners {
    /// For everything.
    pub http: TcpListener,
    /// With which `http` is HTTPS.
    pub tls: Option<TlsAcceptor>,
    /// For the database alone, as Firebase's own emulator has it: at the root, and for
    /// `Authorization: Bearer owner` without asking its rules.
    pub database: Option<TcpListener>,
}

/// What `/healthz` tells.
#[derive(Serialize)]
struct Figures {
    clients: usize,
    rooms: usize,
}

impl App {
    /// A server without clients, whose pages are in `assets`, with an empty database in memory,
    /// its shipped rules and tokens that are valid as long as the process.
    pub fn new(limits: Limits, assets: &Path, ice_servers: impl IceServerSource + 'static) -> Self {
        let identity = Arc::new(Identity::new(TOKEN_LIFETIME));
        let guard = Guard::shipped(Arc::clone(&identity));
        let database = Database::new(DatabaseLimits::from(limits), Arc::new(guard));
        Self {
            limits,
            assets: assets.into(),
            signaling: Signaling::new(limits, Arc::new(ice_servers)),
            rtdb: Rtdb::new(limits, Arc::new(database), identity),
            housekeeping: false,
        }
    }

    /// Uses another database, and signs people in with `identity`, so that its rules know them.
    #[must_use]
    pub fn with_database(mut self, database: Arc<Database>, identity: Arc<Identity>) -> Self {
        self.rtdb = Rtdb::new(self.limits, database, identity);
        self
    }

    /// Removes participants from the database who have gone without a word, as long as it runs.
    #[must_use]
    pub fn with_housekeeping(mut self) -> Self {
        self.housekeeping = true;
        self
    }

    /// Lets pages of these origins use the server, too.
    #[must_use]
    pub fn allow_origins(mut self, origins: Vec<AllowedOrigin>) -> Self {
        self.signaling.allow_origins(origins);
        self
    }

    /// Believes these for whom they ask. Without, the client of a proxy is the proxy.
    #[must_use]
    pub fn trust_proxies(mut self, proxies: Vec<IpAddr>) -> Self {
        self.signaling.trust_proxies(proxies);
        self
    }

    /// How many clients and rooms there are now.
    pub fn counts(&self) -> Counts {
        self.signaling.counts()
    }

    /// All routes.
    pub fn router(&self) -> Router {
        let mut registry = metrics::registry();
        self.signaling.register(&mut registry);
        self.rtdb.register(&mut registry);
        let signaling = self.signaling.clone();
        let figures = move || {
            let Counts { clients, rooms, .. } = signaling.counts();
            Figures { clients, rooms }
        };
        let router = Router::new()
            .merge(health::routes(figures))
            .merge(metrics::routes(registry))
            .merge(self.signaling.routes())
            .merge(self.rtdb.routes())
            .fallback_service(static_files::router(&self.assets));
        headers::on_every_answer(router)
    }

    /// Serves until `shutdown` completes.
    ///
    /// Then nobody is accepted any more, every client gets `goingAway` and close code 1001, event
    /// streams end, requests that are being answered are finished, and this returns within
    /// `shutdown_grace`.
    ///
    /// # Errors
    ///
    /// When a part of the server ends by itself or fails; the others have ended as above then.
    pub async fn run(
        self,
        listeners: Listeners,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), Error> {
        let Listeners {
            http,
            tls,
            database,
        } = listeners;
        let (limits, router, root) = (self.limits, self.router(), self.rtdb.root());
        let mut services = Services::new();
        services.start("HTTP", |shutdown| {
            connections::serve(http, router, limits, tls, shutdown)
        });
        if let Some(listener) = database {
            services.start("the database's listener", |shutdown| {
                connections::serve(listener, root, limits, None, shutdown)
            });
        }
        services.start("signaling", |shutdown| self.signaling.run(shutdown));
        services.start("the database", |shutdown| {
            self.rtdb.run(self.housekeeping, shutdown)
        });
        services.run(shutdown, limits.shutdown_grace).await
    }
}
