//! What the database counts, under the names `webrtc_tour_rtdb_…`.

use std::sync::atomic::AtomicU64;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::database::Database;

type Count = Counter<u64, AtomicU64>;

#[derive(Debug)]
pub(crate) struct Counters {
    registry: Registry,
    listeners: Gauge,
    bytes: Gauge,
    pub(crate) writes: Count,
    pub(crate) refusals: Count,
    pub(crate) overflows: Count,
}

impl Default for Counters {
    fn default() -> Self {
        let mut counters = Self {
            registry: Registry::with_prefix("webrtc_tour_rtdb"),
            listeners: Gauge::default(),
            bytes: Gauge::default(),
            writes: Count::default(),
            refusals: Count::default(),
            overflows: Count::default(),
        };
        let registry = &mut counters.registry;
        for (name, help, gauge) in [
            (
                "listeners",
                "Event streams of the database",
                &counters.listeners,
            ),
            (
                "bytes",
                "Size of the database's tree, about",
                &counters.bytes,
            ),
        ] {
            registry.register(name, help, gauge.clone());
        }
        for (name, help, counter) in [
            ("writes", "Writes carried out", &counters.writes),
            (
                "refusals",
                "Requests answered with an error",
                &counters.refusals,
            ),
            (
                "queue_overflows",
                "Event streams ended because more waited for them than may",
                &counters.overflows,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
        counters
    }
}

impl Database {
    /// What is counted, as it is now.
    pub(crate) fn registry(&self) -> &Registry {
        let counters = self.counters();
        let (listeners, bytes) = self.counts();
        for (gauge, count) in [(&counters.listeners, listeners), (&counters.bytes, bytes)] {
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        &counters.registry
    }
}
