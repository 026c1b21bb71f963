//! What a first visit downloads, against its budget.

use std::{fs, path::Path, process::ExitCode};

use crate::{
    bundle,
    compress::with_suffix,
    error::{Error, Result},
    freshness::collect,
};

/// Brotli bytes of wasm, JavaScript and style sheets together.
const BUDGET: u64 = 200 * 1024;

struct File {
    name: String,
    raw: u64,
    brotli: u64,
}

pub(crate) fn run() -> Result<ExitCode> {
    report(&bundle::build("/")?)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the sizes; too much is an error.
pub(crate) fn report(dist: &Path) -> Result<()> {
    let files = first_page(dist)?;
    let total = File {
        name: "first page".to_owned(),
        raw: files.iter().map(|file| file.raw).sum(),
        brotli: files.iter().map(|file| file.brotli).sum(),
    };
    println!("{:<44} {:>11} {:>11}", "", "raw", "brotli");
    for File { name, raw, brotli } in files.iter().chain([&total]) {
        println!("{name:<44} {:>11} {:>11}", kib(*raw), kib(*brotli));
    }
    println!("{:<44} {:>11} {:>11}", "budget", "", kib(BUDGET));
    if total.brotli <= BUDGET {
        return Ok(());
    }
    let over = kib(total.brotli - BUDGET);
    Err(Error::new(format!(
        "the first page is {over} over its budget"
    )))
}

/// There is one wasm file for all pages, so the first page loads all there is.
fn first_page(dist: &Path) -> Result<Vec<File>> {
    let mut paths = Vec::new();
    collect(dist, &mut paths)?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let extension = path.extension().and_then(|extension| extension.to_str());
        if !matches!(extension, Some("wasm" | "js" | "css")) {
            continue;
        }
        let size = |path: &Path| Some(fs::metadata(path).ok()?.len());
        let raw = size(&path).ok_or_else(|| Error::new(format!("{} vanished", path.display())))?;
        files.push(File {
            name: path
                .strip_prefix(dist)
                .unwrap_or(&path)
                .display()
                .to_string(),
            raw,
            // What does not shrink has no compressed copy.
            brotli: size(&with_suffix(&path, "br")).unwrap_or(raw),
        });
    }
    Ok(files)
}

fn kib(bytes: u64) -> String {
    let tenths = (bytes * 10).div_ceil(1024);
    format!("{}.{} KiB", tenths / 10, tenths % 10)
}
