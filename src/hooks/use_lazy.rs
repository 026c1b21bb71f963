//! A part of the program that is loaded when it is needed, as a signal.

use leptos::prelude::*;

use super::idle::idle;
use crate::hooks::{TaskSlot, use_task};
use crate::lazy::Loading;

/// Busy pages are never idle.
pub(super) const IDLE_WITHIN_MS: u32 = 200;

/// How far loading is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part<T> {
    /// Nobody has asked for it yet.
    Waiting,
    Loading,
    Ready(T),
    Failed,
}

/// One part, for as long as the view that asked for it is there.
pub(crate) struct LazyHook<T: Send + Sync + 'static> {
    part: RwSignal<Part<T>>,
    load: fn() -> Loading<T>,
    task: TaskSlot,
}

/// Loads a part as soon as the page is shown, before it is needed. A failure is ignored: when the part
/// is needed, it is loaded again, and a failure is reported then.
pub(super) async fn prefetch<T: 'static>(load: fn() -> Loading<T>) {
    idle(IDLE_WITHIN_MS).await;
    drop(load().await);
}

impl<T: Send + Sync + 'static> Clone for LazyHook<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for LazyHook<T> {}

/// Not loaded yet.
pub(crate) fn use_lazy<T: Copy + Send + Sync + 'static>(load: fn() -> Loading<T>) -> LazyHook<T> {
    LazyHook {
        part: RwSignal::new(Part::Waiting),
        load,
        task: use_task(),
    }
}

impl<T: Copy + Send + Sync + 'static> LazyHook<T> {
    /// Loads it as soon as the page is shown: what is there already is not to wait for what comes later.
    pub(crate) fn load_when_idle(self) {
        self.task.run(async move {
            idle(IDLE_WITHIN_MS).await;
            self.part.set(Part::Loading);
            self.finish().await;
        });
    }

    /// Loads it unless it is there or on its way; also after it could not be loaded.
    pub(crate) fn load(self) {
        // A view may have gone before it is told of what was clicked in it.
        let part = self.part.try_get_untracked();
        if !matches!(part, Some(Part::Waiting | Part::Failed)) {
            return;
        }
        self.part.set(Part::Loading);
        self.task.run(self.finish());
    }

    async fn finish(self) {
        let loaded = (self.load)().await;
        self.part.set(loaded.map_or(Part::Failed, Part::Ready));
    }

    /// Reactive.
    pub(crate) fn get(self) -> Part<T> {
        self.part.get()
    }
}
