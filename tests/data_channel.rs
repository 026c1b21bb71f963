//! Data channels in a real browser: the adapter, and the page that shows it.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "data_channel/adapter.rs"]
mod adapter;
#[path = "data_channel/page.rs"]
mod page;
#[path = "data_channel/tools.rs"]
mod tools;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
