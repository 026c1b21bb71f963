//! Loads the code that pages show, and says which of its lines somebody wants to see.

use leptos::prelude::*;

use crate::lazy::{Loading, lazy};
use crate::routes;
use crate::source::{self, Story};

/// How a page's code is loaded.
pub(crate) type LoadStory = fn() -> Loading<&'static Story>;

/// Finds a whole file: HTML, one element for each line.
pub(crate) type FindFile = fn(&str) -> Option<&'static str>;

lazy!(code_media_stream: &'static Story = &source::MEDIA_STREAM);
lazy!(code_browsers: &'static Story = &source::BROWSERS);
lazy!(code_peer_connection: &'static Story = &source::PEER_CONNECTION);
lazy!(code_data_channel: &'static Story = &source::DATA_CHANNEL);
lazy!(code_call: &'static Story = &source::CALL);
lazy!(code_nat: &'static Story = &source::NAT);
lazy!(code_mesh: &'static Story = &source::MESH);
lazy!(code_firebase: &'static Story = &source::FIREBASE);
lazy!(code_security: &'static Story = &source::SECURITY);
lazy!(code_replay: &'static Story = &source::REPLAY);
lazy!(code_files: FindFile = source::whole);

/// The story of the page at this path, if it has one.
pub(crate) fn story_of(path: &str) -> Option<LoadStory> {
    Some(match path {
        routes::MEDIA_STREAM => code_media_stream,
        routes::BROWSERS => code_browsers,
        routes::PEER_CONNECTION => code_peer_connection,
        routes::DATA_CHANNEL => code_data_channel,
        routes::CALL => code_call,
        routes::NAT => code_nat,
        routes::MESH => code_mesh,
        routes::FIREBASE | routes::FIREBASE_MESH => code_firebase,
        routes::SECURITY => code_security,
        routes::REPLAY => code_replay,
        _ => return None,
    })
}

/// Loads all files that can be shown as a whole.
pub(crate) fn load_files() -> Loading<FindFile> {
    code_files()
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodeLocation {
    /// From the root of the repository, as [`std::panic::Location::file`] gives it.
    pub(crate) file: String,
    /// Counted from 1.
    pub(crate) line: u32,
}

/// Has the page show lines of the code, wherever one asks for it.
#[derive(Clone, Copy)]
pub struct CodeViewer(RwSignal<Option<CodeLocation>>);

/// For one page, which has a [`crate::components::CodeDialog`] that shows them.
pub fn provide_code_viewer() -> CodeViewer {
    let viewer = CodeViewer(RwSignal::new(None));
    provide_context(viewer);
    viewer
}

/// That of the page; `None` outside any.
pub(crate) fn use_code_viewer() -> Option<CodeViewer> {
    use_context()
}

impl CodeViewer {
    /// Opens the file, scrolled to the line, which is marked.
    pub fn show(self, file: &str, line: u32) {
        // The compiler names files as the machine does on which it ran.
        let file = file.replace('\\', "/");
        self.0.set(Some(CodeLocation { file, line }));
    }

    pub(crate) fn close(self) {
        self.0.set(None);
    }

    /// Reactive.
    pub(crate) fn place(self) -> Option<CodeLocation> {
        self.0.get()
    }
}
