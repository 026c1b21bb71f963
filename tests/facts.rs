//! What a browser has, what protects a connection, and who is in the middle.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "facts/browsers.rs"]
mod browsers;
#[path = "facts/middle.rs"]
mod middle;
#[path = "facts/security.rs"]
mod security;
mod support;
#[path = "facts/warning.rs"]
mod warning;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);

/// The answer of a script of its own.
fn says(script: &str) -> bool {
    js_sys::eval(script).unwrap().is_truthy()
}
