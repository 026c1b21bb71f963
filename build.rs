//! Turns the chapters' Markdown, and the code that the pages show, into the Rust that `src/text.rs`
//! and `src/source.rs` include.

use std::env;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let texts = Path::new("src/pages/text");
    println!("cargo::rerun-if-changed={}", texts.display());
    let (Some(out), Some(root)) = (env::var_os("OUT_DIR"), env::var_os("CARGO_MANIFEST_DIR"))
    else {
        println!("cargo::error=OUT_DIR or CARGO_MANIFEST_DIR is not set: cargo runs this");
        return ExitCode::FAILURE;
    };
    let (out, root) = (Path::new(&out), Path::new(&root));
    let written = book::write(texts, &out.join("text.rs"))
        .and_then(|()| book::source::write(root, &out.join("source.rs")));
    match written {
        Ok(shown) => {
            for path in shown {
                println!("cargo::rerun-if-changed={path}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("cargo::error={error}");
            ExitCode::FAILURE
        }
    }
}
