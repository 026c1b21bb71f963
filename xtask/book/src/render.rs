//! Markdown to HTML, with what the tour adds to it: terms, diagrams, things to try, tables whose
//! cells know their columns, links that work below any base.

use std::collections::BTreeSet;
use std::path::Path;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd, html};

use crate::columns::Columns;
use crate::contents::{Entry, FILES};
use crate::glossary::Glossary;
use crate::{Error, read};

/// How a quotation begins that tells what to do.
const TRY_IT: &str = "Try it.";

/// More letters than this may not fit into what is left of a line.
const LONG_CODE: usize = 20;

pub(crate) struct Renderer<'a> {
    entry: &'static Entry,
    file: &'a str,
    directory: &'a Path,
    glossary: &'a mut Glossary,
    anchors: BTreeSet<String>,
    links: Vec<(String, Option<String>)>,
}

impl<'a> Renderer<'a> {
    pub(crate) fn new(
        entry: &'static Entry,
        file: &'a str,
        directory: &'a Path,
        glossary: &'a mut Glossary,
    ) -> Self {
        Self {
            entry,
            file,
            directory,
            glossary,
            anchors: BTreeSet::new(),
            links: Vec::new(),
        }
    }

    /// The anchors and the links of all that was rendered.
    pub(crate) fn found(self) -> (BTreeSet<String>, Vec<(String, Option<String>)>) {
        (self.anchors, self.links)
    }

