//! The server from outside: its routes, its protocols, the program as one starts it. One binary for
//! all, because linking takes longer than most of its tests.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod bad_frames;
mod bad_input;
mod binary;
mod bounds;
mod common;
mod database_rules;
mod http;
mod identity;
mod metrics;
mod origin;
mod resume;
mod rights;
mod rtdb_binary;
mod rtdb_rest;
mod rtdb_stream;
mod rules;
mod signaling;
mod tls;
