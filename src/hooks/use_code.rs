//! Which lines of the code the reader asked for.

use leptos::prelude::*;

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
