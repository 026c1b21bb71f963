//! Our own trace merged with those of the people who agreed, as a signal.

use std::ops::Range;

use leptos::prelude::*;

use super::PageTrace;
use crate::trace::Entry;
use crate::trace_sharing::{Merge, TraceSharingEvent};

/// The merged trace of one page; empty while nobody shares, and then it costs nothing.
#[derive(Clone, Copy)]
pub(crate) struct TraceSharingHook {
    trace: PageTrace,
    merge: StoredValue<Merge, LocalStorage>,
    version: RwSignal<u64>,
    generation: RwSignal<u64>,
    is_shared: RwSignal<bool>,
}

/// Nobody shares yet.
pub(crate) fn use_trace_sharing(trace: PageTrace) -> TraceSharingHook {
    let hook = TraceSharingHook {
        trace,
        merge: StoredValue::new_local(Merge::default()),
        version: RwSignal::new(0),
        generation: RwSignal::new(0),
        is_shared: RwSignal::new(false),
    };
    Effect::new(move |_| {
        if hook.is_shared.get() {
            trace.track();
            hook.change(|_| {});
        }
    });
    hook
}

impl TraceSharingHook {
    /// What came from `peer`.
    pub(crate) fn handle_event(self, peer: &str, event: TraceSharingEvent) {
        self.change(|merge| merge.handle_event(peer, event));
    }

    /// The call is over.
    pub(crate) fn clear(self) {
        let peers = self.merge.try_with_value(|merge| {
            let peers = merge.peers().map(str::to_owned);
            peers.collect::<Vec<_>>()
        });
        for peer in peers.unwrap_or_default() {
            self.handle_event(&peer, TraceSharingEvent::Ended);
        }
    }

    /// Whether anybody shares; reactive.
    pub(crate) fn is_shared(self) -> bool {
        self.is_shared.get()
    }

    /// As [`Self::is_shared`], not reactive.
    pub(crate) fn is_shared_now(self) -> bool {
        self.is_shared.try_get_untracked().unwrap_or_default()
    }

    /// Another number whenever the entries begin anew; reactive.
    pub(crate) fn generation(self) -> u64 {
        self.generation.get()
    }

    /// Runs the surrounding effect again when there are more entries.
    pub(crate) fn track(self) {
        self.version.track();
    }

    /// The ids of all kept entries; not reactive.
    pub(crate) fn ids(self) -> Range<u64> {
        self.merge.try_with_value(Merge::ids).unwrap_or(0..0)
    }

    /// Shows each kept entry with one of these ids, oldest first; not reactive.
    pub(crate) fn each(self, ids: Range<u64>, f: impl FnMut(&Entry)) {
        self.merge.try_with_value(|merge| merge.each(ids, f));
    }

    fn change(self, f: impl FnOnce(&mut Merge)) {
        let trace = self.trace;
        let changed = self.merge.try_update_value(|merge| {
            let before = (merge.generation(), merge.ids().end);
            merge.follow_own(trace.ids(), |ids, f| trace.each(ids, f));
            f(merge);
            merge.follow_own(trace.ids(), |ids, f| trace.each(ids, f));
            let now = (merge.generation(), merge.ids().end);
            (now != before).then(|| (now.0, !merge.is_empty()))
        });
        let Some((generation, is_shared)) = changed.flatten() else {
            return;
        };
        if self.is_shared_now() != is_shared {
            self.is_shared.try_set(is_shared);
        }
        if self.generation.try_get_untracked() != Some(generation) {
            self.generation.try_set(generation);
        }
        self.version.try_update(|version| *version += 1);
    }
}
