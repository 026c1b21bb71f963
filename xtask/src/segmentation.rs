//! What blurs the background of a camera's video: a WebAssembly module of its own, which the app loads when
//! somebody wants that.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use crate::{
    error::{Context, Result},
    freshness::hash,
    process::cargo,
    program, split,
    steps::Steps,
    tools::WASM,
};

/// Without these instructions it would take three times as long.
const FLAGS: &str = "-Ctarget-feature=+simd128";

/// In the bundle, beside what it is about.
const LICENCE: &str = "segmentation-licence.txt";

pub(crate) fn compile(steps: &Steps) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--package", "segmentation", "--target", WASM]);
    build
        .args(["--profile", split::PROFILE])
        .env("RUSTFLAGS", FLAGS);
    // It would take precedence.
    build.env_remove("CARGO_ENCODED_RUSTFLAGS");
    program::compile_as_step(steps, "compiling the background blur", &mut build)
}

/// Puts it into the bundle, with the licence of the model in it; returns its name there.
pub(crate) fn place(module: &Path, dist: &Path) -> Result<String> {
    let content = fs::read(module).context(module.display())?;
    let name = format!("segmentation-{}.wasm", hash(&content));
    fs::write(dist.join(&name), content).context(&name)?;
    // As any other part that is loaded when it is needed.
    let parts = dist.join(split::PARTS);
    let mut parts = fs::OpenOptions::new()
        .append(true)
        .open(&parts)
        .context(split::PARTS)?;
    writeln!(parts, "segmentation {name}").context(split::PARTS)?;
    let licence = fs::read_to_string("LICENSE-APACHE").context("LICENSE-APACHE")?;
    let about = format!(
        "{name} contains a model of MediaPipe Selfie Segmentation by Google, from the npm package \
         @mediapipe/selfie_segmentation 0.1.1675465747, under this licence:\n\n{licence}"
    );
    fs::write(dist.join(LICENCE), about).context(LICENCE)?;
    Ok(name)
}
