//! A text that this browser remembers, or this tab.

use leptos::prelude::*;

/// Who remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Memory {
    Browser,
    /// Also after the page was loaded again, and after going back to it.
    Tab,
}

/// What was stored under `key`, else empty; every change is stored. Where the browser forbids
/// storage, as with cookies blocked or in some frames, it is just not remembered.
pub(crate) fn use_stored(key: &'static str) -> RwSignal<String> {
    remembered(Memory::Browser, key)
}

/// Whether something is on that is on at first, as this browser remembers it.
pub(crate) fn use_stored_switch(key: &'static str) -> RwSignal<bool> {
    switch(Memory::Browser, key, true)
}

/// … that is off at first.
pub(crate) fn use_stored_switch_off(key: &'static str) -> RwSignal<bool> {
    switch(Memory::Browser, key, false)
}

/// … that is on at first, as this tab remembers it.
pub(crate) fn use_switch_in_tab(key: &'static str) -> RwSignal<bool> {
    switch(Memory::Tab, key, true)
}

fn switch(memory: Memory, key: &'static str, at_first: bool) -> RwSignal<bool> {
    let other = if at_first { "off" } else { "on" };
    let stored = remembered(memory, key);
    let on = RwSignal::new(stored.with_untracked(|stored| (stored == other) != at_first));
    Effect::new(move |_| {
        let text = if on.get() == at_first { "" } else { other };
        stored.set(text.to_owned());
    });
    on
}

fn remembered(memory: Memory, key: &'static str) -> RwSignal<String> {
    let text = RwSignal::new(load_from(memory, key));
    Effect::new(move |earlier: Option<()>| {
        let text = text.get();
        // The first run only begins to watch: two tabs that open must not write at each other.
        if earlier.is_some() {
            store_in(memory, key, &text);
        }
    });
    text
}

/// What is stored under `key`; empty for nothing.
pub(super) fn load(key: &str) -> String {
    load_from(Memory::Browser, key)
}

/// An empty text takes away what was there.
pub(super) fn store(key: &str, text: &str) {
    store_in(Memory::Browser, key, text);
}

/// As [`load`], from either.
pub(super) fn load_from(memory: Memory, key: &str) -> String {
    let stored = storage(memory).and_then(|storage| storage.get_item(key).ok().flatten());
    stored.unwrap_or_default()
}

/// As [`store`], in either.
pub(super) fn store_in(memory: Memory, key: &str, text: &str) {
    if let Some(storage) = storage(memory) {
        // A full or forbidden storage loses nothing that anybody waits for.
        let _ = if text.is_empty() {
            storage.remove_item(key)
        } else {
            storage.set_item(key, text)
        };
    }
}

/// Merely looking at it throws where it is forbidden.
fn storage(memory: Memory) -> Option<web_sys::Storage> {
    let storage = match memory {
        Memory::Browser => window().local_storage(),
        Memory::Tab => window().session_storage(),
    };
    storage.ok().flatten()
}
