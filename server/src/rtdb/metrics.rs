//! What the database counts, under the names `webrtc_tour_rtdb_…`.

use prometheus_client::registry::Registry;

use crate::http::metrics::Count;

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) writes: Count,
    pub(crate) refusals: Count,
    pub(crate) overflows: Count,
}

impl Counters {
    pub(crate) fn register(&self, registry: &mut Registry) {
        for (name, help, counter) in [
            ("writes", "Writes carried out", &self.writes),
            (
                "refusals",
                "Requests answered with an error",
                &self.refusals,
            ),
            (
                "queue_overflows",
                "Event streams ended because more waited for them than may",
                &self.overflows,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
    }
}
