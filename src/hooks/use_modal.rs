//! A dialog above everything else on the page.

use leptos::html;
use leptos::prelude::*;

/// Keeps `dialog` open while `shown` says so. The browser gives the focus back to whatever had it before.
pub(crate) fn use_modal(
    dialog: NodeRef<html::Dialog>,
    shown: impl Fn() -> bool + Send + Sync + 'static,
) {
    Effect::new(move |_| {
        let shown = shown();
        let Some(dialog) = dialog.get() else { return };
        if shown && !dialog.open() {
            // Fails only for a dialog that is not in the document.
            let _ = dialog.show_modal();
        } else if !shown && dialog.open() {
            dialog.close();
        }
    });
}
