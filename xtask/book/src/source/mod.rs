//! The source beside the demo: what a page shows of the code that runs it, taken from the real
//! files when the front end is built, so that it cannot go stale.
//!
//! Owns how code is found, cut out and coloured. A name that does not exist, or exists twice, is
//! an error of the build.

mod highlight;
mod item;
mod lexer;
mod script;
mod story;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

pub use highlight::lines;
pub use lexer::{Class, Language, tokens};
pub use story::{Excerpt, Story};

use crate::{Error, read};

/// The pages that show their code: the name of their file below [`STORIES`].
pub const PAGES: [&str; 10] = [
    "media-stream",
    "browsers",
    "peer-connection",
    "data-channel",
    "call",
    "nat",
    "mesh",
    "firebase",
    "security",
    "replay",
];

/// Where the stories are, from the root of the repository.
pub const STORIES: &str = "src/pages/text/story";

/// Where the files are that report to the trace, and so can be asked for as a whole.
const TRACED: [&str; 4] = ["src/rtc", "src/signaling", "src/call", "src/hooks"];

/// How a file looks that reports to the trace, or has somebody report to it.
const REPORTS: &str = "tracer";

/// Finds items in the files of a repository.
pub struct Sources {
    root: PathBuf,
    /// What was read, by its path from the root.
    files: BTreeMap<String, File>,
}

struct File {
    text: String,
    language: Language,
    /// Of Rust only.
    syntax: Option<syn::File>,
}

/// Lines of a file, counted from 1, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    pub first: usize,
    pub last: usize,
}

impl Sources {
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            files: BTreeMap::new(),
        }
    }

    /// The lines of an item with its comments and attributes. `name` is a file and what is in it:
    /// `src/rtc/media.rs::acquire`, `src/rtc/media.rs::LocalMedia::take`,
    /// `src/rtc/media.rs::impl Drop for LocalMedia`, `….js::connect`.
    ///
    /// # Errors
    ///
    /// When there is no such file, no such item in it, or more than one.
    pub fn find(&mut self, name: &str) -> Result<Lines, Error> {
        let (path, item) = name
            .split_once("::")
            .ok_or_else(|| Error::text(name, "names no item: it is to be FILE::ITEM"))?;
        let file = self.file(path)?;
        let found = match &file.syntax {
            Some(syntax) => item::find(syntax, item),
            None => script::find(&file.text, item),
        };
        match found.as_slice() {
            [lines] => Ok(*lines),
            [] => Err(Error::text(path, format!("there is no `{item}` in it"))),
            _ => Err(Error::text(
                path,
                format!("`{item}` is in it more than once"),
            )),
        }
    }

    /// The lines as they are, but not indented.
    ///
    /// # Errors
    ///
    /// When there is no such file.
    pub fn text(&mut self, path: &str, lines: Lines) -> Result<String, Error> {
        let file = self.file(path)?;
        let all = file.text.split_inclusive('\n');
        let chosen: Vec<_> = all
            .skip(lines.first - 1)
            .take(lines.last + 1 - lines.first)
            .collect();
        let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
        let filled = chosen
            .iter()
            .copied()
            .filter(|line| !line.trim().is_empty());
        let indent = filled.map(|line| indent(&line)).min().unwrap_or_default();
        let cut = |line: &str| line.get(indent..).unwrap_or("\n").to_owned();
        Ok(chosen.into_iter().map(cut).collect())
    }

    /// A whole file as HTML, see [`lines`].
    ///
    /// # Errors
    ///
    /// When there is no such file.
    pub fn whole(&mut self, path: &str) -> Result<String, Error> {
        let file = self.file(path)?;
        Ok(lines(&file.text, file.language))
    }

    fn file(&mut self, path: &str) -> Result<&File, Error> {
        if !self.files.contains_key(path) {
            let file = self.open(path)?;
            self.files.insert(path.to_owned(), file);
        }
        Ok(&self.files[path])
    }

    fn open(&self, path: &str) -> Result<File, Error> {
        let language = Language::of(path)
            .ok_or_else(|| Error::text(path, "is neither Rust nor JavaScript"))?;
        let text = read(&self.root.join(path))?;
        let syntax = match language {
            Language::Rust => {
                let parsed = syn::parse_file(&text);
                Some(parsed.map_err(|error| Error::text(path, error.to_string()))?)
            }
            Language::JavaScript => None,
        };
        Ok(File {
            text,
            language,
            syntax,
        })
    }

    /// The files that report to the trace, from the root.
    fn traced(&self) -> Result<BTreeSet<String>, Error> {
        let mut found = BTreeSet::new();
        let mut directories: Vec<_> = TRACED.iter().map(|path| self.root.join(path)).collect();
        while let Some(directory) = directories.pop() {
            let io = |source| Error::Io {
                path: directory.clone(),
                source,
            };
            for entry in fs::read_dir(&directory).map_err(io)? {
                let path = entry.map_err(io)?.path();
                if path.is_dir() {
                    directories.push(path);
                } else if path.extension().is_some_and(|end| end == "rs")
                    && path.file_name().is_some_and(|name| name != "tests.rs")
                    && read(&path)?.contains(REPORTS)
                {
                    let path = path.strip_prefix(&self.root).unwrap_or(&path);
                    found.insert(path.display().to_string().replace('\\', "/"));
                }
            }
        }
        Ok(found)
    }
}

/// Writes the Rust that contains all that is shown of the repository at `root` to `to`, and gives
/// back what it was made of, from the root: files and directories.
///
/// # Errors
///
/// The first story that does not hold together with the code.
pub fn write(root: &Path, to: &Path) -> Result<BTreeSet<String>, Error> {
    let mut sources = Sources::new(root);
    let mut rust = String::new();
    let mut whole = sources.traced()?;
    for page in PAGES {
        let story = Story::read(&mut sources, page)?;
        rust.push_str(&story.to_rust());
        let excerpts = story.rust.iter().chain(&story.script);
        whole.extend(excerpts.map(|excerpt| excerpt.path.clone()));
    }
    rust.push_str("/// A file of the repository as HTML, one element for each line.\npub fn whole(path: &str) -> Option<&'static str> {\n    Some(match path {\n");
    for path in &whole {
        let html = sources.whole(path)?;
        rust.push_str(&format!("        {path:?} => {html:?},\n"));
    }
    rust.push_str("        _ => return None,\n    })\n}\n");
    fs::write(to, rust).map_err(|source| Error::Io {
        path: to.to_owned(),
        source,
    })?;
    whole.extend(TRACED.iter().map(|path| (*path).to_owned()));
    whole.insert(STORIES.to_owned());
    Ok(whole)
}
