//! How much memory all queues of the server may hold together.
//!
//! Half of it is for whoever needs it. The other half belongs to all clients in equal parts: a
//! few that fill the first cannot have the others removed, whose queues are short.
//!
//! Queues grow one at a time, under the hub's lock; so it is enough to ask first and add then.
//! Counting is one relaxed atomic addition a change: the sum alone matters, nothing is published
//! by it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The budget of one server.
#[derive(Debug)]
pub(crate) struct Budget {
    /// Above so much no queue may grow beyond its part.
    shared: usize,
    /// Of each queue.
    part: usize,
    used: AtomicUsize,
}

impl Budget {
    pub(crate) fn new(bytes: usize, queues: usize) -> Arc<Self> {
        let shared = bytes / 2;
        Arc::new(Self {
            shared,
            part: (bytes - shared) / queues.max(1),
            used: AtomicUsize::new(0),
        })
    }

    /// Bytes in all queues.
    pub(crate) fn used(&self) -> usize {
        self.used.load(Relaxed)
    }
}

/// What one queue uses of the budget; given back on drop.
#[derive(Debug)]
pub(crate) struct Share {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Share {
    pub(crate) fn new(budget: Arc<Budget>) -> Self {
        Self { budget, bytes: 0 }
    }

    pub(crate) fn budget(&self) -> &Arc<Budget> {
        &self.budget
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether so many bytes more are within the budget.
    pub(crate) fn has_place(&self, more: usize) -> bool {
        self.bytes + more <= self.budget.part || self.budget.used() + more <= self.budget.shared
    }

    pub(crate) fn add(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.budget.used.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn sub(&mut self, bytes: usize) {
        self.bytes -= bytes;
        self.budget.used.fetch_sub(bytes, Relaxed);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.sub(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_the_shared_half_each_has_its_part() {
        let budget = Budget::new(100, 5);
        let mut greedy = Share::new(Arc::clone(&budget));
        let mut other = Share::new(Arc::clone(&budget));
        assert!(greedy.has_place(50));
        assert!(!greedy.has_place(51));
        greedy.add(50);
        assert!(!greedy.has_place(1));
        assert!(other.has_place(10));
        assert!(!other.has_place(11));
        other.add(10);
        assert!(!other.has_place(1));
        assert_eq!((budget.used(), greedy.bytes()), (60, 50));
        greedy.sub(20);
        assert!(other.has_place(10));
        drop(greedy);
        drop(other);
        assert_eq!(budget.used(), 0);
    }
}
