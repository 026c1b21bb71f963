//! The static bundle in `dist/`: the app compiled, taken apart, and made ready for static hosts.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    compress,
    error::{Context, Result},
    freshness, lock, page,
    pages::{self, PublicUrl},
    process::say,
    segmentation, split,
    steps::{Steps, at_once},
    strip, tools,
};

/// Where the bundle is made. It takes its place when it is complete, so that a server never sends half
/// of it, and what fails leaves the one that was there. Beside it, because `target` may be elsewhere.
const UNFINISHED: &str = "dist.unfinished";

/// Makes the bundle unless it is there already; returns where.
pub(crate) fn build(public_url: &str, steps: &Steps) -> Result<PathBuf> {
    let url = PublicUrl::parse(public_url)?;
    let root = env::current_dir().context("the repository cannot be entered")?;
    let _alone = lock::take()?;
    let dist = root.join("dist");
    // Taken before the build: what is edited meanwhile may or may not be in it.
    let built_from = freshness::fingerprint(&root, &[public_url])?;
    if freshness::is_fresh(&dist, &built_from) {
        say("the bundle is up to date");
        return Ok(dist);
    }
    steps.step("setting up the compiler", tools::set_up_wasm_target)?;
    let blur_and_splitter = || {
        Ok((
            segmentation::compile(steps)?,
            split::compile_splitter(steps)?,
        ))
    };
    let ((blur, splitter), app) = at_once(blur_and_splitter, || split::compile(steps))?;
    let bundle = empty(UNFINISHED)?;
    let program = steps.step("taking the app apart", || {
        split::split(&splitter, &app, &bundle)
    })?;
    let blur = segmentation::place(&blur, &bundle)?;
    strip::strip(&bundle)?;
    page::write(&bundle, &url.path, &program, &blur)?;
    steps.step("writing the pages", || pages::write(&bundle, &url))?;
    steps.step("compressing", || compress::precompress(&bundle))?;
    freshness::stamp(&bundle, &built_from)?;
    remove(&dist)?;
    fs::rename(&bundle, &dist).context("the bundle cannot be put into dist")?;
    Ok(dist)
}

/// A directory with nothing in it.
fn empty(path: &str) -> Result<PathBuf> {
    let path = PathBuf::from(path);
    remove(&path)?;
    fs::create_dir_all(&path).context(path.display())?;
    Ok(path)
}

fn remove(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs::remove_dir_all(directory).context(directory.display())?;
    }
    Ok(())
}
