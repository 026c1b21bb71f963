//! Signaling through a database: the real one, in the server that `cargo xtask test` starts.

mod meeting;
mod person;
mod refusals;
mod rest;
