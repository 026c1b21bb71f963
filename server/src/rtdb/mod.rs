//! A Realtime Database as Firebase's REST protocol describes it.
//!
//! [`node`], [`path`], [`json`], [`query`], [`write`] and [`event`] are pure: values, places, and
//! what becomes of them. [`access`] is what is asked about each request.

pub mod access;
pub mod event;
pub mod json;
pub mod node;
pub mod path;
pub mod query;
pub mod write;

pub use access::{Access, Auth, AuthError};
pub use event::Event;
pub use node::{Key, Node};
pub use path::Path;
pub use query::Query;
pub use write::{Change, Write};
