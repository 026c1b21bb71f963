//! What an address downloads until it is shown, when it is the first to be opened, against its budget.

use std::{fs, path::Path, process::ExitCode};

use crate::{
    bundle,
    compress::with_suffix,
    error::{Context, Error, Result},
    freshness::collect,
    split::{self, Part},
    steps::Steps,
};

/// An address that people open, the part that it loads, and how much it may download in all, brotli
/// bytes of wasm, JavaScript and style sheets, and in how many files besides the page itself.
struct Entry {
    address: &'static str,
    part: Option<&'static str>,
    kib: u64,
    files: usize,
}

/// The page itself, which the text is in: brotli bytes until something can be read.
const PAGE_KIB: u64 = 20;

const fn entry(address: &'static str, part: &'static str, kib: u64, files: usize) -> Entry {
    Entry {
        address,
        part: Some(part),
        kib,
        files,
    }
}

const ENTRIES: [Entry; 16] = [
    Entry {
        address: "/",
        part: None,
        kib: 134,
        files: 4,
    },
    entry("/meet/{room}", "meet", 294, 11),
    entry("/call/{room}", "call", 340, 13),
    entry("/mesh/{room}", "mesh", 375, 18),
    entry("/firebase/{room}", "firebase", 391, 17),
    entry("/firebase/mesh/{room}", "firebase_mesh", 391, 17),
    entry("/introduction", "introduction", 184, 7),
    entry("/media-stream", "media_stream", 284, 15),
    entry("/browsers", "browsers", 213, 11),
    entry("/peer-connection", "peer_connection", 272, 15),
    entry("/data-channel", "data_channel", 286, 17),
    entry("/nat", "nat", 270, 14),
    entry("/security", "security", 272, 14),
    entry("/replay", "replay", 205, 9),
    entry("/glossary", "glossary", 184, 7),
    entry("/sources", "sources", 184, 7),
];

struct File {
    name: String,
    raw: u64,
    brotli: u64,
}

pub(crate) fn run() -> Result<ExitCode> {
    report(&bundle::build("/", &Steps::begin())?)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the sizes; an address that is over its budget is an error.
pub(crate) fn report(dist: &Path) -> Result<()> {
    let parts = split::parts(dist)?;
    let (later, first) = files(dist)?
        .into_iter()
        .partition::<Vec<_>, _>(|file| parts.iter().any(|part| loads(part, file)));

    println!("{:<44} {:>11} {:>11}", "every page", "raw", "brotli");
    for file in &first {
        row(file);
    }
    println!("\nwhat parts of the program load");
    for file in &later {
        row(file);
    }
    println!("\nmore to load when a part is the first to be needed");
    for part in &parts {
        let files = later.iter().filter(|file| loads(part, file));
        let name = format!("{}, {} files", part.name, part.files.len());
        row(&sum(&name, files));
    }
    println!(
        "\n{:<26} {:>11} {:>11} {:>6} {:>6} {:>11} {:>11}",
        "an address opened first", "brotli", "budget", "files", "budget", "page", "budget"
    );
    let mut over = Vec::new();
    for Entry {
        address,
        part,
        kib: budget,
        files: most,
    } in ENTRIES
    {
        let part = match part {
            None => None,
            Some(name) => {
                let part = parts.iter().find(|part| part.name == name);
                let none = || Error::new(format!("{address}: there is no part {name}"));
                Some(part.ok_or_else(none)?)
            }
        };
        let own = later
            .iter()
            .filter(|file| part.is_some_and(|part| loads(part, file)));
        let all: Vec<_> = first.iter().chain(own).collect();
        let (total, count) = (sum(address, all.iter().copied()), all.len());
        let page = page(dist, address)?;
        println!(
            "{address:<26} {:>11} {:>11} {count:>6} {most:>6} {:>11} {:>11}",
            kib(total.brotli),
            kib(budget * 1024),
            kib(page),
            kib(PAGE_KIB * 1024)
        );
        if total.brotli > budget * 1024 || count > most || page > PAGE_KIB * 1024 {
            over.push(address);
        }
    }
    if over.is_empty() {
        return Ok(());
    }
    let over = over.join(", ");
    Err(Error::new(format!("over the budget: {over}")))
}

fn loads(part: &Part, file: &File) -> bool {
    part.files.contains(&file.name)
}

/// How large, in brotli bytes, the page is that the host sends for an address.
fn page(dist: &Path, address: &str) -> Result<u64> {
    let directory = address.trim_end_matches("{room}").trim_matches('/');
    let page = with_suffix(&dist.join(directory).join("index.html"), "br");
    Ok(fs::metadata(&page).context(page.display())?.len())
}

fn files(dist: &Path) -> Result<Vec<File>> {
    let mut paths = Vec::new();
    collect(dist, &mut paths)?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let extension = path.extension().and_then(|extension| extension.to_str());
        // The service worker is asked for later, where people meet.
        if !matches!(extension, Some("wasm" | "js" | "css")) || path.ends_with("service-worker.js")
        {
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
