//! Signaling over WebSockets: who is in which room, and what they tell each other.
//!
//! `rooms` decides, `hub` drives it and queues what is to be sent, `ws` carries one conversation,
//! `upgrade` lets it begin, `passphrase` is what is kept of one. Owns rooms, seats, queues and the
//! ICE servers that participants are told. It must not know the database, nor which other routes
//! there are beside its own; it never reads what a signal says.

mod frames;
mod heartbeat;
mod hub;
pub(crate) mod ice;
mod metrics;
mod outbox;
mod passphrase;
mod queue_memory;
mod replay;
mod rooms;
mod upgrade;
mod ws;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use prometheus_client::registry::Registry;

pub use self::hub::Counts;
use self::hub::Hub;
use self::ice::IceServerSource;
use self::upgrade::Upgrades;
use crate::http::AllowedOrigin;
use crate::limits::Limits;
use crate::services::Shutdown;

/// The part of a server that this is; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Signaling {
    hub: Arc<Hub>,
    limits: Limits,
    allowed_origins: Arc<[AllowedOrigin]>,
    trusted_proxies: Arc<[IpAddr]>,
}

impl Signaling {
    /// Without clients; only pages of its own origin may become some.
    pub(crate) fn new(limits: Limits, ice_servers: Arc<dyn IceServerSource>) -> Self {
        Self {
            hub: Hub::new(limits, ice_servers),
            limits,
            allowed_origins: Arc::new([]),
            trusted_proxies: Arc::new([]),
        }
    }

    pub(crate) fn allow_origins(&mut self, origins: Vec<AllowedOrigin>) {
        self.allowed_origins = origins.into();
    }

    pub(crate) fn trust_proxies(&mut self, proxies: Vec<IpAddr>) {
        self.trusted_proxies = proxies.into();
    }

    pub(crate) fn routes(&self) -> Router {
        let (hub, origins) = (Arc::clone(&self.hub), Arc::clone(&self.allowed_origins));
        let proxies = Arc::clone(&self.trusted_proxies);
        upgrade::routes(Upgrades::new(hub, self.limits, origins, proxies))
    }

    pub(crate) fn register(&self, registry: &mut Registry) {
        self.hub.register(registry);
    }

    /// How much there is now.
    pub(crate) fn counts(&self) -> Counts {
        self.hub.counts()
    }

    /// See [`Hub::run`].
    pub(crate) async fn run(self, shutdown: Shutdown) {
        self.hub.run(shutdown).await;
    }
}
