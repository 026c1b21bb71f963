//! The server of WebRTC Tour: signaling over WebSockets, a Realtime Database and the static
//! bundle, one origin.
//!
//! Each module may use those above it, never those below:
//!
//! - the ground: [`Error`], `files`, [`Limits`], `rate_limit`, `services`;
//! - `http` carries requests, whatever they ask for;
//! - `signaling` and [`rtdb`] are the parts; neither knows the other;
//! - [`config`] says what can be asked for; [`App`] makes a server of the parts. A binary or a test
//!   needs no more.

mod error;
mod files;
mod limits;
mod rate_limit;
mod services;

mod http;

pub mod rtdb;
mod signaling;

mod app;
pub mod config;

pub use app::{App, Listeners};
pub use error::Error;
pub use http::{AllowedOrigin, Origin, network, tls};
pub use limits::Limits;
pub use signaling::Counts;
pub use signaling::ice::{IceServerSource, IceServers};
