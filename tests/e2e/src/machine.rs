//! How many journeys the machine bears at a time.

use tokio::sync::{Semaphore, SemaphorePermit};

/// What a journey asks of the machine. The smallest first.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Load {
    /// Most of the time it waits.
    Small,
    #[default]
    Usual,
    /// Nothing else may run meanwhile.
    Whole,
}

pub(crate) struct Machine(Semaphore);

impl Machine {
    /// So many journeys at a time, if all are small.
    pub(crate) const MOST: usize = Self::PARTS as usize;

    const PARTS: u32 = 4;

    /// Waits, in the order of asking, until there is room; held until the journey is over.
    pub(crate) async fn share(&self, load: Load) -> Option<SemaphorePermit<'_>> {
        let parts = match load {
            Load::Small => 1,
            Load::Usual => 2,
            Load::Whole => Self::PARTS,
        };
        // An error would mean that it was closed, and nobody does that.
        self.0.acquire_many(parts).await.ok()
    }
}

impl Default for Machine {
    fn default() -> Self {
        Self(Semaphore::new(Self::MOST))
    }
}
