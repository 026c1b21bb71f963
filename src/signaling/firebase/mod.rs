//! Signaling through a Firebase Realtime Database.

pub mod config;
pub mod watch;
