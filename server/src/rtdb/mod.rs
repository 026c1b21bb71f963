//! A Realtime Database as Firebase's REST protocol describes it.
//!
//! [`node`], [`path`], [`json`], [`query`], [`mod@write`] and [`event`] are pure: values, places,
//! and what becomes of them. [`access`] is what is asked about each request; [`Guard`] answers by
//! [`rules`] and the tokens of [`identity`]. [`database`] holds the tree and who listens to it,
//! `store` keeps it in a file, `rates` bounds who writes; `rest` and `stream` speak HTTP.

pub mod access;
pub mod database;
pub mod event;
#[cfg(test)]
mod examples;
mod guard;
pub mod housekeeping;
pub mod identity;
pub mod json;
mod listeners;
mod metrics;
pub mod node;
pub mod path;
#[cfg(test)]
mod properties;
pub mod query;
mod rates;
mod request;
mod rest;
pub mod rules;
mod store;
mod stream;
pub mod write;

use std::time::{SystemTime, UNIX_EPOCH};

pub use access::{Access, Auth, AuthError};
pub use database::{Caller, Database, DatabaseLimits, Listener, Refusal};
pub use event::Event;
pub use guard::{Guard, SHIPPED_RULES};
pub use identity::Identity;
pub use listeners::Told;
pub use node::{Key, Node};
pub use path::Path;
pub use query::Query;
pub use write::{Change, Write};

pub(crate) use rates::WriteRates;
pub(crate) use rest::{root, routes};

/// The time, in milliseconds since 1970.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}
