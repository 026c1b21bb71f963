//! Who knows a trace without keeping it.

use std::rc::{Rc, Weak};

use super::{Shared, Trace, Tracer};

/// Tells one trace from another, and whether it is still there.
#[derive(Clone)]
pub(crate) struct TraceRef(Weak<Shared>);

impl Trace {
    pub(crate) fn downgrade(&self) -> TraceRef {
        TraceRef(Rc::downgrade(&self.0))
    }
}

impl Tracer {
    /// The trace that it reports to.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }
}

impl TraceRef {
    pub(crate) fn is(&self, trace: &Trace) -> bool {
        self.0.as_ptr() == Rc::as_ptr(&trace.0)
    }

    /// Whether nobody keeps it any more.
    pub(crate) fn is_gone(&self) -> bool {
        self.0.strong_count() == 0
    }
}

impl PartialEq for TraceRef {
    fn eq(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0)
    }
}

impl Eq for TraceRef {}

impl std::fmt::Debug for TraceRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = if self.is_gone() { "gone" } else { "there" };
        write!(f, "TraceRef({state})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_known_and_not_kept() {
        let trace = Trace::new(|| 0.0);
        let known = trace.tracer("peer").trace().downgrade();
        assert!(known.is(&trace) && !known.is(&Trace::new(|| 0.0)));
        assert!(!known.is_gone());
        drop(trace);
        assert!(known.is_gone());
    }
}
