//! Takes a wasm file apart at its `#[wasm_split]` functions, and joins what is loaded together.
//!
//! A program of its own, because only a build of the bundle is to wait until it is compiled.

mod groups;
mod loader;
mod module;

use std::collections::{BTreeMap, BTreeSet};
use std::{env, error::Error, fs, path::Path};

use groups::Group;
use wasm_split_cli_support::{Options, transform};

const USAGE: &str = "usage: split WASM DIRECTORY MODULE LOADER";

/// Puts into DIRECTORY: `main.wasm`, the files that it loads later, LOADER, which loads them,
/// and `parts`, in which each line names a part and then the files it is made of. MODULE is
/// what `wasm-bindgen` will make of `main.wasm`.
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [wasm, directory, module, loader] = arguments.as_slice() else {
        return Err(USAGE.into());
    };
    let wasm = fs::read(wasm)?;
    let directory = Path::new(directory);
    let split = directory.join("split");
    let main = directory.join("main.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = &split;
    options.main_out_path = &main;
    options.main_module = module;
    options.link_name = loader;
    let needs: BTreeMap<_, _> = transform(options)?.prefetch_map.into_iter().collect();

    let files = join(&split, directory, &needs)?;
    let parts: Vec<_> = needs.into_keys().collect();
    let script = fs::read_to_string(split.join(loader))?;
    let script = loader::rewrite(&script, &parts, &files)
        .ok_or("the splitter's script is not what this program knows")?;
    fs::write(directory.join(loader), script)?;
    let lines = parts.iter().map(|part| {
        let needed = files.iter().filter(|file| file.needed_by.contains(part));
        let names: Vec<_> = needed.map(|file| file.name.as_str()).collect();
        format!("{part} {}\n", names.join(" "))
    });
    fs::write(directory.join("parts"), lines.collect::<String>())?;
    Ok(())
}

/// Joins the files in `split` and puts them into `directory`.
fn join(
    split: &Path,
    directory: &Path,
    needs: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<loader::File>, Box<dyn Error>> {
    let mut needed_by = BTreeMap::<&str, BTreeSet<String>>::new();
    for (part, files) in needs {
        for file in files {
            needed_by.entry(file).or_default().insert(part.clone());
        }
    }
    let read = |file: &str| fs::read(split.join(file).with_extension("wasm"));
    let mut groups = Vec::new();
    for (file, needed_by) in needed_by {
        groups.push(Group {
            files: vec![file.to_owned()],
            needed_by,
            bytes: read(file)?.len(),
        });
    }
    let mut files = Vec::new();
    for (index, group) in groups::join(groups, weight).into_iter().enumerate() {
        let mut contents = Vec::new();
        for file in &group.files {
            contents.push(read(file)?);
        }
        let name = format!("part_{index}");
        let joined = module::join(&contents)
            .map_err(|error| format!("{} cannot be joined: {error}", group.files.join(", ")))?;
        fs::write(directory.join(&name).with_extension("wasm"), joined)?;
        files.push(loader::File {
            name,
            needed_by: group.needed_by,
        });
    }
    Ok(files)
}

/// How often a part is opened, compared with a chapter.
fn weight(part: &str) -> f64 {
    if part.starts_with("code_") || part.starts_with("example_") {
        0.2
    } else {
        1.0
    }
}
