//! What the pages of the tour show first, as their texts say it.

use std::path::Path;

use e2e::{Outcome, Page};
use serde_json::json;

/// One page, as it is to be seen.
pub(crate) struct Sight {
    pub(crate) path: &'static str,
    pub(crate) heading: String,
    /// In the browser's tab.
    title: String,
    pub(crate) is_chapter: bool,
}

impl Sight {
    fn new(path: &'static str, heading: &str, title: &str) -> Self {
        let (heading, title) = (heading.to_owned(), title.to_owned());
        Self {
            path,
            heading,
            title,
            is_chapter: false,
        }
    }

    pub(crate) async fn expect(&self, page: &Page) -> Outcome {
        page.expect("h1", &self.heading).await?;
        page.expect_value(
            "the title in the tab",
            "return document.title;",
            &json!(self.title),
        )
        .await
    }
}

/// The overview, every page of the book in its order, those without a text, and an address without
/// a page.
pub(crate) fn sights() -> Outcome<Vec<Sight>> {
    let texts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/pages/text");
    let book = book::Book::read(Path::new(texts))?;
    let mut sights = vec![Sight::new("/", "Learn WebRTC by running it", "WebRTC Tour")];
    sights.extend(book.chapters.into_iter().map(|chapter| Sight {
        path: chapter.entry.path,
        title: format!("{} · WebRTC Tour", chapter.front.title),
        heading: chapter.front.title,
        is_chapter: chapter.entry.is_chapter,
    }));
    sights.push(Sight::new("/replay", "Replay", "Replay · WebRTC Tour"));
    sights.push(Sight::new(
        "/nowhere",
        "There is no such page",
        "Page not found · WebRTC Tour",
    ));
    Ok(sights)
}
