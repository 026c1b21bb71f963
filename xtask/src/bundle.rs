//! The static bundle in `dist/`: trunk's output taken apart and made ready for static hosts.

use std::{env, path::PathBuf};

use crate::{
    compress,
    error::{Context, Result},
    freshness, lock,
    pages::{self, PublicUrl},
    process::{self, command, say},
    setup, split, strip, styles,
};

/// In the front end's `Cargo.toml`.
const PROFILE: &str = "wasm-release";

/// Makes the bundle unless it is there already; returns where.
pub(crate) fn build(public_url: &str) -> Result<PathBuf> {
    let url = PublicUrl::parse(public_url)?;
    let root = env::current_dir().context("the repository cannot be entered")?;
    let _alone = lock::take()?;
    let dist = root.join("dist");
    let fingerprint = || freshness::fingerprint(&root, &[public_url]);
    if freshness::is_fresh(&dist, &fingerprint()?) {
        say("the bundle is up to date");
        return Ok(dist);
    }
    setup::for_bundle()?;
    say("building the bundle");
    // Taken before the build: what is edited meanwhile may or may not be in it.
    let built_from = fingerprint()?;
    let program = split::compile(PROFILE)?;
    trunk(&url.path)?;
    styles::join(&dist)?;
    split::split(&program, &dist)?;
    strip::strip(&dist)?;
    pages::write(&dist, &url)?;
    say("compressing");
    compress::precompress(&dist)?;
    freshness::stamp(&dist, &built_from)?;
    Ok(dist)
}

fn trunk(base: &str) -> Result<()> {
    let mut trunk = command("trunk");
    trunk.args(["build", "--release", "--cargo-profile", PROFILE]);
    trunk.args(["--public-url", base]);
    // All its tools are there; it is not to ask the network for newer ones. (Its `--offline`
    // would keep cargo from downloading dependencies, too.)
    trunk.arg("--skip-version-check");
    // Its reading of this variable knows only `true` and `false`, not the usual `1`.
    trunk.env_remove("NO_COLOR");
    // When cargo fails, cargo's own words are enough.
    trunk.env("RUST_LIB_BACKTRACE", "0");
    process::run(split::prepare(&mut trunk))
}
