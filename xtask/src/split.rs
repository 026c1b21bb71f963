//! The front end taken apart: what every page needs, and files that are loaded when parts of the
//! program are first needed.
//!
//! Trunk knows nothing of this and packs the whole program. Its wasm file and the JavaScript
//! for it are replaced here, under the names that its page refers to.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    error::{Context, Error, Result},
    freshness::collect,
    process::{self, cargo, command, say},
    program,
    tools::WASM,
};

/// Lies in the bundle: in each line a part, then the files that it loads.
const PARTS: &str = ".parts";

/// The first, for Leptos: components are compiled once each, not once for each view they are in.
/// The second: the linker notes where each function is called and each address is used, so that the program
/// can be taken apart.
const FLAGS: &str = "--cfg erase_components -Clink-arg=--emit-relocs";

/// Compiles the front end as `prepare` says.
pub(crate) fn compile(profile: &str) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--package", "webrtc-tour", "--bin", "webrtc-tour"]);
    build.args(["--target", WASM, "--profile", profile]);
    program::compile(prepare(&mut build))
}

/// Has cargo, or trunk, which calls it, compile so that the program can be taken apart.
pub(crate) fn prepare(build: &mut Command) -> &mut Command {
    build
        .args(["--features", "split"])
        .env("RUSTFLAGS", FLAGS)
        // It would take precedence.
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
}

/// Replaces the program in the bundle by its parts.
pub(crate) fn split(program: &Path, dist: &Path) -> Result<()> {
    say("taking the wasm file apart");
    let packed = packed_name(dist)?;
    let (stem, packed_hash) = packed.rsplit_once('-').unwrap_or((&packed, ""));
    let hash = &hash_of_parts(packed_hash)?;
    let name = format!("{stem}-{hash}");
    let loader = format!("split-{hash}.js");

    let parts = program.with_file_name("parts");
    let _ = fs::remove_dir_all(&parts);
    fs::create_dir_all(&parts).context(parts.display())?;
    // Paths in JavaScript modules: relative to the module, wherever the page is.
    let [module, link] = [format!("./{name}.js"), format!("./{loader}")];
    let mut split = cargo(&["run", "--quiet", "--package", "split", "--"]);
    process::run(split.args([program, &parts]).args([module, link]))?;

    let mut bindgen = command("wasm-bindgen");
    bindgen.args(["--target", "web", "--no-typescript"]);
    // The parts import these.
    bindgen.arg("--keep-lld-exports");
    bindgen
        .arg("--out-dir")
        .arg(dist)
        .args(["--out-name", &name]);
    process::run(bindgen.arg(parts.join("main.wasm")))?;

    let read = |file: &str| fs::read_to_string(parts.join(file)).context(file);
    let mut script = read(&loader)?;
    let needs = parse(&read("parts")?);
    let mut files: Vec<_> = needs.iter().flat_map(|part| &part.files).collect();
    files.sort();
    files.dedup();
    for file in files {
        let from = format!("{file}.wasm");
        let to = hashed(file, hash);
        fs::copy(parts.join(&from), dist.join(&to)).context(&from)?;
        script = script.replace(&format!("\"./{from}\""), &format!("\"./{to}\""));
    }
    fs::write(dist.join(&loader), script).context(&loader)?;
    let lines = needs.iter().map(|part| {
        let files = part.files.iter().map(|file| hashed(file, hash));
        format!("{} {}\n", part.name, files.collect::<Vec<_>>().join(" "))
    });
    fs::write(dist.join(PARTS), lines.collect::<String>()).context(PARTS)?;

    let page = dist.join("index.html");
    let html = fs::read_to_string(&page).context("index.html")?;
    let html = with_preload(
        &html.replace(&packed, &name),
        &format!("{name}.js"),
        &loader,
    );
    fs::write(&page, html).context("index.html")?;
    for file in [format!("{packed}.js"), format!("{packed}_bg.wasm")] {
        fs::remove_file(dist.join(&file)).context(file)?;
    }
    Ok(())
}

/// Also another splitter makes other files of the same program, and browsers keep a file by its name.
fn hash_of_parts(packed: &str) -> Result<String> {
    let mut files = vec![PathBuf::from("Cargo.lock")];
    collect(Path::new("xtask/split"), &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    packed.hash(&mut hasher);
    for file in files {
        fs::read(&file).context(file.display())?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// A part of the program and what it loads when it is first needed.
#[derive(Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) files: Vec<String>,
}

/// What was taken apart by the build of this bundle.
pub(crate) fn parts(dist: &Path) -> Result<Vec<Part>> {
    let text = fs::read_to_string(dist.join(PARTS)).context(PARTS)?;
    Ok(parse(&text))
}

fn parse(lines: &str) -> Vec<Part> {
    let part = |line: &str| {
        let mut words = line.split_whitespace().map(str::to_owned);
        Some(Part {
            name: words.next()?,
            files: words.collect(),
        })
    };
    lines.lines().filter_map(part).collect()
}

/// One hash for all parts: parts of different builds never fit together.
fn hashed(file: &str, hash: &str) -> String {
    format!("{file}-{hash}.wasm")
}

/// What trunk called the program: `webrtc-tour-0123456789abcdef`.
fn packed_name(dist: &Path) -> Result<String> {
    for entry in fs::read_dir(dist).context("the bundle")? {
        let file = entry.context("the bundle")?.file_name();
        let name = file.to_str().and_then(|file| file.strip_suffix("_bg.wasm"));
        if let Some(name) = name {
            return Ok(name.to_owned());
        }
    }
    Err(Error::new("trunk made no wasm file"))
}

/// Has the page ask for the loader at once: only the script that imports it names it.
fn with_preload(html: &str, script: &str, loader: &str) -> String {
    let preload = html.find("<link rel=\"modulepreload\"").and_then(|start| {
        let length = html[start..].find('>')? + 1;
        html.get(start..start + length)
    });
    match preload {
        Some(tag) => {
            let both = format!("{tag}{}", tag.replace(script, loader));
            html.replacen(tag, &both, 1)
        }
        None => html.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_a_part_and_its_files() {
        let parts = parse("call part_1 part_2\nempty\n");
        assert_eq!(parts[0].name, "call");
        assert_eq!(parts[0].files, ["part_1", "part_2"]);
        assert_eq!(parts[1].files, Vec::<String>::new());
    }

    #[test]
    fn the_loader_is_preloaded_like_the_script() {
        let html = "<p><link rel=\"modulepreload\" href=\"/on/app-1.js\" crossorigin><link>";
        let expected = "<p><link rel=\"modulepreload\" href=\"/on/app-1.js\" crossorigin>\
                        <link rel=\"modulepreload\" href=\"/on/split-1.js\" crossorigin><link>";
        assert_eq!(with_preload(html, "app-1.js", "split-1.js"), expected);
    }
}
