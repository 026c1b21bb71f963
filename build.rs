//! Turns the chapters' Markdown into the Rust that `src/pages/text.rs` includes.

use std::env;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let texts = Path::new("src/pages/text");
    println!("cargo::rerun-if-changed={}", texts.display());
    let Some(out) = env::var_os("OUT_DIR") else {
        println!("cargo::error=OUT_DIR is not set: cargo runs this");
        return ExitCode::FAILURE;
    };
    match book::write(texts, &Path::new(&out).join("text.rs")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error=src/pages/text: {error}");
            ExitCode::FAILURE
        }
    }
}
