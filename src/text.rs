//! The chapters' texts, which `build.rs` makes of the Markdown in `src/pages/text`.

/// One chapter of the tour, for lists.
pub struct Chapter {
    pub(crate) path: &'static str,
    pub(crate) title: &'static str,
    /// One sentence for the overview.
    pub(crate) summary: &'static str,
}

/// What one page is about. A constant, so that it is only where it is used: in the file of its page.
#[derive(Clone, Copy)]
pub struct Text {
    pub path: &'static str,
    pub title: &'static str,
    /// What the page is about, in one or two sentences.
    pub(crate) lead: &'static str,
}

/// What is to be read in a page. A constant of its own, since most pages that are opened first have it
/// in themselves.
#[derive(Clone, Copy)]
pub(crate) struct Prose {
    /// HTML before the demo.
    pub(crate) before: &'static str,
    /// HTML after the demo; may be empty.
    pub(crate) after: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/text.rs"));
