//! What the front end will show of a text, as HTML that needs no script: header, article, footer.
//!
//! The markup is that of `src/app.rs`, `src/components/page.rs` and `src/pages/home.rs`, so that not
//! a line moves when the app takes its place; a journey in `tests/e2e` compares the two. Pure.

use crate::contents::{Entry, HOME, REPLAY};
use crate::render::escaped;
use crate::{Book, Chapter};

/// Brings the current chapter into sight where the chapters scroll sideways, before anything is
/// seen. Chromium does so by itself.
const SHOW_CURRENT: &str = "<script>CSS.supports('scroll-initial-target: nearest')||\
document.querySelector('.chapters [aria-current]')?.scrollIntoView({block:'nearest',inline:'nearest'})</script>";

/// In the place of the demo.
const DEMO: &str = "<div class=\"demo-place\"><p class=\"page-loading\">Loading the demo…</p>";

const NO_SCRIPT: &str =
    "<noscript><p>This demo needs JavaScript. Turn it on to run it.</p></noscript>";

const CODE: &str = "<section class=\"code-section\" aria-labelledby=\"code-title\"><h2 id=\"code-title\">The code that runs this page</h2><p class=\"code-lead\">\
The functions behind this page in the order in which they run, from the files that this page was \
built of; and the same steps in JavaScript.</p><details class=\"code-story\"><summary>Show the \
code</summary></details></section>";

const LOG: &str = "<section class=\"log\" aria-labelledby=\"log-title\"><h2 id=\"log-title\">Event log</h2><div class=\"log-frame\">\
<p class=\"empty\">Nothing has happened yet.</p></div></section>";

const INSPECTOR: &str = "<div class=\"inspector-dock\"><button type=\"button\" \
class=\"inspector-button\" disabled>Inspector</button></div>";

/// The whole body of the page of `chapter`, for a tour below `base`, which ends with a slash.
pub(crate) fn body(book: &Book, chapter: &Chapter, base: &str) -> String {
    let path = chapter.entry.path;
    let to = |path: &str| format!("{base}{}", &path[1..]);
    let article = match chapter.entry.file {
        HOME => home(book, chapter, to),
        REPLAY => format!(
            "<article class=\"page replay\">{}{NO_SCRIPT}</article>",
            head(chapter, None)
        ),
        _ => text(book, chapter, to),
    };
    format!(
        "<a class=\"skip-link\" href=\"{}#main\">Skip to content</a>{}\
         <main id=\"main\" tabindex=\"-1\">{article}</main>",
        to(path),
        site_header(book, path, to)
    )
}

fn site_header(book: &Book, path: &str, to: impl Fn(&str) -> String) -> String {
    let link = |entry: &Entry, title: &str| {
        let current = match is_below(path, entry.path) {
            true => " aria-current=\"page\"",
            false => "",
        };
        let title = escaped(title);
        format!("<a href=\"{}\"{current}>{title}</a>", to(entry.path))
    };
    let chapters: String = book
        .numbered()
        .map(|chapter| format!("<li>{}</li>", link(chapter.entry, &chapter.front.title)))
        .collect();
    let glossary = book.glossary().map_or_else(String::new, |glossary| {
        let link = link(glossary.entry, &glossary.front.title);
        format!("<li class=\"beside\">{link}</li>")
    });
    format!(
        "<header class=\"site-header\"><a class=\"site-name\" href=\"{}\">{}</a>\
         <nav class=\"chapters\" aria-label=\"Chapters\"><ol>{chapters}{glossary}</ol></nav>\
         </header>{SHOW_CURRENT}",
        to("/"),
        crate::site::NAME
    )
}

fn head(chapter: &Chapter, number: Option<usize>) -> String {
    let number = number.map_or_else(String::new, |number| {
        format!("<p class=\"chapter-number\">Chapter {number}</p>")
    });
    let front = &chapter.front;
    let inspector = if chapter.entry.has_log { INSPECTOR } else { "" };
    format!(
        "<header class=\"page-header\">{number}<h1>{}</h1><p class=\"lead\">{}</p>{inspector}</header>",
        escaped(&front.title),
        escaped(&front.lead)
    )
}

fn text(book: &Book, chapter: &Chapter, to: impl Fn(&str) -> String) -> String {
    let numbered: Vec<_> = book.numbered().collect();
    let index = numbered
        .iter()
        .position(|numbered| is_below(chapter.entry.path, numbered.entry.path));
    let mut html = format!(
        "<article class=\"page\">{}<section class=\"prose\">{}</section>",
        head(chapter, index.map(|index| index + 1)),
        chapter.before
    );
    if chapter.has_demo() {
        html.push_str(&format!("{DEMO}{NO_SCRIPT}</div>{CODE}"));
    }
    if !chapter.after.is_empty() {
        html.push_str("<section class=\"prose\">");
        html.push_str(&chapter.after);
        html.push_str("</section>");
    }
    if chapter.entry.has_log {
        html.push_str(LOG);
    }
    if let Some(index) = index {
        let link = |at: Option<usize>, relation: &str, before: &str, after: &str| {
            let chapter = at.and_then(|at| numbered.get(at));
            chapter.map_or_else(String::new, |chapter| {
                let (to, title) = (to(chapter.entry.path), escaped(&chapter.front.title));
                format!("<a href=\"{to}\" rel=\"{relation}\">{before}{title}{after}</a>")
            })
        };
        html.push_str(&format!(
            "<footer class=\"page-footer\"><label class=\"finish\"><input type=\"checkbox\" \
             disabled> I have finished this chapter</label><nav aria-label=\"Chapter order\">{}{}\
             </nav></footer>",
            link(index.checked_sub(1), "prev", "← ", ""),
            link(Some(index + 1), "next", "", " →"),
        ));
    }
    html.push_str("</article>");
    html
}

fn home(book: &Book, home: &Chapter, to: impl Fn(&str) -> String) -> String {
    let mut cards = String::new();
    for (index, chapter) in book.numbered().enumerate() {
        cards.push_str(&format!(
            "<li><a href=\"{}\" class=\"card\"><p class=\"chapter-number\">{}</p><h2>{}</h2>\
             <p>{}</p></a></li>",
            to(chapter.entry.path),
            index + 1,
            escaped(&chapter.front.title),
            escaped(&chapter.front.summary)
        ));
    }
    let begin = book.numbered().next().map_or_else(String::new, |first| {
        let (to, title) = (to(first.entry.path), escaped(&first.front.title));
        format!("<a href=\"{to}\" class=\"button primary\">Begin: {title}</a>")
    });
    format!(
        "<article class=\"page\">{}<section class=\"prose\">{}</section>\
         <p class=\"toolbar go-on\">{begin} <a href=\"{}\" class=\"button\">Start a meeting</a></p>\
         <ul class=\"cards\">{cards}</ul></article>",
        head(home, None),
        home.before,
        to("/meet")
    )
}

/// Whether a page is this one or belongs to it.
fn is_below(path: &str, page: &str) -> bool {
    let rest = path.strip_prefix(page);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
