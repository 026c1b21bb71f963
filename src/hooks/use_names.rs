//! What the people of an inspected trace are called, for views that know them by their ids.

use leptos::prelude::*;

use super::InspectedTrace;
use crate::inspection::connections::Unread;
use crate::inspection::names::Names;

/// The names that are known by now.
#[derive(Clone, Copy)]
pub(crate) struct NamesHook(RwSignal<Names>);

/// Has [`use_names`] names below the surrounding view: those that the entries tell.
pub(crate) fn provide_names(inspected: InspectedTrace) {
    let names = RwSignal::new(Names::default());
    let read = StoredValue::new(0_u64);
    let frames = inspected.frames();
    Effect::new(move |_| {
        frames.track();
        let unread = read.try_update_value(|read| Unread::of(inspected.ids(), read));
        let Some(Unread { ids, .. }) = unread.filter(|unread| !unread.ids.is_empty()) else {
            return;
        };
        names.try_maybe_update(|names| {
            let mut is_new = false;
            inspected.each(ids, |entry| is_new |= names.learn(entry));
            (is_new, ())
        });
    });
    provide_context(NamesHook(names));
}

/// See [`provide_names`]; knows nobody where they were not provided.
pub(crate) fn use_names() -> NamesHook {
    use_context().unwrap_or_else(|| NamesHook(RwSignal::new(Names::default())))
}

impl NamesHook {
    /// As [`Names::in_text`]; reactive.
    pub(crate) fn in_text(self, text: &str) -> String {
        self.0.with(|names| names.in_text(text).into_owned())
    }
}
