//! Which texts there are, and in which order they are read.

/// One text.
pub struct Entry {
    /// The file's name without `.md`.
    pub file: &'static str,
    /// Of the page, below the tour's base.
    pub path: &'static str,
    /// Has a number and stands in the list of chapters. Others belong to one or are beside them.
    pub is_chapter: bool,
}

const fn chapter(file: &'static str, path: &'static str) -> Entry {
    Entry {
        file,
        path,
        is_chapter: true,
    }
}

const fn beside(file: &'static str, path: &'static str) -> Entry {
    Entry {
        file,
        path,
        is_chapter: false,
    }
}

/// In the order of reading.
pub const CONTENTS: [Entry; 13] = [
    chapter("introduction", "/introduction"),
    chapter("browsers", "/browsers"),
    chapter("media-stream", "/media-stream"),
    chapter("peer-connection", "/peer-connection"),
    chapter("data-channel", "/data-channel"),
    chapter("call", "/call"),
    chapter("nat", "/nat"),
    chapter("mesh", "/mesh"),
    chapter("firebase", "/firebase"),
    beside("firebase-mesh", "/firebase/mesh"),
    chapter("security", "/security"),
    chapter("sources", "/sources"),
    beside(GLOSSARY, "/glossary"),
];

pub(crate) const GLOSSARY: &str = "glossary";

/// Pages that a text may lead to and that have none of their own.
pub(crate) const OTHER_PAGES: [&str; 3] = ["/", "/replay", "/replay?example=relay"];

/// Files of the bundle. They open beside the page, which may be in a call.
pub(crate) const FILES: [&str; 1] = ["/database.rules.json"];
