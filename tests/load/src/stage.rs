//! What all clients of one run share: who is who, what time it is, and the counters.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use hdrhistogram::Histogram;

use crate::payload::Payloads;

/// Latencies are counted in as many places, so that threads seldom wait for each other.
const SHARDS: usize = 16;

/// Longer latencies, in microseconds, count as this.
const LONGEST: u64 = 600_000_000;

#[derive(Debug)]
pub(crate) struct Stage {
    began: Instant,
    room_size: usize,
    /// What the server calls each client.
    ids: Vec<OnceLock<String>>,
    joined: AtomicUsize,
    pub(crate) payloads: Payloads,
    /// Orders to send that were given and not yet obeyed.
    ordered: AtomicI64,
    sent: AtomicU64,
    arrived: AtomicU64,
    resumed: AtomicU64,
    /// Whether latencies count now.
    measuring: AtomicBool,
    latencies: Vec<Mutex<Histogram<u64>>>,
}

/// Times in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Latency {
    pub(crate) p50: u64,
    pub(crate) p99: u64,
    pub(crate) max: u64,
}

impl Stage {
    pub(crate) fn new(clients: usize, room_size: usize) -> Self {
        let histogram = || {
            let histogram = Histogram::new_with_bounds(1, LONGEST, 3);
            Mutex::new(histogram.expect("the bounds are valid"))
        };
        Self {
            began: Instant::now(),
            room_size,
            ids: std::iter::repeat_with(OnceLock::new)
                .take(clients)
                .collect(),
            joined: AtomicUsize::new(0),
            payloads: Payloads::new(),
            ordered: AtomicI64::new(0),
            sent: AtomicU64::new(0),
            arrived: AtomicU64::new(0),
            resumed: AtomicU64::new(0),
            measuring: AtomicBool::new(false),
            latencies: std::iter::repeat_with(histogram).take(SHARDS).collect(),
        }
    }

    /// Nanoseconds since the run began.
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The number of a client's room.
    pub(crate) fn room(&self, index: usize) -> usize {
        index / self.room_size
    }

    /// The others in a client's room.
    pub(crate) fn peers(&self, index: usize) -> impl Iterator<Item = usize> + use<> {
        let first = self.room(index) * self.room_size;
        let room = first..(first + self.room_size).min(self.ids.len());
        room.filter(move |peer| *peer != index)
    }

    pub(crate) fn set_id(&self, index: usize, id: String) {
        // A client joins once.
        if self.ids[index].set(id).is_ok() {
            self.joined.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn id(&self, index: usize) -> Option<&str> {
        self.ids.get(index)?.get().map(String::as_str)
    }

    pub(crate) fn joined(&self) -> usize {
        self.joined.load(Ordering::Relaxed)
    }

    pub(crate) fn count_ordered(&self) {
        self.ordered.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_obeyed(&self) {
        self.ordered.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn count_sent(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_resumed(&self) {
        self.resumed.fetch_add(1, Ordering::Relaxed);
    }

    /// A message that was due at `due` has arrived at client number `index`.
    pub(crate) fn count_arrived(&self, index: usize, due: u64) {
        self.arrived.fetch_add(1, Ordering::Relaxed);
        if self.measuring.load(Ordering::Relaxed) {
            let micros = self.now().saturating_sub(due) / 1000;
            lock(&self.latencies[index % SHARDS]).saturating_record(micros);
        }
    }

    /// Whether anything is still to be sent or under way.
    pub(crate) fn is_busy(&self) -> bool {
        self.ordered.load(Ordering::Relaxed) > 0
            || self.arrived() < self.sent.load(Ordering::Relaxed)
    }

    pub(crate) fn arrived(&self) -> u64 {
        self.arrived.load(Ordering::Relaxed)
    }

    pub(crate) fn resumed(&self) -> u64 {
        self.resumed.load(Ordering::Relaxed)
    }

    pub(crate) fn measure(&self, measuring: bool) {
        self.measuring.store(measuring, Ordering::Relaxed);
    }

    /// Of all that arrived while it was measured; `None` if nothing did.
    pub(crate) fn latency(&self) -> Option<Latency> {
        let mut all = lock(self.latencies.first()?).clone();
        for shard in &self.latencies[1..] {
            // They have the same bounds.
            let _ = all.add(&*lock(shard));
        }
        (!all.is_empty()).then(|| Latency {
            p50: all.value_at_quantile(0.5),
            p99: all.value_at_quantile(0.99),
            max: all.max(),
        })
    }
}

fn lock(histogram: &Mutex<Histogram<u64>>) -> MutexGuard<'_, Histogram<u64>> {
    histogram.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_filled_one_after_the_other() {
        let stage = Stage::new(10, 4);
        assert_eq!(stage.peers(5).collect::<Vec<_>>(), [4, 6, 7]);
        assert_eq!(stage.peers(9).collect::<Vec<_>>(), [8]);
        assert_eq!(stage.room(9), 2);
    }

    #[test]
    fn a_run_is_over_when_all_that_was_ordered_has_arrived() {
        let stage = Stage::new(2, 2);
        assert!(!stage.is_busy());
        stage.count_ordered();
        assert!(stage.is_busy(), "a client that is away has not obeyed yet");
        stage.count_sent();
        stage.count_obeyed();
        assert!(stage.is_busy(), "it is under way");
        stage.count_arrived(1, 0);
        assert!(!stage.is_busy());
    }

    #[test]
    fn percentiles_are_over_all_that_was_measured() {
        let stage = Stage::new(100, 4);
        assert_eq!(stage.latency(), None);
        stage.count_arrived(0, 0);
        assert_eq!(stage.latency(), None, "not measured");
        for micros in 1..=1000 {
            lock(&stage.latencies[micros % SHARDS]).saturating_record(micros as u64);
        }
        let latency = stage.latency().unwrap();
        assert!((499..=501).contains(&latency.p50), "{latency:?}");
        assert!((989..=991).contains(&latency.p99), "{latency:?}");
        assert_eq!(latency.max, 1000);
    }
}
