//! One text, from its Markdown to the two pieces of HTML around its demo.

use std::collections::BTreeSet;
use std::path::Path;

use crate::Error;
use crate::contents::Entry;
use crate::front_matter::FrontMatter;
use crate::glossary::Glossary;
use crate::render::Renderer;

/// Where the demo of the page stands.
const DEMO: &str = "\n<!-- demo -->\n";

pub struct Chapter {
    pub entry: &'static Entry,
    pub file: String,
    pub front: FrontMatter,
    /// HTML before and after the demo.
    pub before: String,
    pub after: String,
    /// What can be linked to.
    pub anchors: BTreeSet<String>,
    /// The links inside the tour: path and fragment.
    pub links: Vec<(String, Option<String>)>,
}

impl Chapter {
    pub(crate) fn has_demo(&self) -> bool {
        !self.front.demo_heights.is_empty()
    }

    pub(crate) fn render(
        entry: &'static Entry,
        file: &str,
        text: &str,
        directory: &Path,
        glossary: &mut Glossary,
    ) -> Result<Self, Error> {
        let (front, body) = FrontMatter::split(file, text)?;
        let (before, after) = match body.split_once(DEMO) {
            Some(around) => around,
            None => (body, ""),
        };
        if body.contains(DEMO) == front.demo_heights.is_empty() {
            let what = "says where its demo stands and not how high it is, or the other way round";
            return Err(Error::text(file, what));
        }
        if after.contains(DEMO) {
            return Err(Error::text(file, "has two places for its demo"));
        }
        let mut renderer = Renderer::new(entry, file, directory, glossary);
        let before = renderer.render(before)?;
        let after = renderer.render(after)?;
        let (anchors, links) = renderer.found();
        Ok(Self {
            entry,
            file: file.to_owned(),
            front,
            before,
            after,
            anchors,
            links,
        })
    }
}
