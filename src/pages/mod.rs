//! One file a concept. A page reads top to bottom as its concept does: what it is, the demo, and
//! nothing that another page could use; that lives in hooks and components.

pub mod browsers;
pub mod call;
pub mod data_channel;
pub mod firebase;
pub(crate) mod home;
pub(crate) mod lazy;
pub mod media_stream;
pub(crate) mod meet;
pub(crate) mod mesh;
pub mod nat;
pub mod not_found;
pub mod peer_connection;
pub mod replay;
pub mod security;
pub mod text_pages;
