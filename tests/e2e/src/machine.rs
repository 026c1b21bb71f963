//! How many journeys the machine bears at a time.

use tokio::sync::{Semaphore, SemaphorePermit};

/// What a journey asks of the machine. The smaller first.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Load {
    /// It waits much of its time, for browsers to start and for pages to change.
    #[default]
    Usual,
    /// Nothing else may run meanwhile.
    Whole,
}

pub(crate) struct Machine(Semaphore);

impl Machine {
    /// So many journeys at a time: more are more than two cores and a journey's own limits of time
    /// bear.
    pub(crate) const MOST: usize = Self::SHARES as usize;

    const SHARES: u32 = 2;

    /// Waits, in the order of asking, until there is room; held until the journey is over.
    pub(crate) async fn share(&self, load: Load) -> Option<SemaphorePermit<'_>> {
        let shares = match load {
            Load::Usual => 1,
            Load::Whole => Self::SHARES,
        };
        // An error would mean that it was closed, and nobody does that.
        self.0.acquire_many(shares).await.ok()
    }
}

impl Default for Machine {
    fn default() -> Self {
        Self(Semaphore::new(Self::MOST))
    }
}
