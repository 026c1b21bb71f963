//! The code that runs the pages, as text: what `build.rs` made of the real files. Knows nothing of
//! who shows it; [`crate::hooks::load_files`] loads it, so that nobody loads it who does not read it.

/// What one page shows of its code.
pub struct Story {
    /// In the order in which it runs.
    pub rust: &'static [Excerpt],
    /// The same steps, as written by those who come from there.
    pub script: &'static [Excerpt],
}

/// One function, or another item of a file.
pub struct Excerpt {
    /// From the root of the repository.
    pub path: &'static str,
    /// In the file: `PeerConnection::new`.
    pub name: &'static str,
    /// Counted from 1.
    pub first: u32,
    pub last: u32,
    /// HTML.
    pub sentence: &'static str,
    /// HTML, one element for each line.
    pub code: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/source.rs"));
