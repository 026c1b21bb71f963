//! The terms, each with its entry, and the chapter that introduces it.

use std::collections::BTreeMap;

use crate::Error;
use crate::chapter::Chapter;
use crate::contents::{Entry, GLOSSARY};
use crate::render::slug;

/// The terms by their anchors.
pub(crate) struct Glossary {
    terms: BTreeMap<String, Term>,
}

struct Term {
    name: String,
    introduced_by: Option<&'static Entry>,
}

impl Glossary {
    /// Its entries are the second headings of the text named [`GLOSSARY`].
    pub(crate) fn read(sources: &[(&'static Entry, String, String)]) -> Result<Self, Error> {
        let text = sources.iter().find(|(entry, ..)| entry.file == GLOSSARY);
        let headings = text
            .into_iter()
            .flat_map(|(_, _, text)| text.lines())
            .filter_map(|line| line.strip_prefix("## "));
        let mut terms = BTreeMap::new();
        for name in headings {
            let term = Term {
                name: name.to_owned(),
                introduced_by: None,
            };
            if terms.insert(slug(name), term).is_some() {
                let what = format!("“{name}” has two entries");
                return Err(Error::text("glossary.md", what));
            }
        }
        Ok(Self { terms })
    }

    /// Notes that the text of `entry` introduces a term, and gives the anchor of its entry.
    pub(crate) fn introduce(
        &mut self,
        file: &str,
        entry: &'static Entry,
        name: &str,
    ) -> Result<String, Error> {
        let anchor = slug(name);
        let Some(term) = self.terms.get_mut(&anchor) else {
            let what = format!("introduces “{name}”, which the glossary does not have");
            return Err(Error::text(file, what));
        };
        if let Some(earlier) = term.introduced_by.replace(entry) {
            let what = format!("introduces “{name}” again after {}.md", earlier.file);
            return Err(Error::text(file, what));
        }
        Ok(anchor)
    }

    pub(crate) fn expect_all_introduced(&self) -> Result<(), Error> {
        let forgotten: Vec<_> = self
            .terms
            .values()
            .filter(|term| term.introduced_by.is_none())
            .map(|term| term.name.as_str())
            .collect();
        if forgotten.is_empty() {
            return Ok(());
        }
        let what = format!("no chapter introduces {}", forgotten.join(", "));
        Err(Error::text("glossary.md", what))
    }

    /// Each entry leads back to the chapter.
    pub(crate) fn say_where_introduced(&self, chapters: &mut [Chapter]) {
        let title = |entry: &Entry| {
            chapters
                .iter()
                .find(|chapter| chapter.entry.path == entry.path)
                .map(|chapter| chapter.front.title.clone())
        };
        let back: Vec<_> = self
            .terms
            .iter()
            .filter_map(|(anchor, term)| {
                let entry = term.introduced_by?;
                let path = entry.path.trim_start_matches('/');
                let title = title(entry)?;
                let html = format!(
                    "<p class=\"introduced\">Introduced in <a href=\"{path}#term-{anchor}\">{title}</a></p>\n"
                );
                Some((format!("id=\"{anchor}\""), html))
            })
            .collect();
        let glossary = chapters
            .iter_mut()
            .find(|chapter| chapter.entry.file == GLOSSARY);
        let Some(glossary) = glossary else {
            return;
        };
        // An entry ends where the next begins.
        let mut html = String::new();
        for part in glossary.before.split_inclusive("</p>\n") {
            html.push_str(part);
            if let Some((_, back)) = back.iter().find(|(id, _)| part.contains(id.as_str())) {
                html.push_str(back);
            }
        }
        glossary.before = html;
    }
}
