//! Turns the chapters' Markdown into HTML, and into the Rust that the front end includes.
//!
//! Owns the form of the texts: front matter, terms, links, diagrams. What does not hold together
//! (a link to nowhere, a term without its entry in the glossary) is an error of the build. Knows
//! nothing of Leptos; the front end's `build.rs` calls [`write()`].
//!
//! Owns, too, how a text looks before there is an app: [`Site`] writes each as a page of its own.

mod article;
mod chapter;
mod columns;
mod contents;
mod front_matter;
mod glossary;
mod render;
mod site;
pub mod source;
mod styles;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use chapter::Chapter;
pub use contents::{CONTENTS, Entry};
use glossary::Glossary;
pub use site::{Page, Site};
use thiserror::Error;

/// What is wrong with a text, and where.
#[derive(Debug, Error)]
pub enum Error {
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{file}: {what}")]
    Text { file: String, what: String },
}

impl Error {
    fn text(file: &str, what: impl Into<String>) -> Self {
        Self::Text {
            file: file.to_owned(),
            what: what.into(),
        }
    }
}

/// All texts of the tour.
pub struct Book {
    /// In the order of [`CONTENTS`].
    pub chapters: Vec<Chapter>,
}

impl Book {
    /// Reads all texts in `directory`.
    ///
    /// # Errors
    ///
    /// The first that is missing or does not hold together with the others.
    pub fn read(directory: &Path) -> Result<Self, Error> {
        let load = |entry: &'static Entry| {
            let file = format!("{}.md", entry.file);
            Ok((entry, file.clone(), read(&directory.join(file))?))
        };
        let sources: Vec<_> = CONTENTS.iter().map(load).collect::<Result<_, Error>>()?;
        let mut glossary = Glossary::read(&sources)?;
        let chapters: Vec<_> = sources
            .iter()
            .map(|(entry, file, text)| Chapter::render(entry, file, text, directory, &mut glossary))
            .collect::<Result<_, _>>()?;
        glossary.expect_all_introduced()?;
        let mut book = Self { chapters };
        book.check_links()?;
        glossary.say_where_introduced(&mut book.chapters);
        Ok(book)
    }

    /// The texts that have a number, in its order.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = &Chapter> {
        self.chapters
            .iter()
            .filter(|chapter| chapter.entry.is_chapter)
    }

    pub(crate) fn glossary(&self) -> Option<&Chapter> {
        self.chapters
            .iter()
            .find(|chapter| chapter.entry.file == contents::GLOSSARY)
    }

    /// No link inside the tour leads to nowhere.
    fn check_links(&self) -> Result<(), Error> {
        for chapter in &self.chapters {
            for (path, fragment) in &chapter.links {
                let there = self
                    .chapters
                    .iter()
                    .find(|other| other.entry.path == path.as_str());
                let Some(there) = there else {
                    if contents::STATES_OF_PAGES.contains(&path.as_str()) && fragment.is_none() {
                        continue;
                    }
                    let what = format!("a link leads to {path}, which is no page");
                    return Err(Error::text(&chapter.file, what));
                };
                if let Some(fragment) = fragment
                    && !there.anchors.contains(fragment)
                {
                    let what = format!("a link leads to #{fragment}, which {path} does not have");
                    return Err(Error::text(&chapter.file, what));
                }
            }
        }
        Ok(())
    }

    /// The Rust that makes the texts known to the front end. Expects `Text`, `Prose` and `Chapter`
    /// in scope.
    fn to_rust(&self) -> String {
        let mut rust = String::new();
        let numbered: Vec<_> = self.numbered().collect();
        rust.push_str(&format!(
            "/// The chapters in the order of reading.\npub const CHAPTERS: [Chapter; {}] = [\n",
            numbered.len()
        ));
        for chapter in numbered {
            rust.push_str(&format!(
                "    Chapter {{ path: {:?}, title: {:?}, summary: {:?} }},\n",
                chapter.entry.path, chapter.front.title, chapter.front.summary
            ));
        }
        rust.push_str("];\n");
        for chapter in &self.chapters {
            let (entry, front) = (chapter.entry, &chapter.front);
            rust.push_str(&format!(
                "pub const {}: Text = Text {{ path: {:?}, title: {:?}, lead: {:?} }};\n",
                entry.part().to_uppercase(),
                entry.path,
                front.title,
                front.lead,
            ));
        }
        rust.push_str("pub(crate) mod prose {\n    use super::Prose;\n");
        // That of the replay is only its title and lead.
        let read = self.chapters.iter();
        for chapter in read.filter(|chapter| chapter.entry.file != contents::REPLAY) {
            rust.push_str(&format!(
                "    pub(crate) const {}: Prose = Prose {{ before: {:?}, after: {:?} }};\n",
                chapter.entry.part().to_uppercase(),
                chapter.before,
                chapter.after,
            ));
        }
        rust.push_str("}\n");
        rust
    }
}

/// Reads the texts in `directory` and writes the Rust that contains them to `to`.
///
/// # Errors
///
/// As [`Book::read`], or when the file cannot be written.
pub fn write(directory: &Path, to: &Path) -> Result<(), Error> {
    let book = Book::read(directory)?;
    fs::write(to, book.to_rust()).map_err(|source| Error::Io {
        path: to.to_owned(),
        source,
    })
}

fn read(path: &Path) -> Result<String, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Io {
        path: path.to_owned(),
        source,
    })?;
    // Git may have turned the ends of the lines into those of Windows.
    Ok(text.replace("\r\n", "\n"))
}
