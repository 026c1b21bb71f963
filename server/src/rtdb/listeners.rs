//! Who listens where, and the queue of each. Knows no socket and no rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc};

use super::event::Event;
use super::path::Path;
use super::query::Query;
use super::write::Change;

/// What a listener is told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    Event(Event),
    /// It may no longer read here; nothing follows.
    Cancel,
}

/// What a listener is, but for its place.
#[derive(Debug)]
pub(crate) struct Registered<W> {
    id: u64,
    pub(crate) who: W,
    query: Option<Query>,
    queue: mpsc::UnboundedSender<Told>,
    waiting: Arc<AtomicUsize>,
    overflow: Arc<Notify>,
}

/// The other end of a listener's queue.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) id: u64,
    queue: mpsc::UnboundedReceiver<Told>,
    waiting: Arc<AtomicUsize>,
}

impl Queue {
    /// `None` when nothing follows.
    pub(crate) async fn next(&mut self) -> Option<Told> {
        let told = self.queue.recv().await?;
        self.waiting.fetch_sub(size(&told), Ordering::Relaxed);
        Some(told)
    }
}

fn size(told: &Told) -> usize {
    /// The least that an event takes.
    const EVENT_BYTES: usize = 256;
    match told {
        Told::Event(event) => EVENT_BYTES + event.size(),
        Told::Cancel => EVENT_BYTES,
    }
}

#[derive(Debug)]
pub(crate) struct Listeners<W> {
    by_path: BTreeMap<Path, Vec<Registered<W>>>,
    count: usize,
    last_id: u64,
}

impl<W> Default for Listeners<W> {
    fn default() -> Self {
        Self {
            by_path: BTreeMap::new(),
            count: 0,
            last_id: 0,
        }
    }
}

impl<W> Listeners<W> {
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// How many listeners are `whose`.
    pub(crate) fn count_of(&self, whose: impl Fn(&W) -> bool) -> usize {
        let all = self.by_path.values().flatten();
        all.filter(|registered| whose(&registered.who)).count()
    }

    /// Adds a listener, who hears `initial` first. `overflow` is notified if it is removed for
    /// being too slow.
    pub(crate) fn add(
        &mut self,
        path: &Path,
        who: W,
        query: Option<Query>,
        initial: Event,
        overflow: Arc<Notify>,
    ) -> Queue {
        self.last_id += 1;
        self.count += 1;
        let (sender, receiver) = mpsc::unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let registered = Registered {
            id: self.last_id,
            who,
            query,
            queue: sender,
            waiting: Arc::clone(&waiting),
            overflow,
        };
        // Even if it is larger than a queue may be: without it nothing that follows is of use.
        registered.tell(Told::Event(initial), usize::MAX);
        let here = self.by_path.entry(path.clone()).or_default();
        here.push(registered);
        Queue {
            id: self.last_id,
            queue: receiver,
            waiting,
        }
    }

    /// Removes a listener if it is still there.
    pub(crate) fn remove(&mut self, path: &Path, id: u64) {
        self.retain(path, |registered| registered.id != id);
    }

    fn retain(&mut self, path: &Path, keep: impl FnMut(&Registered<W>) -> bool) {
        let Some(here) = self.by_path.get_mut(path) else {
            return;
        };
        let before = here.len();
        here.retain(keep);
        self.count -= before - here.len();
        if here.is_empty() {
            self.by_path.remove(path);
        }
    }

    /// All queues end after what is in them.
    pub(crate) fn clear(&mut self) {
        self.by_path.clear();
        self.count = 0;
    }

    /// Tells everybody what is new, who still may read it. Whoever has more than `most` bytes
    /// waiting is removed; tells how many those are.
    pub(crate) fn tell(
        &mut self,
        change: &Change,
        most: usize,
        may_read: impl Fn(&W, &Path) -> bool,
    ) -> usize {
        let mut overflows = 0;
        for path in self.concerned(&change.paths) {
            // The same for all who listen to all of it.
            let unfiltered = Event::of(change, &path, None);
            self.retain(&path, |registered| {
                let event = match &registered.query {
                    None => unfiltered.clone(),
                    query => Event::of(change, &path, query.as_ref()),
                };
                let Some(event) = event else {
                    return true;
                };
                if !may_read(&registered.who, &path) {
                    registered.tell(Told::Cancel, usize::MAX);
                    return false;
                }
                let kept = registered.tell(Told::Event(event), most);
                if !kept {
                    overflows += 1;
                    registered.overflow.notify_one();
                }
                kept
            });
        }
        overflows
    }

    /// The places of listeners above, at and below the paths.
    fn concerned(&self, paths: &[Path]) -> BTreeSet<Path> {
        let mut concerned = BTreeSet::new();
        for path in paths {
            let mut above = path.parent();
            while let Some(here) = above {
                above = here.parent();
                if self.by_path.contains_key(&here) {
                    concerned.insert(here);
                }
            }
            let from_here = self.by_path.range(path..).map(|(place, _)| place);
            let below = from_here.take_while(|place| place.starts_with(path));
            concerned.extend(below.cloned());
        }
        concerned
    }
}

impl<W> Registered<W> {
    /// False if there is no room for it.
    fn tell(&self, told: Told, most: usize) -> bool {
        let size = size(&told);
        let waiting = self.waiting.fetch_add(size, Ordering::Relaxed);
        // A queue that is empty takes anything.
        let room = waiting == 0 || waiting.saturating_add(size) <= most;
        if room {
            // Whoever has gone is removed by its end of the queue.
            let _ = self.queue.send(told);
        }
        room
    }
}
