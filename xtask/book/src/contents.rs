//! Which texts there are, and in which order they are read.

/// One text.
pub struct Entry {
    /// The file's name without `.md`.
    pub file: &'static str,
    /// Of the page, below the tour's base.
    pub path: &'static str,
    /// Has a number and stands in the list of chapters. Others belong to one or are beside them.
    pub is_chapter: bool,
    /// Its page shows what its demo does: it has an inspector and an event log.
    pub has_log: bool,
}

impl Entry {
    const fn logged(self) -> Self {
        Self {
            has_log: true,
            ..self
        }
    }

    /// What the front end calls the part of the program that this page loads.
    pub(crate) fn part(&self) -> String {
        self.file.replace('-', "_")
    }
}

const fn chapter(file: &'static str, path: &'static str) -> Entry {
    Entry {
        file,
        path,
        is_chapter: true,
        has_log: false,
    }
}

const fn beside(file: &'static str, path: &'static str) -> Entry {
    Entry {
        file,
        path,
        is_chapter: false,
        has_log: false,
    }
}

/// In the order of reading.
pub const CONTENTS: [Entry; 15] = [
    beside(HOME, "/"),
    chapter("introduction", "/introduction"),
    chapter("browsers", "/browsers"),
    chapter("media-stream", "/media-stream").logged(),
    chapter("peer-connection", "/peer-connection").logged(),
    chapter("data-channel", "/data-channel").logged(),
    chapter("call", "/call").logged(),
    chapter("nat", "/nat").logged(),
    chapter("mesh", "/mesh").logged(),
    chapter("firebase", "/firebase").logged(),
    beside("firebase-mesh", "/firebase/mesh").logged(),
    chapter("security", "/security").logged(),
    chapter("sources", "/sources"),
    beside(GLOSSARY, "/glossary"),
    beside(REPLAY, "/replay"),
];

/// The overview: its title stands for the whole tour.
pub(crate) const HOME: &str = "home";
pub(crate) const GLOSSARY: &str = "glossary";
/// Of this page, only the head is text.
pub(crate) const REPLAY: &str = "replay";

/// What a text may lead to besides the pages.
pub(crate) const STATES_OF_PAGES: [&str; 1] = ["/replay?example=relay"];

/// Files of the bundle. They open beside the page, which may be in a call.
pub(crate) const FILES: [&str; 1] = ["/database.rules.json"];
