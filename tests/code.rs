//! The code beside the demos: that it is shown, and that its JavaScript does what it says.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "code/calls.rs"]
mod calls;
#[path = "code/features.rs"]
mod features;
#[path = "code/protection.rs"]
mod protection;
#[path = "code/recordings.rs"]
mod recordings;
#[path = "code/scripts.rs"]
mod scripts;
#[path = "code/servers.rs"]
mod servers;
mod support;
#[path = "code/tools.rs"]
mod tools;
#[path = "code/twins.rs"]
mod twins;
#[path = "code/view.rs"]
mod view;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
