//! Which connections this page has open, wherever they were made.
//!
//! Every [`PeerConnection`](super::peer_connection::PeerConnection) joins on creation and leaves
//! when it is closed, so that the views that look at all connections need nobody to hand them
//! any. Keeps none alive, and knows nothing of what they carry.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use super::stats::Stats;
use crate::error::JsError;
use crate::statistics::Report;
use crate::trace::{ConnectionRef, TraceRef, Tracer};

/// An open connection.
#[derive(Clone)]
pub struct Live {
    /// Counts up from 0 with each connection that this page makes; never used again.
    pub(crate) number: u64,
    /// The name under which it reports to the trace.
    pub label: Arc<str>,
    /// Its number in the trace, and whom it leads to.
    pub(crate) traced: Option<ConnectionRef>,
    /// The trace itself.
    pub(crate) trace: TraceRef,
    stats: Weak<Stats>,
}

impl Live {
    /// `getStats()`; `None` when the connection is gone.
    pub(crate) async fn report(&self) -> Option<Result<Report, JsError>> {
        let stats = self.stats.upgrade()?;
        Some(stats.report().await)
    }
}

/// The open connections, oldest first.
pub fn connections() -> Vec<Live> {
    REGISTRY.with(|registry| registry.live.borrow().clone())
}

/// Calls `f` after each connection that comes or goes, until the result is dropped. It may make
/// and close connections, but must not keep one alive.
#[must_use]
pub fn watch(f: impl Fn() + 'static) -> Watch {
    REGISTRY.with(|registry| {
        let mut watchers = registry.watchers.borrow_mut();
        let number = watchers.last().map_or(0, |(last, _)| last + 1);
        watchers.push((number, Rc::new(f)));
        Watch(number)
    })
}

/// A watcher of changes, until dropped.
pub struct Watch(u64);

impl Drop for Watch {
    fn drop(&mut self) {
        REGISTRY.with(|registry| {
            let mut watchers = registry.watchers.borrow_mut();
            watchers.retain(|(number, _)| *number != self.0);
        });
    }
}

/// A connection's place in the list; dropping it leaves.
pub(super) struct Membership {
    number: u64,
}

impl Membership {
    pub(super) fn join(stats: &Rc<Stats>, tracer: &Tracer) -> Self {
        let number = REGISTRY.with(|registry| {
            let number = registry.next.replace_with(|next| *next + 1);
            let live = Live {
                number,
                label: tracer.peer().into(),
                traced: tracer.connection().cloned(),
                trace: tracer.trace().downgrade(),
                stats: Rc::downgrade(stats),
            };
            registry.live.borrow_mut().push(live);
            number
        });
        tell();
        Self { number }
    }

    /// Leaves the list; a second time nothing happens.
    pub(super) fn leave(&self) {
        let is_gone = REGISTRY.with(|registry| {
            let mut live = registry.live.borrow_mut();
            let before = live.len();
            live.retain(|live| live.number != self.number);
            live.len() < before
        });
        if is_gone {
            tell();
        }
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.leave();
    }
}

type Watcher = Rc<dyn Fn()>;

#[derive(Default)]
struct Registry {
    /// Oldest first.
    live: RefCell<Vec<Live>>,
    next: RefCell<u64>,
    watchers: RefCell<Vec<(u64, Watcher)>>,
}

thread_local! {
    static REGISTRY: Registry = Registry::default();
}

fn tell() {
    let watchers = REGISTRY.with(|registry| registry.watchers.borrow().clone());
    for (_, watcher) in watchers {
        watcher();
    }
}
