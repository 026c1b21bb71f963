//! Signaling through a database: the real one, in the server that `cargo xtask test` starts.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "firebase/meeting.rs"]
mod firebase_meeting;
#[path = "firebase/refusals.rs"]
mod firebase_refusals;
#[path = "firebase/person.rs"]
mod person;
#[path = "firebase/rest.rs"]
mod rest;
mod support;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
