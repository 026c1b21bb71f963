//! A page's story: which functions, in which order, and a sentence on each.

use pulldown_cmark::{Event, Options, Parser, html};

use super::lexer::Language;
use super::{PAGES, STORIES, Sources, lines, script};
use crate::Error;

/// Above the functions of Rust, and of JavaScript.
const RUST: &str = "# Rust\n";
const SCRIPT: &str = "\n# JavaScript\n";

/// What one page shows.
pub struct Story {
    pub page: &'static str,
    pub rust: Vec<Excerpt>,
    pub script: Vec<Excerpt>,
}

/// One item of a file.
pub struct Excerpt {
    /// From the root of the repository.
    pub path: String,
    /// In the file: `PeerConnection::new`.
    pub name: String,
    /// Counted from 1.
    pub first: usize,
    pub last: usize,
    /// HTML.
    pub sentence: String,
    /// HTML, see [`lines`].
    pub code: String,
}

impl Story {
    /// Reads the story of one of [`PAGES`].
    ///
    /// # Errors
    ///
    /// When it has not its form, when an item does not exist, when an export is left out.
    pub fn read(sources: &mut Sources, page: &str) -> Result<Self, Error> {
        let file = format!("{STORIES}/{page}.md");
        let page = PAGES
            .into_iter()
            .find(|known| *known == page)
            .ok_or_else(|| Error::text(&file, "belongs to no page"))?;
        let text = crate::read(&sources.root.join(&file))?;
        let parts = text
            .strip_prefix(RUST)
            .and_then(|rest| rest.split_once(SCRIPT));
        let Some((rust, script)) = parts else {
            let what = "has not its two parts: `# Rust`, then `# JavaScript`";
            return Err(Error::text(&file, what));
        };
        let rust = excerpts(sources, &file, rust)?;
        let script = excerpts(sources, &file, script)?;
        let story = Self { page, rust, script };
        story.check_languages(&file)?;
        story.check_exports(sources, &file)?;
        Ok(story)
    }

    /// Expects `Story` and `Excerpt` in scope.
    pub(super) fn to_rust(&self) -> String {
        let list = |excerpts: &[Excerpt]| {
            let excerpts = excerpts.iter().map(|excerpt| {
                format!(
                    "Excerpt {{ path: {:?}, name: {:?}, first: {}, last: {}, sentence: {:?}, code: {:?} }},\n",
                    excerpt.path,
                    excerpt.name,
                    excerpt.first,
                    excerpt.last,
                    excerpt.sentence,
                    excerpt.code
                )
            });
            excerpts.collect::<String>()
        };
        format!(
            "pub static {}: Story = Story {{ rust: &[\n{}], script: &[\n{}] }};\n",
            self.page.replace('-', "_").to_uppercase(),
            list(&self.rust),
            list(&self.script)
        )
    }

    fn check_languages(&self, file: &str) -> Result<(), Error> {
        let parts = [
            (&self.rust, Language::Rust),
            (&self.script, Language::JavaScript),
        ];
        for (excerpts, language) in parts {
            if excerpts.is_empty() {
                return Err(Error::text(file, format!("shows no {language:?}")));
            }
            let other = |excerpt: &&Excerpt| Language::of(&excerpt.path) != Some(language);
            if let Some(excerpt) = excerpts.iter().find(other) {
                let what = format!("{} is not {language:?}", excerpt.path);
                return Err(Error::text(file, what));
            }
        }
        Ok(())
    }

    /// A module is short and shown completely: what is exported and not shown was forgotten.
    fn check_exports(&self, sources: &mut Sources, file: &str) -> Result<(), Error> {
        for excerpt in &self.script {
            let text = &sources.file(&excerpt.path)?.text;
            let is_shown = |name: &str| {
                let mut shown = self.script.iter();
                shown.any(|other| other.path == excerpt.path && other.name == name)
            };
            if let Some(name) = script::exports(text)
                .into_iter()
                .find(|name| !is_shown(name))
            {
                let what = format!("does not show `{name}` of {}", excerpt.path);
                return Err(Error::text(file, what));
            }
        }
        Ok(())
    }
}

/// Each is a paragraph: its first line is the item in backticks, the rest its sentence.
fn excerpts(sources: &mut Sources, file: &str, text: &str) -> Result<Vec<Excerpt>, Error> {
    let paragraphs = text.split("\n\n").map(str::trim);
    paragraphs
        .filter(|paragraph| !paragraph.is_empty())
        .map(|paragraph| excerpt(sources, file, paragraph))
        .collect()
}

fn excerpt(sources: &mut Sources, file: &str, paragraph: &str) -> Result<Excerpt, Error> {
    let item = paragraph.split_once('\n').and_then(|(first, rest)| {
        let item = first.strip_prefix('`')?.strip_suffix('`')?;
        Some((item, item.split_once("::")?, rest))
    });
    let Some((item, (path, name), sentence)) = item else {
        let what = format!("is to have `FILE::ITEM` and then a sentence: {paragraph}");
        return Err(Error::text(file, what));
    };
    let found = sources
        .find(item)
        .map_err(|error| Error::text(file, error.to_string()))?;
    let code = sources.text(path, found)?;
    let language = sources.file(path)?.language;
    Ok(Excerpt {
        path: path.to_owned(),
        name: name.to_owned(),
        first: found.first,
        last: found.last,
        sentence: markdown(file, sentence)?,
        code: lines(&code, language),
    })
}

/// One paragraph, without its element.
fn markdown(file: &str, text: &str) -> Result<String, Error> {
    let events: Vec<_> = Parser::new_ext(text, Options::empty()).collect();
    let is_html = |event: &Event| matches!(event, Event::Html(_) | Event::InlineHtml(_));
    if events.iter().any(is_html) {
        return Err(Error::text(file, format!("HTML in the Markdown: {text}")));
    }
    let mut rendered = String::new();
    html::push_html(&mut rendered, events.into_iter());
    let inside = rendered
        .trim()
        .strip_prefix("<p>")
        .and_then(|rest| rest.strip_suffix("</p>"));
    inside
        .map(str::to_owned)
        .ok_or_else(|| Error::text(file, format!("is to have one sentence: {text}")))
}
