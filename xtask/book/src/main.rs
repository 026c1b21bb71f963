//! Writes each text of the tour as a page of its own into a bundle. Runs in the repository.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use book::{Book, Site};

const USAGE: &str = "usage: book BUNDLE BASE [ORIGIN]";

/// Replaces `index.html` in BUNDLE, the page of the app, by pages for all texts. They will be at the
/// path BASE, of ORIGIN if that is given. `.parts` says which files each part of the program loads.
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let (bundle, base, origin) = match arguments.as_slice() {
        [bundle, base] => (Path::new(bundle), base, None),
        [bundle, base, origin] => (Path::new(bundle), base, Some(origin.as_str())),
        _ => return Err(USAGE.into()),
    };
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let shell = read(&bundle.join("index.html"))?;
    let parts = read(&bundle.join(".parts"))?;
    let parts = parts.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, words.collect()))
    });
    let site = Site {
        shell: &shell,
        base,
        origin,
        parts: BTreeMap::from_iter(parts),
    };
    let book = Book::read(Path::new("src/pages/text"))?;
    for page in site.pages(&book)? {
        let file = bundle.join(page.path);
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(&file, page.content).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}
