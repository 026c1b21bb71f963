//! A page's trace as a signal.

use std::ops::Range;

use leptos::prelude::*;

use crate::rtc::now_ms;
use crate::trace::vocabulary::Reporter;
use crate::trace::{Entry, Trace, Tracer};

/// The trace of one page.
#[derive(Clone, Copy)]
pub struct PageTrace {
    trace: StoredValue<Trace, LocalStorage>,
    version: RwSignal<u64>,
}

/// Makes a trace that lives as long as the page.
pub fn use_trace() -> PageTrace {
    let trace = Trace::new(now_ms);
    let version = RwSignal::new(0);
    // Reports that come after the page is gone change nothing.
    trace.observe(move |entry| version.set(entry.id + 1));
    PageTrace {
        trace: StoredValue::new_local(trace),
        version,
    }
}

impl PageTrace {
    /// The trace itself, to hand to adapters.
    pub fn get(&self) -> Trace {
        self.trace.get_value()
    }

    pub fn tracer<'a>(&self, reporter: impl Into<Reporter<'a>>) -> Tracer {
        self.get().tracer(reporter)
    }

    /// Runs the surrounding effect again after each new entry.
    pub(crate) fn track(&self) {
        self.version.track();
    }

    /// The ids of all kept entries; not reactive.
    pub(crate) fn ids(&self) -> Range<u64> {
        self.trace.try_with_value(Trace::ids).unwrap_or(0..0)
    }

    /// Shows each kept entry with one of these ids, oldest first; not reactive.
    pub(crate) fn each(&self, ids: Range<u64>, f: impl FnMut(&Entry)) {
        self.trace.try_with_value(|trace| trace.each(ids, f));
    }
}
