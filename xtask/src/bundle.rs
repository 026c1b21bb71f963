//! The static bundle in `dist/`: trunk's output made smaller and ready for static hosts.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    compress,
    error::{Context, Error, Result},
    freshness::{self, collect},
    lock,
    process::{self, command, say},
    setup, system,
};

/// How the front end is compiled, beside the profile `wasm-release`.
///
/// Without reference types, JavaScript values are kept on the JavaScript side. With them,
/// wasm-bindgen makes a table that older versions of `wasm-opt` mix up with the table of functions:
/// <https://github.com/WebAssembly/binaryen/issues/4711>. The standard library is compiled with
/// them all the same and the file says so, unless its symbols are stripped (see the profile).
///
/// `erase_components` makes leptos use one type for all views: a twentieth less wasm.
const RUSTFLAGS: &str = "--cfg=erase_components -Ctarget-feature=-reference-types";

/// What rustc lets the file contain (its target features), under `wasm-opt`'s names. Stripped
/// of its symbols, the file does not say it itself.
const WASM_FEATURES: [&str; 5] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
];

/// Makes the bundle unless it is there already; returns where.
pub(crate) fn build(public_url: &str) -> Result<PathBuf> {
    let root = env::current_dir().context("the repository cannot be entered")?;
    let _alone = lock::take()?;
    let dist = root.join("dist");
    let fingerprint = || {
        let optimizer = system::wasm_opt().unwrap_or_default();
        freshness::fingerprint(&root, &[public_url, &optimizer])
    };
    if freshness::is_fresh(&dist, &fingerprint()?) {
        say("the bundle is up to date");
        return Ok(dist);
    }
    setup::for_bundle()?;
    say("building the bundle");
    // Taken before the build: what is edited meanwhile may or may not be in it.
    let built_from = fingerprint()?;
    trunk(public_url)?;
    optimize(&dist)?;
    // Static hosts answer a deep link with this page; the router then shows the right one.
    fs::copy(dist.join("index.html"), dist.join("404.html")).context("404.html")?;
    say("compressing");
    compress::precompress(&dist)?;
    freshness::stamp(&dist, &built_from)?;
    Ok(dist)
}

fn trunk(public_url: &str) -> Result<()> {
    let mut trunk = command("trunk");
    trunk.args(["build", "--release", "--cargo-profile", "wasm-release"]);
    trunk.args(["--public-url", public_url]);
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", RUSTFLAGS);
    // These would take precedence.
    trunk.env_remove("RUSTFLAGS");
    trunk.env_remove("CARGO_ENCODED_RUSTFLAGS");
    // All its tools are there; it is not to ask the network for newer ones. (Its `--offline`
    // would keep cargo from downloading dependencies, too.)
    trunk.arg("--skip-version-check");
    // Its reading of this variable knows only `true` and `false`, not the usual `1`.
    trunk.env_remove("NO_COLOR");
    // When cargo fails, cargo's own words are enough.
    trunk.env("RUST_LIB_BACKTRACE", "0");
    process::run(&mut trunk)
}

/// Shrinks the wasm file. Not by trunk, which fails (or downloads) where `wasm-opt` is not
/// installed.
fn optimize(dist: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(dist, &mut files)?;
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "wasm")
    });
    if files.is_empty() {
        return Err(Error::new("trunk made no wasm file"));
    }
    if system::wasm_opt().is_none() {
        return Ok(());
    }
    for file in files {
        say("optimizing the wasm file");
        let smaller = file.with_extension("opt");
        let mut optimizer = command("wasm-opt");
        optimizer.arg("-Oz").args(WASM_FEATURES);
        optimizer.arg(&file).arg("-o").arg(&smaller);
        match process::run(&mut optimizer) {
            Ok(()) => fs::rename(&smaller, &file).context("the wasm file cannot be replaced")?,
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(Error::Message(text)) => {
                say(format!(
                    "{text}; the bundle works, but is larger than it could be"
                ));
                let _ = fs::remove_file(smaller);
            }
        }
    }
    Ok(())
}
