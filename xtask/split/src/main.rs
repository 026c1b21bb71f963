//! Takes a wasm file apart at its `#[wasm_split]` functions.
//!
//! A program of its own, because only a build of the bundle is to wait until it is compiled.

use std::{env, error::Error, fs, path::Path};

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
    let main = directory.join("main.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = directory;
    options.main_out_path = &main;
    options.main_module = module;
    options.link_name = loader;
    let parts = transform(options)?.prefetch_map;
    let lines = parts
        .iter()
        .map(|(part, files)| format!("{part} {}\n", files.join(" ")));
    let mut lines: Vec<_> = lines.collect();
    lines.sort();
    fs::write(directory.join("parts"), lines.concat())?;
    Ok(())
}
