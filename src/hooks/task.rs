//! Asynchronous work that belongs to a page.

use futures_util::future::{AbortHandle, Abortable};
use leptos::prelude::*;

/// A place for one running task: a new one ends the old one, and leaving the page ends it too.
///
/// Tasks are not bound to whoever was clicked, as those of
/// `spawn_local_scoped_with_cancellation` are: a **Join** button that vanishes because the call
/// has begun must not end the call. Nor does anything pile up in the owner with each click.
#[derive(Clone, Copy)]
pub(crate) struct TaskSlot(StoredValue<Option<AbortHandle>>);

/// An empty place, owned by the page or component that calls this.
pub(crate) fn use_task() -> TaskSlot {
    let slot = TaskSlot(StoredValue::new(None));
    on_cleanup(move || slot.cancel());
    slot
}

impl TaskSlot {
    /// Runs `task` in place of the one before. When the page is gone already, nothing runs.
    pub(crate) fn run(self, task: impl Future<Output = ()> + 'static) {
        self.cancel();
        let (handle, registration) = AbortHandle::new_pair();
        if self.0.try_set_value(Some(handle)).is_some() {
            return;
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "the handle above ends it with the page"
        )]
        leptos::task::spawn_local(async move {
            // Aborted is as good as done: whoever aborts it no longer waits.
            let _ = Abortable::new(task, registration).await;
        });
    }

    /// Ends the task that runs; what it owns is dropped.
    pub(crate) fn cancel(self) {
        if let Some(handle) = self.0.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    }
}
