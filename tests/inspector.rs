//! The inspector in a real browser: the drawer, its ladder, its state machines, the file that it
//! exports, and the page that replays it; and the event log, which shows the same in short.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "inspector/descriptions.rs"]
mod descriptions;
#[path = "inspector/drawer.rs"]
mod drawer;
#[path = "inspector/example.rs"]
mod example;
#[path = "inspector/ladder.rs"]
mod ladder;
#[path = "inspector/log.rs"]
mod log;
#[path = "inspector/recordings.rs"]
mod recordings;
#[path = "inspector/replay.rs"]
mod replay;
#[path = "inspector/scene.rs"]
mod scene;
#[path = "inspector/states.rs"]
mod states;
mod support;

use wasm_bindgen_test::wasm_bindgen_test_configure;

wasm_bindgen_test_configure!(run_in_browser);