    pub(crate) fn render(&mut self, markdown: &str) -> Result<String, Error> {
        let options =
            Options::ENABLE_TABLES | Options::ENABLE_WIKILINKS | Options::ENABLE_STRIKETHROUGH;
        let events: Vec<_> = Parser::new_ext(markdown, options).collect();
        let mut out: Vec<Event> = Vec::with_capacity(events.len());
        let mut at = 0;
        let mut in_term = false;
        let mut heading = String::new();
        let mut columns = Columns::default();
        while let Some(event) = events.get(at) {
            match event {
                Event::Start(Tag::Heading { .. }) => {
                    let title = text_until(&events[at..], |end| matches!(end, TagEnd::Heading(_)));
                    out.push(self.heading(event, &title)?);
                    heading = title;
                }
                // A picture alone in its paragraph is a figure.
                Event::Start(Tag::Paragraph)
                    if matches!(events.get(at + 1), Some(Event::Start(Tag::Image { .. }))) =>
                {
                    let (figure, used) = self.figure(&events[at + 1..])?;
                    out.push(Event::Html(figure.into()));
                    at += used + 2;
                    continue;
                }
                Event::Start(Tag::Image { dest_url, .. }) => {
                    let what = format!("{dest_url} does not stand on a line of its own");
                    return Err(Error::text(self.file, what));
                }
                Event::Start(Tag::Link {
                    link_type: LinkType::WikiLink { .. },
                    dest_url,
                    ..
                }) => {
                    let anchor = self.glossary.introduce(self.file, self.entry, dest_url)?;
                    self.anchors.insert(format!("term-{anchor}"));
                    let start = format!("<dfn id=\"term-{anchor}\"><a href=\"glossary#{anchor}\">");
                    out.push(Event::InlineHtml(start.into()));
                    in_term = true;
                }
                Event::End(TagEnd::Link) if in_term => {
                    out.push(Event::InlineHtml("</a></dfn>".into()));
                    in_term = false;
                }
                Event::Start(Tag::Link { dest_url, .. }) if FILES.contains(&&**dest_url) => {
                    let file = dest_url.trim_start_matches('/');
                    let start = format!("<a href=\"{file}\" target=\"_blank\">");
                    out.push(Event::InlineHtml(start.into()));
                }
                // The page may be in a call, which is not to end with a look at a source.
                Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with("https://") => {
                    let to = escaped(dest_url);
                    let start = format!("<a href=\"{to}\" target=\"_blank\" rel=\"noopener\">");
                    out.push(Event::InlineHtml(start.into()));
                }
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                }) => out.push(Event::Start(Tag::Link {
                    link_type: *link_type,
                    dest_url: self.link(dest_url)?.into(),
                    title: title.clone(),
                    id: id.clone(),
                })),
                Event::Start(Tag::BlockQuote(_)) => {
                    let text =
                        text_until(&events[at..], |end| matches!(end, TagEnd::BlockQuote(_)));
                    if !text.starts_with(TRY_IT) {
                        let what = format!("a quotation does not begin with “{TRY_IT}”: {text}");
                        return Err(Error::text(self.file, what));
                    }
                    out.push(Event::Html("<div class=\"try\" role=\"note\">\n".into()));
                }
                Event::End(TagEnd::BlockQuote(_)) => out.push(Event::Html("</div>\n".into())),
                Event::Start(Tag::Table(_)) => {
                    let region = format!(
                        "<div class=\"table-scroll\" tabindex=\"0\" role=\"region\" \
                         aria-label=\"Table: {}\">",
                        escaped(&heading)
                    );
                    out.push(Event::Html(region.into()));
                    out.push(event.clone());
                }
                Event::End(TagEnd::Table) => {
                    columns = Columns::default();
                    out.push(event.clone());
                    out.push(Event::Html("</div>\n".into()));
                }
                Event::Start(Tag::TableRow) => {
                    columns.begin_row();
                    out.push(event.clone());
                }
                Event::Start(Tag::TableCell) if columns.are_named() => {
                    let start = format!("<td data-label=\"{}\">", escaped(columns.next_name()));
                    out.push(Event::InlineHtml(start.into()));
                }
                Event::Start(Tag::TableCell) => {
                    let name = text_until(&events[at..], |end| matches!(end, TagEnd::TableCell));
                    columns.add(name);
                    out.push(event.clone());
                }
                Event::End(TagEnd::TableCell) if columns.are_named() => {
                    out.push(Event::InlineHtml("</td>".into()));
                }
                // On a phone a long path breaks behind a dot, not before its last bracket.
                Event::Code(text) if text.len() > LONG_CODE && text.contains('.') => {
                    let parts = escaped(text).replace('.', ".<wbr>");
                    out.push(Event::InlineHtml(format!("<code>{parts}</code>").into()));
                }
                Event::Html(text) | Event::InlineHtml(text) => {
                    let what = format!("HTML in the Markdown: {text}");
                    return Err(Error::text(self.file, what));
                }
                _ => out.push(event.clone()),
            }
            at += 1;
        }
        let mut rendered = String::new();
        html::push_html(&mut rendered, out.into_iter());
        Ok(rendered)
    }

    fn heading<'e>(&mut self, event: &Event<'e>, title: &str) -> Result<Event<'e>, Error> {
        let Event::Start(Tag::Heading {
            level,
            classes,
            attrs,
            ..
        }) = event
        else {
            return Ok(event.clone());
        };
        if *level == pulldown_cmark::HeadingLevel::H1 {
            let what = format!("“{title}” is a first heading; that is the title");
            return Err(Error::text(self.file, what));
        }
        let anchor = slug(title);
        if !self.anchors.insert(anchor.clone()) {
            return Err(Error::text(self.file, format!("two headings “{title}”")));
        }
        Ok(Event::Start(Tag::Heading {
            level: *level,
            id: Some(anchor.into()),
            classes: classes.clone(),
            attrs: attrs.clone(),
        }))
    }

    /// The figure for the picture with which `events` begin, and how many of them it is.
    fn figure(&self, events: &[Event]) -> Result<(String, usize), Error> {
        let Some(Event::Start(Tag::Image {
            dest_url, title, ..
        })) = events.first()
        else {
            return Ok((String::new(), 0));
        };
        let alternative = text_until(events, |end| matches!(end, TagEnd::Image));
        let is_end = |event: &Event| matches!(event, Event::End(TagEnd::Image));
        let used = events.iter().position(is_end).map_or(1, |end| end + 1);
        if !matches!(events.get(used), Some(Event::End(TagEnd::Paragraph))) {
            let what = format!("{dest_url} does not stand on a line of its own");
            return Err(Error::text(self.file, what));
        }
        let drawing = read(&self.directory.join(&**dest_url))?;
        let Some(rest) = drawing.trim().strip_prefix("<svg ") else {
            return Err(Error::text(dest_url, "does not begin with <svg"));
        };
        if alternative.is_empty() {
            let what = format!("{dest_url} has no alternative text");
            return Err(Error::text(self.file, what));
        }
        let caption = if title.is_empty() {
            String::new()
        } else {
            format!("<figcaption>{}</figcaption>", escaped(title))
        };
        let figure = format!(
            "<figure class=\"diagram\"><svg role=\"img\" aria-label=\"{}\" {}{caption}</figure>\n",
            escaped(&alternative),
            squeezed(rest)
        );
        Ok((figure, used))
    }

    /// Below any base: links of the tour are relative to `<base href>`.
    fn link(&mut self, to: &str) -> Result<String, Error> {
        let path = if to.starts_with('#') {
            format!("{}{to}", self.entry.path)
        } else if to.starts_with('/') {
            to.to_owned()
        } else {
            let what = format!("a link leads to {to}: neither https:// nor a path of the tour");
            return Err(Error::text(self.file, what));
        };
        let (page, fragment) = match path.split_once('#') {
            Some((page, fragment)) => (page, Some(fragment.to_owned())),
            None => (path.as_str(), None),
        };
        self.links.push((page.to_owned(), fragment));
        let relative = path.trim_start_matches('/');
        Ok(if relative.is_empty() { "." } else { relative }.to_owned())
    }
}

/// The letters up to the end that is looked for.
fn text_until(events: &[Event], is_end: impl Fn(&TagEnd) -> bool) -> String {
    let inside = events
        .iter()
        .take_while(|event| !matches!(event, Event::End(end) if is_end(end)));
    inside
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(&**text),
            Event::SoftBreak => Some(" "),
            _ => None,
        })
        .collect()
}

/// What stands behind `#` for a heading.
pub(crate) fn slug(title: &str) -> String {
    title
        .to_lowercase()
        .replace(['’', '\''], "")
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

/// Drawings are indented for their authors only.
fn squeezed(drawing: &str) -> String {
    drawing
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ")
        .replace("> <", "><")
}
