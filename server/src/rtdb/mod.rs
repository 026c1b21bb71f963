//! A Realtime Database as Firebase's REST protocol describes it.
//!
//! `node`, `key`, `path`, `json`, `query`, `write` and `event` are pure: values, places, and what
//! becomes of them. `access` is what is asked about each request; [`Guard`] answers by [`rules`] and
//! the tokens of [`identity`]. `database` holds the tree and who listens to it, `store` keeps it in a
//! file, `housekeeping` removes who has gone, `rates` bounds who writes; `rest` and `stream` speak
//! HTTP.
//!
//! Owns the tree, its file and the accounts. It must not know signaling over WebSockets, nor which
//! other routes there are beside its own.

mod access;
mod clock;
mod database;
mod event;
#[cfg(test)]
mod examples;
mod guard;
mod housekeeping;
pub mod identity;
mod json;
mod key;
mod listeners;
mod metrics;
mod node;
mod path;
#[cfg(test)]
mod properties;
mod query;
mod rates;
mod request;
mod rest;
pub mod rules;
mod store;
mod stream;
mod write;

use std::sync::Arc;

use axum::Router;
use prometheus_client::registry::Registry;

pub use self::access::{Access, Auth, AuthError};
pub use self::clock::now_ms;
pub use self::database::{Database, DatabaseLimits};
pub use self::guard::Guard;
pub use self::identity::Identity;
pub use self::key::Key;
pub use self::node::Node;
pub use self::path::Path;
use self::rest::Rest;
use crate::limits::Limits;
use crate::services::Shutdown;

/// The part of a server that this is; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Rtdb {
    database: Arc<Database>,
    identity: Arc<Identity>,
    /// One for both places at which the database is reached.
    rest: Rest,
}

impl Rtdb {
    /// `identity` signs people in, whom `database` should know.
    pub(crate) fn new(limits: Limits, database: Arc<Database>, identity: Arc<Identity>) -> Self {
        Self {
            rest: Rest::new(limits, Arc::clone(&database)),
            database,
            identity,
        }
    }

    /// Below `/rtdb` and `/rtdb-auth`, beside the rest of the server.
    pub(crate) fn routes(&self) -> Router {
        rest::routes(self.rest.clone()).merge(identity::http::routes(Arc::clone(&self.identity)))
    }

    /// The database at the root, for a listener of its own.
    pub(crate) fn root(&self) -> Router {
        rest::root(self.rest.clone())
    }

    pub(crate) fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("rtdb");
        self.database.register(registry);
    }

    /// Until `shutdown` removes who has gone without a word, if that is the server's task; then
    /// ends all event streams and takes no more writes.
    pub(crate) async fn run(self, housekeeping: bool, mut shutdown: Shutdown) {
        tokio::select! {
            () = shutdown.requested() => {}
            never = housekeeping::run(&self.database), if housekeeping => match never {},
        }
        self.database.close();
    }
}
