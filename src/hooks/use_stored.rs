//! A text that this browser remembers.

use leptos::prelude::*;

/// What was stored under `key`, else empty; every change is stored. Where the browser forbids
/// storage, as with cookies blocked or in some frames, it is just not remembered.
pub(crate) fn use_stored(key: &'static str) -> RwSignal<String> {
    let text = RwSignal::new(load(key));
    Effect::new(move |earlier: Option<()>| {
        let text = text.get();
        // The first run only begins to watch: two tabs that open must not write at each other.
        if earlier.is_some() {
            store(key, &text);
        }
    });
    text
}

/// What is stored under `key`; empty for nothing.
pub(super) fn load(key: &str) -> String {
    let stored = storage().and_then(|storage| storage.get_item(key).ok().flatten());
    stored.unwrap_or_default()
}

/// An empty text takes away what was there.
pub(super) fn store(key: &str, text: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden storage loses nothing that anybody waits for.
        let _ = if text.is_empty() {
            storage.remove_item(key)
        } else {
            storage.set_item(key, text)
        };
    }
}

/// Merely looking at `localStorage` throws where it is forbidden.
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
