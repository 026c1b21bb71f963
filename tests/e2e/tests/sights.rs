//! What the pages of the tour show first, as their texts say it.

use std::path::Path;

use e2e::{Outcome, Page, ensure};
use serde_json::json;

/// One page, as it is to be seen.
pub(crate) struct Sight {
    pub(crate) path: &'static str,
    pub(crate) heading: String,
    /// In the browser's tab.
    title: String,
    pub(crate) is_chapter: bool,
    /// Whether the build wrote a page for it.
    pub(crate) has_page: bool,
}

impl Sight {
    pub(crate) async fn expect(&self, page: &Page) -> Outcome {
        page.expect("h1", &self.heading).await?;
        page.expect_value(
            "the title in the tab",
            "return document.title;",
            &json!(self.title),
        )
        .await
    }

    /// The page was loaded from its own address, and answered so.
    pub(crate) async fn expect_status(&self, page: &Page) -> Outcome {
        let status: u16 = page
            .evaluate("return performance.getEntriesByType('navigation')[0].responseStatus;")
            .await?;
        let expected = if self.has_page { 200 } else { 404 };
        ensure!(status == expected, "{} was answered {status}", self.path);
        Ok(())
    }
}

/// Every page of the book in its order, the overview first, and an address without a page.
pub(crate) fn sights() -> Outcome<Vec<Sight>> {
    let texts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/pages/text");
    let book = book::Book::read(Path::new(texts))?;
    let mut sights = Vec::new();
    for chapter in book.chapters {
        let (path, heading) = (chapter.entry.path, chapter.front.title);
        sights.push(Sight {
            path,
            title: match path {
                "/" => "WebRTC Tour".to_owned(),
                _ => format!("{heading} · WebRTC Tour"),
            },
            heading,
            is_chapter: chapter.entry.is_chapter,
            has_page: true,
        });
    }
    sights.push(Sight {
        path: "/nowhere",
        title: "Page not found · WebRTC Tour".to_owned(),
        heading: "There is no such page".to_owned(),
        is_chapter: false,
        has_page: false,
    });
    Ok(sights)
}
