//! Signaling through a Firebase Realtime Database.

pub mod config;
