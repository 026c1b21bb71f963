//! Takes a wasm file apart at its `#[wasm_split]` functions, joins what is loaded together, and makes
//! the JavaScript for it.
//!
//! A program of its own, because only a build of the bundle is to wait until it is compiled.

mod groups;
mod loader;
mod module;
mod names;
mod openings;

use std::collections::{BTreeMap, BTreeSet};
use std::{env, error::Error, fs, path::Path};

use groups::Group;
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::{Options, transform};

const USAGE: &str = "usage: split WASM BUNDLE HASH";

/// Puts into BUNDLE what WASM, `name.wasm`, is made into. HASH is in the name of each file:
///
/// - `name-HASH.js` and `name-HASH_bg.wasm`, the program as it starts,
/// - `split-HASH.js`, which loads the rest,
/// - `part_0-HASH.wasm` and so on, the rest,
/// - `.parts`, in which each line names a part of the program and then the files that it loads.
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [wasm, bundle, hash] = arguments.as_slice() else {
        return Err(USAGE.into());
    };
    let (wasm, bundle) = (Path::new(wasm), Path::new(bundle));
    let stem = wasm.file_stem().and_then(|stem| stem.to_str());
    let name = format!("{}-{hash}", stem.ok_or(USAGE)?);
    let loader = format!("split-{hash}.js");
    // Paths in JavaScript modules: relative to the module, wherever the page is.
    let [module, link] = [format!("./{name}.js"), format!("./{loader}")];

    let scratch = wasm.with_file_name("parts");
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    let main = scratch.join("main.wasm");
    let wasm = fs::read(wasm)?;
    let mut options = Options::new(&wasm);
    options.output_dir = &scratch;
    options.main_out_path = &main;
    options.main_module = &module;
    options.link_name = &link;
    let needs: BTreeMap<_, _> = transform(options)?.prefetch_map.into_iter().collect();

    let mut bindgen = Bindgen::new();
    bindgen.input_path(&main).out_name(&name).web(true)?;
    // The parts import these.
    bindgen.keep_lld_exports(true).generate(bundle)?;
    shorten(bundle, &name)?;

    let files = join(&scratch, bundle, hash, &needs)?;
    let parts: Vec<_> = needs.into_keys().collect();
    let script = fs::read_to_string(scratch.join(&link))?;
    let script = loader::rewrite(&script, &parts, &files)
        .ok_or("the splitter's script is not what this program knows")?;
    fs::write(bundle.join(loader), script)?;
    let lines = parts.iter().map(|part| {
        let needed = files.iter().filter(|file| file.needed_by.contains(part));
        let names: Vec<_> = needed.map(|file| file.name.as_str()).collect();
        format!("{part} {}\n", names.join(" "))
    });
    fs::write(bundle.join(".parts"), lines.collect::<String>())?;
    Ok(())
}

/// Gives what the program imports from its script short names.
fn shorten(bundle: &Path, name: &str) -> Result<(), Box<dyn Error>> {
    let script = bundle.join(format!("{name}.js"));
    let wasm = bundle.join(format!("{name}_bg.wasm"));
    let module = format!("./{name}_bg.js");
    let shortened = names::shorten(&fs::read_to_string(&script)?, &fs::read(&wasm)?, &module)?;
    fs::write(script, shortened.script)?;
    fs::write(wasm, shortened.wasm)?;
    Ok(())
}

/// Joins the splitter's files in `scratch` and puts them into `bundle`.
fn join(
    scratch: &Path,
    bundle: &Path,
    hash: &str,
    needs: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<loader::File>, Box<dyn Error>> {
    let mut needed_by = BTreeMap::<&str, BTreeSet<String>>::new();
    for (part, files) in needs {
        for file in files {
            needed_by.entry(file).or_default().insert(part.clone());
        }
    }
    let read = |file: &str| fs::read(scratch.join(file).with_extension("wasm"));
    let mut groups = Vec::new();
    for (file, needed_by) in needed_by {
        groups.push(Group {
            files: vec![file.to_owned()],
            needed_by,
            bytes: module::content(&read(file)?)?,
        });
    }
    let parts: Vec<_> = needs.keys().cloned().collect();
    let groups = groups::join(groups, &openings::openings(&parts));
    let mut files = Vec::new();
    for (index, group) in groups.into_iter().enumerate() {
        let mut contents = Vec::new();
        for file in &group.files {
            contents.push(read(file)?);
        }
        // One hash for all: parts of different builds never fit together.
        let name = format!("part_{index}-{hash}.wasm");
        let joined = module::join(&contents)
            .map_err(|error| format!("{} cannot be joined: {error}", group.files.join(", ")))?;
        fs::write(bundle.join(&name), joined)?;
        files.push(loader::File {
            name,
            needed_by: group.needed_by,
        });
    }
    Ok(files)
}
