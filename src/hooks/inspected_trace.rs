//! What an inspector looks at: the trace of this page, perhaps merged with those of others in its
//! call, or a recording at one of its steps.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;

use super::{PageTrace, TraceSharingHook, use_frames};
use crate::recording::{Recording, Sample};
use crate::trace::Entry;

/// Entries that a view can follow. The views do not know where they come from.
#[derive(Clone, Copy)]
pub(crate) struct InspectedTrace(Source);

#[derive(Clone, Copy)]
enum Source {
    Live(PageTrace),
    Shared {
        own: PageTrace,
        shared: TraceSharingHook,
    },
    Recorded {
        recording: StoredValue<Arc<Recording>>,
        step: Signal<usize>,
    },
}

/// Who samples the statistics of a page's connections provides this as a context, and the export
/// holds what it gives. Times are [`Trace::now_ms`](crate::trace::Trace::now_ms).
#[derive(Clone, Copy)]
pub(crate) struct SampleSource(pub Callback<(), Vec<Sample>>);

impl InspectedTrace {
    /// What happens on this page.
    pub(crate) fn live(trace: PageTrace) -> Self {
        Self(Source::Live(trace))
    }

    /// What happens on this page, and at those who agreed to show it, while there are such.
    pub(crate) fn shared(own: PageTrace, shared: TraceSharingHook) -> Self {
        Self(Source::Shared { own, shared })
    }

    /// The first `step` entries of a recording.
    pub(crate) fn recorded(recording: Arc<Recording>, step: Signal<usize>) -> Self {
        Self(Source::Recorded {
            recording: StoredValue::new(recording),
            step,
        })
    }

    pub(crate) fn is_live(self) -> bool {
        self.page_trace().is_some()
    }

    /// Whether the entries are those of both sides now; reactive.
    pub(crate) fn is_shared(self) -> bool {
        match self.0 {
            Source::Shared { shared, .. } => shared.is_shared(),
            Source::Live(_) | Source::Recorded { .. } => false,
        }
    }

    /// Another number when the entries are others from the first on; reactive. A view that
    /// followed the earlier ones is to be made anew.
    pub(crate) fn generation(self) -> u64 {
        match self.0 {
            Source::Shared { shared, .. } => shared.generation(),
            Source::Live(_) | Source::Recorded { .. } => 0,
        }
    }

    /// The trace of this page; `None` of a recording.
    pub(crate) fn page_trace(self) -> Option<PageTrace> {
        match self.0 {
            Source::Live(own) | Source::Shared { own, .. } => Some(own),
            Source::Recorded { .. } => None,
        }
    }

    /// Runs the surrounding effect again when there are other entries.
    pub(crate) fn track(self) {
        match self.0 {
            Source::Live(trace) => trace.track(),
            Source::Shared { shared, .. } if shared.is_shared() => shared.track(),
            Source::Shared { own, .. } => own.track(),
            Source::Recorded { step, .. } => step.track(),
        }
    }

    /// The ids of the entries that are there now, without gaps; not reactive.
    pub(crate) fn ids(self) -> Range<u64> {
        match self.0 {
            Source::Live(trace) => trace.ids(),
            Source::Shared { shared, .. } if shared.is_shared_now() => shared.ids(),
            Source::Shared { own, .. } => own.ids(),
            Source::Recorded { recording, step } => {
                let all = recording.try_with_value(|recording| recording.entries().len());
                let step = step.try_get_untracked().unwrap_or_default();
                0..step.min(all.unwrap_or_default()) as u64
            }
        }
    }

    /// Shows each entry with one of these ids, oldest first; not reactive.
    pub(crate) fn each(self, ids: Range<u64>, mut f: impl FnMut(&Entry)) {
        match self.0 {
            Source::Live(trace) => trace.each(ids, f),
            Source::Shared { shared, .. } if shared.is_shared_now() => shared.each(ids, f),
            Source::Shared { own, .. } => own.each(ids, f),
            Source::Recorded { recording, .. } => {
                let place = |id| usize::try_from(id).unwrap_or(usize::MAX);
                recording.try_with_value(|recording| {
                    let entries = recording.entries().iter().take(place(ids.end));
                    entries.skip(place(ids.start)).for_each(&mut f);
                });
            }
        }
    }

    /// Looks at the samples of the statistics; not reactive. Of a recording all, see
    /// [`Self::until_ms`].
    pub(crate) fn with_samples<R>(self, f: impl FnOnce(&[Sample]) -> R) -> R {
        match self.0 {
            Source::Live(_) | Source::Shared { .. } => {
                let source = use_context::<SampleSource>();
                f(&source.map_or_else(Vec::new, |source| source.0.run(())))
            }
            Source::Recorded { recording, .. } => {
                let recording = recording.try_get_value();
                f(recording
                    .as_ref()
                    .map_or(&[], |recording| recording.samples()))
            }
        }
    }

    /// The time at which the next thing happens, in milliseconds of the entries; infinite at the
    /// end. What was measured before belongs to this step. Not reactive.
    pub(crate) fn until_ms(self) -> f64 {
        let mut until_ms = f64::INFINITY;
        let end = self.ids().end;
        self.each(end..end + 1, |entry| until_ms = entry.at_ms);
        until_ms
    }

    /// Counts up when there are other entries, and at most once for each picture of the screen:
    /// a burst of entries costs a view no more than one.
    pub(crate) fn frames(self) -> Signal<u64> {
        use_frames(0, move || self.track())
    }
}
