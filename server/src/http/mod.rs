//! What carries HTTP: connections and their bounds, TLS, the static bundle, and the addresses that
//! are about the process itself, `/healthz` and `/metrics`.
//!
//! Owns what holds for every request, whatever it asks for. It must not know the parts whose routes
//! it carries, nor rooms, seats or values of the database: they hand over a router, figures and
//! metrics. The parts may use it, to read an `Origin`, to know a client's address, or to hold
//! on to a connection.

mod client_address;
pub(crate) mod connections;
pub(crate) mod headers;
pub(crate) mod health;
pub(crate) mod metrics;
pub mod network;
pub(crate) mod origin;
pub(crate) mod static_files;
pub mod tls;

pub(crate) use self::client_address::ClientAddress;
pub use self::origin::{AllowedOrigin, Origin};
