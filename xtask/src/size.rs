//! What a first visit downloads, against its budget, and what each chapter adds to that.

use std::{fs, path::Path, process::ExitCode};

use crate::{
    bundle,
    compress::with_suffix,
    error::{Error, Result},
    freshness::collect,
    split::{self, Chapter},
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

/// Prints the sizes; too large a first page is an error.
pub(crate) fn report(dist: &Path) -> Result<()> {
    let chapters = split::chapters(dist)?;
    let (later, first) = files(dist)?
        .into_iter()
        .partition::<Vec<_>, _>(|file| chapters.iter().any(|chapter| loads(chapter, file)));
    let total = sum("first page", &first);

    println!("{:<44} {:>11} {:>11}", "", "raw", "brotli");
    for file in first.iter().chain([&total]) {
        row(file);
    }
    println!("{:<44} {:>11} {:>11}", "budget", "", kib(BUDGET));
    println!("\nfiles of chapters");
    for file in &later {
        row(file);
    }
    println!("\nmore to load when a chapter is the first to be opened");
    for chapter in &chapters {
        let files = later.iter().filter(|file| loads(chapter, file));
        let name = format!("{}, {} files", chapter.name, chapter.files.len());
        row(&sum(&name, files));
    }
    if total.brotli <= BUDGET {
        return Ok(());
    }
    let over = kib(total.brotli - BUDGET);
    Err(Error::new(format!(
        "the first page is {over} over its budget"
    )))
}

fn loads(chapter: &Chapter, file: &File) -> bool {
    chapter.files.contains(&file.name)
}

fn files(dist: &Path) -> Result<Vec<File>> {
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

fn sum<'a>(name: &str, files: impl IntoIterator<Item = &'a File>) -> File {
    let nothing = File {
        name: name.to_owned(),
        raw: 0,
        brotli: 0,
    };
    files.into_iter().fold(nothing, |sum, file| File {
        raw: sum.raw + file.raw,
        brotli: sum.brotli + file.brotli,
        ..sum
    })
}

fn row(File { name, raw, brotli }: &File) {
    println!("{name:<44} {:>11} {:>11}", kib(*raw), kib(*brotli));
}

fn kib(bytes: u64) -> String {
    let tenths = (bytes * 10).div_ceil(1024);
    format!("{}.{} KiB", tenths / 10, tenths % 10)
}
