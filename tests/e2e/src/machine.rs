//! How many journeys the machine bears at a time.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a journey asks of the machine. The smaller first.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Load {
    /// It waits much of its time, for browsers to start and for pages to change.
    #[default]
    Usual,
    /// Nothing else may run meanwhile, but for what only waits.
    Whole,
}

/// The part of the machine that a journey has, until this is dropped.
pub(crate) type Share = OwnedSemaphorePermit;

pub(crate) struct Machine(Arc<Semaphore>);

impl Machine {
    /// So many journeys at a time: more are more than two cores and a journey's own limits of time
    /// bear.
    pub(crate) const MOST: usize = Self::SHARES as usize;

    const SHARES: u32 = 2;

    /// Waits, in the order of asking, until there is room.
    pub(crate) async fn share(&self, load: Load) -> Option<Share> {
        let shares = match load {
            Load::Usual => 1,
            Load::Whole => Self::SHARES,
        };
        // An error would mean that it was closed, and nobody does that.
        self.0.clone().acquire_many_owned(shares).await.ok()
    }
}

impl Default for Machine {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(Self::MOST)))
    }
}
