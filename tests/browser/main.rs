//! What only a browser can show: one program, and one page in which all of it runs.
//!
//! Each test clears away what it made (see `support`), because the page outlives it.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod blur;
mod call;
mod code;
mod connection;
mod data_channel;
mod facts;
mod firebase;
mod firebase_page;
mod inspector;
mod media;
mod pages;
mod sdp;
mod serverless;
mod statistics;
mod support;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
