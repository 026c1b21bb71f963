//! A Realtime Database as Firebase's REST protocol describes it.
//!
//! [`node`] and [`path`] are its values and places; they are pure, and know no request.

pub mod access;
pub mod node;
pub mod path;

pub use access::{Access, Auth, AuthError};
pub use node::{Key, Node};
pub use path::Path;
