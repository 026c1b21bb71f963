//! What a browser has, what protects a connection, and who is in the middle.

mod browsers;
mod middle;
mod security;
mod warning;

/// The answer of a script of its own.
fn says(script: &str) -> bool {
    js_sys::eval(script).unwrap().is_truthy()
}
