//! The tour without an app: each text as a page of its own, and the map of all for search engines.
//!
//! Owns what surrounds a text: title, description, addresses, the order in which a browser is to ask
//! for the files. Pure; what is written where is the program's, `main.rs`.

use std::collections::BTreeMap;

use crate::contents::HOME;
use crate::render::escaped;
use crate::{Book, Chapter, Error, article, styles};

pub(crate) const NAME: &str = "WebRTC Tour";

/// What all pages have in common.
pub struct Site<'a> {
    /// The page of the app, without any text.
    pub shell: &'a str,
    /// Where the tour is: a path that begins and ends with a slash.
    pub base: &'a str,
    /// `https://tour.example`, if that is known.
    pub origin: Option<&'a str>,
    /// Which files each part of the program loads.
    pub parts: BTreeMap<&'a str, Vec<&'a str>>,
}

/// A file of the bundle.
#[derive(Debug, PartialEq)]
pub struct Page {
    /// Below the bundle.
    pub path: String,
    pub content: String,
}

/// The file's own words, which other files have to be found in.
const SHELL: &str = "index.html";

impl Site<'_> {
    /// A page for each text, and `sitemap.xml` where the tour's address is known.
    ///
    /// # Errors
    ///
    /// When the shell lacks what is replaced in it, or a part is missing that a page loads.
    pub fn pages(&self, book: &Book) -> Result<Vec<Page>, Error> {
        let mut pages = Vec::new();
        for chapter in &book.chapters {
            let directory = &chapter.entry.path[1..];
            let separator = if directory.is_empty() { "" } else { "/" };
            pages.push(Page {
                path: format!("{directory}{separator}index.html"),
                content: self.page(book, chapter)?,
            });
        }
        pages.push(Page {
            path: "meet/index.html".to_owned(),
            content: self.meeting_page()?,
        });
        pages.extend(self.sitemap(book));
        Ok(pages)
    }

    /// The page of all meetings. A link to one, pasted somewhere, shows this and nothing of the room.
    fn meeting_page(&self) -> Result<String, Error> {
        const DESCRIPTION: &str =
            "A video call in the browser, from person to person. Nothing to install, no account.";
        let title = format!("Meet · {NAME}");
        let html = replaced(self.shell, "<title>", "</title>", &title)?;
        let html = replaced(
            &html,
            "<meta name=\"description\" content=\"",
            "\"",
            DESCRIPTION,
        )?;
        // Rooms are nobody's business but their people's.
        let preview = self.preview("You are invited to a call", DESCRIPTION);
        let head = format!("<meta name=\"robots\" content=\"noindex\" />\n{preview}");
        let html = before(&html, "</head>", &head)?;
        before(&html, "</body>", &self.hints_of("meet", SHELL)?)
    }

    /// What chats show of a link: <https://ogp.me/>. They ask for no picture but by a whole address.
    fn preview(&self, title: &str, description: &str) -> String {
        let mut preview = format!(
            "<meta property=\"og:site_name\" content=\"{NAME}\" />\n\
             <meta property=\"og:title\" content=\"{title}\" />\n\
             <meta property=\"og:description\" content=\"{description}\" />\n"
        );
        if let Some(origin) = self.origin {
            let base = self.base;
            preview.push_str(&format!(
                "<meta property=\"og:image\" content=\"{origin}{base}preview.png\" />\n\
                 <meta property=\"og:image:width\" content=\"1200\" />\n\
                 <meta property=\"og:image:height\" content=\"630\" />\n\
                 <meta property=\"og:image:alt\" content=\"Two people in a video call\" />\n\
                 <meta name=\"twitter:card\" content=\"summary_large_image\" />\n"
            ));
        }
        preview
    }

    fn page(&self, book: &Book, chapter: &Chapter) -> Result<String, Error> {
        let front = &chapter.front;
        let title = match chapter.entry.file {
            HOME => NAME.to_owned(),
            _ => format!("{} · {NAME}", front.title),
        };
        let (title, description) = (escaped(&title), escaped(&front.summary));
        let html = replaced(self.shell, "<title>", "</title>", &title)?;
        let html = replaced(
            &html,
            "<meta name=\"description\" content=\"",
            "\"",
            &description,
        )?;
        let (html, links) = without_links(&html);

        let mut head = self.preview(&escaped(&front.title), &description);
        if let Some(address) = self.address(chapter) {
            head.push_str(&format!(
                "<link rel=\"canonical\" href=\"{address}\" />\n\
                 <meta property=\"og:url\" content=\"{address}\" />\n"
            ));
        }
        let demo_place = styles::demo_place(&front.demo_heights);
        if !demo_place.is_empty() {
            head.push_str(&format!("<style>{demo_place}</style>\n"));
        }
        let html = before(&html, "</head>", &head)?;
        let body = article::body(book, chapter, self.base);
        let html = replaced(
            &html,
            "<div id=\"app-loading\"",
            "</div>",
            &format!(">{body}"),
        )?;
        // The text is to be seen before any of these arrives.
        before(
            &html,
            "</body>",
            &format!("{links}{}", self.hints(chapter)?),
        )
    }

    /// Has the browser ask at once for what the page's part of the program needs, which otherwise
    /// only the running program would.
    fn hints(&self, chapter: &Chapter) -> Result<String, Error> {
        if chapter.entry.file == HOME {
            return Ok(String::new());
        }
        self.hints_of(&chapter.entry.part(), &chapter.file)
    }

    fn hints_of(&self, part: &str, file: &str) -> Result<String, Error> {
        let files = self
            .parts
            .get(part)
            .ok_or_else(|| Error::text(file, format!("there is no part {part} in the bundle")))?;
        let hint = |file: &&str| {
            format!(
                "<link rel=\"preload\" href=\"{}{file}\" as=\"fetch\" type=\"application/wasm\" \
                 crossorigin=\"anonymous\">\n",
                self.base
            )
        };
        Ok(files.iter().map(hint).collect())
    }

    /// With a slash at its end: only so it is answered at once by every kind of host.
    fn address(&self, chapter: &Chapter) -> Option<String> {
        let path = &chapter.entry.path[1..];
        let slash = if path.is_empty() { "" } else { "/" };
        let origin = self.origin?;
        Some(format!("{origin}{}{path}{slash}", self.base))
    }

    /// <https://www.sitemaps.org/protocol.html>
    fn sitemap(&self, book: &Book) -> Option<Page> {
        let addresses: Option<Vec<_>> = book
            .chapters
            .iter()
            .map(|chapter| {
                Some(format!(
                    "<url><loc>{}</loc></url>\n",
                    self.address(chapter)?
                ))
            })
            .collect();
        Some(Page {
            path: "sitemap.xml".to_owned(),
            content: format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}</urlset>\n",
                addresses?.concat()
            ),
        })
    }
}

