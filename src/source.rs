//! The code that runs the pages, as text: what `build.rs` made of the real files. Knows nothing of
//! who shows it; what shows it (`components/code`) is loaded with it, when the reader asks for it.

/// What one page shows of its code.
pub struct Story {
    /// In the order in which it runs.
    pub rust: &'static [Excerpt],
    /// The same steps, as written by those who come from there.
    pub(crate) script: &'static [Excerpt],
}

/// One function, or another item of a file.
pub struct Excerpt {
    /// From the root of the repository.
    pub(crate) path: &'static str,
    /// In the file: `PeerConnection::new`.
    pub(crate) name: &'static str,
    /// Counted from 1.
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// HTML.
    pub(crate) sentence: &'static str,
    /// HTML, one element for each line.
    pub(crate) code: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/source.rs"));
