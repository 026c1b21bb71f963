//! The reader's way through the tour, as a signal and in this browser's storage.

use gloo_timers::callback::Timeout;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::use_stored::{load, store};
use crate::progress::Progress;

const KEY: &str = "progress";

/// How long the page has to lie still before the place counts as read.
const STILL_MS: u32 = 400;

/// The reader's way through the tour.
#[derive(Clone, Copy)]
pub(crate) struct ProgressHook(RwSignal<Progress>);

/// For the whole application: what is read of it anywhere is the same.
pub(crate) fn provide_progress() {
    provide_context(ProgressHook(RwSignal::new(Progress::parse(&load(KEY)))));
}

/// Where nobody provided any, as in a test of one part, it is remembered all the same.
pub(crate) fn use_progress() -> ProgressHook {
    use_context().unwrap_or_else(|| ProgressHook(RwSignal::new(Progress::parse(&load(KEY)))))
}

impl ProgressHook {
    /// Reactive.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&Progress) -> T) -> T {
        self.0.with(read)
    }

    pub(crate) fn with_untracked<T>(&self, read: impl FnOnce(&Progress) -> T) -> T {
        self.0.with_untracked(read)
    }

    pub(crate) fn set_finished(&self, path: &str, finished: bool) {
        self.change(|progress| progress.set_finished(path, finished));
    }

    /// Another tab may have gone on meanwhile: what it stored counts. Where nothing can be stored,
    /// what is known here does.
    fn change(&self, change: impl FnOnce(&mut Progress)) {
        let Some(before) = self.0.try_get_untracked() else {
            return;
        };
        let stored = load(KEY);
        let mut progress = if stored.is_empty() {
            before.clone()
        } else {
            Progress::parse(&stored)
        };
        change(&mut progress);
        if before != progress {
            store(KEY, &progress.to_string());
            self.0.set(progress);
        }
    }

    /// Remembers, as long as the surrounding owner lives, which section of this page is read.
    pub(crate) fn follow(self, path: &'static str) {
        let waiting = StoredValue::new_local(None::<Timeout>);
        // A page that is opened scrolls to its top by itself; only who was further down goes back.
        let been_further = StoredValue::new(false);
        let later = move || {
            let note = Timeout::new(STILL_MS, move || {
                let section = section_in_sight();
                if section.is_some() {
                    been_further.try_set_value(true);
                }
                if been_further.try_get_value() == Some(true) {
                    self.change(|progress| progress.set_place(path, section.as_deref()));
                }
            });
            waiting.try_update_value(|waiting| *waiting = Some(note));
        };
        // Only whoever moves in the page reads it.
        let scrolled = window_event_listener(ev::scroll, move |_| later());
        on_cleanup(move || scrolled.remove());
    }
}

/// The last section of the text whose heading is in the upper part of the window or above it.
fn section_in_sight() -> Option<String> {
    let line = window().inner_height().ok()?.as_f64()? * 0.4;
    let headings = document().query_selector_all(".prose h2[id]").ok()?;
    let headings = (0..headings.length()).filter_map(|index| headings.get(index));
    headings
        .filter_map(|heading| heading.dyn_into::<web_sys::Element>().ok())
        .take_while(|heading| heading.get_bounding_client_rect().top() < line)
        .last()
        .map(|heading| heading.id())
}