/// Exchanges what stands between two texts.
fn replaced(html: &str, start: &str, end: &str, by: &str) -> Result<String, Error> {
    let found = html.split_once(start).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(end)?;
        Some(format!("{before}{start}{by}{end}{after}"))
    });
    found.ok_or_else(|| Error::text(SHELL, format!("has no {start} … {end}")))
}

fn before(html: &str, tag: &str, what: &str) -> Result<String, Error> {
    let found = html.rsplit_once(tag);
    let (before, after) = found.ok_or_else(|| Error::text(SHELL, format!("has no {tag}")))?;
    Ok(format!("{before}{what}{tag}{after}"))
}

/// Takes the links to style sheets and to what is preloaded out of the page.
fn without_links(html: &str) -> (String, String) {
    let starts = ["stylesheet", "modulepreload", "preload"]
        .map(|relation| format!("<link rel=\"{relation}\""));
    let (mut rest, mut kept, mut links) = (html, String::new(), String::new());
    while let Some(at) = rest.find("<link ") {
        let (before, tag) = rest.split_at(at);
        let (tag, after) = tag.split_at(tag.find('>').map_or(tag.len(), |end| end + 1));
        kept.push_str(before);
        if starts.iter().any(|start| tag.starts_with(start)) {
            links.push_str(tag);
            links.push('\n');
        } else {
            kept.push_str(tag);
        }
        rest = after;
    }
    kept.push_str(rest);
    (kept, links)
}
