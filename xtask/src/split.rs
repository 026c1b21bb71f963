//! The front end compiled and taken apart: what every page needs, and files that are loaded when parts
//! of the program are first needed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    error::{Context, Result},
    freshness::{collect, hash},
    process::{self, cargo, command, nice_cargo},
    program,
    steps::Steps,
    tools::WASM,
};

/// In the front end's `Cargo.toml`.
pub(crate) const PROFILE: &str = "wasm-release";

/// Lies in the bundle: in each line a part, then the files that it loads.
pub(crate) const PARTS: &str = ".parts";

/// The first, for Leptos: components are compiled once each, not once for each view they are in.
/// The second: the linker notes where each function is called and each address is used, so that the program
/// can be taken apart.
const FLAGS: &str = "--cfg erase_components -Clink-arg=--emit-relocs";

/// The files of the bundle in which the program begins.
pub(crate) struct Program {
    /// What wasm-bindgen made for the wasm file.
    pub(crate) script: String,
    /// Loads the parts; only the script names it.
    pub(crate) loader: String,
    pub(crate) wasm: String,
}

/// Compiles the front end so that it can be taken apart.
pub(crate) fn compile(steps: &Steps) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--package", "webrtc-tour", "--bin", "webrtc-tour"]);
    build.args(["--target", WASM, "--profile", PROFILE]);
    build.args(["--features", "split"]).env("RUSTFLAGS", FLAGS);
    // It would take precedence.
    build.env_remove("CARGO_ENCODED_RUSTFLAGS");
    program::compile_as_step(steps, "compiling the app", &mut build)
}

/// Compiles what takes it apart, beside the app: that takes longer, the end of it on one processor.
pub(crate) fn compile_splitter(steps: &Steps) -> Result<PathBuf> {
    let mut build = nice_cargo(10, &["build", "--package", "split"]);
    program::compile_as_step(steps, "compiling the splitter", &mut build)
}

/// Puts the program into the bundle, taken apart.
pub(crate) fn split(splitter: &Path, program: &Path, dist: &Path) -> Result<Program> {
    let hash = &hash_of_parts(program)?;
    let mut split = command(splitter);
    process::run(split.args([program, dist]).arg(hash))?;
    // As the splitter calls them.
    let name = program.file_stem().unwrap_or_default().to_string_lossy();
    Ok(Program {
        script: format!("{name}-{hash}.js"),
        loader: format!("split-{hash}.js"),
        wasm: format!("{name}-{hash}_bg.wasm"),
    })
}

/// Also another splitter makes other files of the same program, and browsers keep a file by its name.
fn hash_of_parts(program: &Path) -> Result<String> {
    let mut files = vec![program.to_owned(), PathBuf::from("Cargo.lock")];
    collect(Path::new("xtask/split"), &mut files)?;
    files.sort();
    let mut contents = Vec::new();
    for file in files {
        contents.push(fs::read(&file).context(file.display())?);
    }
    Ok(hash(contents))
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
}
