//! How much memory the queues of all clients may hold together.
//!
//! Half of it is for whoever needs it. The other half belongs to all clients in equal parts: a
//! few that fill the first cannot have the others removed, whose queues are short.
//!
//! Queues grow one at a time, under the hub's lock; so it is enough to ask first and add then.
//! Counting is one relaxed atomic addition a change: the sum alone matters, nothing is published
//! by it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The memory for the queues of one server.
#[derive(Debug)]
pub(crate) struct QueueMemory {
    /// Above so much no queue may grow beyond its part.
    shared: usize,
    /// Of each queue.
    part: usize,
    used: AtomicUsize,
}

impl QueueMemory {
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

/// What one queue uses of it; given back on drop.
#[derive(Debug)]
pub(crate) struct QueueShare {
    memory: Arc<QueueMemory>,
    bytes: usize,
}

impl QueueShare {
    pub(crate) fn new(memory: Arc<QueueMemory>) -> Self {
        Self { memory, bytes: 0 }
    }

    pub(crate) fn memory(&self) -> &Arc<QueueMemory> {
        &self.memory
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether so many bytes more are within the bounds.
    pub(crate) fn has_room_for(&self, more: usize) -> bool {
        self.bytes + more <= self.memory.part || self.memory.used() + more <= self.memory.shared
    }

    pub(crate) fn add(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.memory.used.fetch_add(bytes, Relaxed);
    }

    pub(crate) fn sub(&mut self, bytes: usize) {
        self.bytes -= bytes;
        self.memory.used.fetch_sub(bytes, Relaxed);
    }
}

impl Drop for QueueShare {
    fn drop(&mut self) {
        self.sub(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_the_shared_half_each_has_its_part() {
        let memory = QueueMemory::new(100, 5);
        let mut greedy = QueueShare::new(Arc::clone(&memory));
        let mut other = QueueShare::new(Arc::clone(&memory));
        assert!(greedy.has_room_for(50));
        assert!(!greedy.has_room_for(51));
        greedy.add(50);
        assert!(!greedy.has_room_for(1));
        assert!(other.has_room_for(10));
        assert!(!other.has_room_for(11));
        other.add(10);
        assert!(!other.has_room_for(1));
        assert_eq!((memory.used(), greedy.bytes()), (60, 50));
        greedy.sub(20);
        assert!(other.has_room_for(10));
        drop(greedy);
        drop(other);
        assert_eq!(memory.used(), 0);
    }
}
