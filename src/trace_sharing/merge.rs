//! One trace made of our own and those of others. Pure.
//!
//! It grows at its end only and its ids have no gaps, so that what follows a trace can follow
//! it. An entry waits until all others have sent what happened before it, unless one of them has
//! fallen silent.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::Arc;

use super::TraceSharingEvent;
use super::numbers::{Numbers, TheirNumbers};
use crate::trace::{ConnectionRef, Entry, Trace};

struct Side {
    peer: Arc<str>,
    queue: VecDeque<Entry>,
    up_to_ms: f64,
    silent: bool,
    /// Others may have gone on without it.
    was_silent: bool,
    /// How many of its entries the list had and let go.
    forgotten: u64,
    numbers: TheirNumbers,
}

/// The merged trace; empty while nobody shares.
#[derive(Default)]
pub struct Merge {
    sides: Vec<Side>,
    own: VecDeque<Entry>,
    own_end: u64,
    /// Our own trace is to be read from its beginning.
    own_missing: bool,
    /// With the peer whose they are.
    list: VecDeque<(Option<Arc<str>>, Entry)>,
    next_id: u64,
    /// Payloads in the list, and in the queues of the others.
    list_bytes: usize,
    queued_bytes: usize,
    numbers: Numbers,
    generation: u64,
}

impl Merge {
    /// How many entries of all are kept, and how many bytes of payloads.
    pub(crate) const CAPACITY: usize = 2 * Trace::CAPACITY;
    pub(crate) const PAYLOAD_BYTES: usize = 2 * Trace::PAYLOAD_BYTES;

    pub(crate) fn is_empty(&self) -> bool {
        self.sides.is_empty()
    }

    /// Whose traces there are besides our own.
    pub(crate) fn peers(&self) -> impl Iterator<Item = &str> {
        self.sides.iter().map(|side| &*side.peer)
    }

    /// Grows whenever the list begins anew: with each beginning and end, and when somebody whom
    /// nobody waited for tells what happened meanwhile.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// The ids of the kept entries; they have no gaps.
    pub fn ids(&self) -> Range<u64> {
        self.next_id - self.list.len() as u64..self.next_id
    }

    /// Shows each kept entry of these ids, oldest first.
    pub fn each(&self, ids: Range<u64>, mut f: impl FnMut(&Entry)) {
        let kept = self.ids();
        let (start, end) = (ids.start.max(kept.start), ids.end.min(kept.end));
        let skipped = usize::try_from(start - kept.start).unwrap_or(usize::MAX);
        let count = usize::try_from(end.saturating_sub(start)).unwrap_or(0);
        let entries = self.list.iter().skip(skipped).take(count);
        entries.for_each(|(_, entry)| f(entry));
    }

    /// Takes in what our own trace has: to be called before each event, so that nothing own is
    /// missing that was earlier, and after it.
    pub fn follow_own(
        &mut self,
        ids: Range<u64>,
        read: impl FnOnce(Range<u64>, &mut dyn FnMut(&Entry)),
    ) {
        if self.sides.is_empty() {
            return;
        }
        if std::mem::take(&mut self.own_missing) {
            // What is not there any more counts as in our own trace.
            let theirs: u64 = self.sides.iter().map(|side| side.forgotten).sum();
            self.next_id = ids.start + theirs;
        }
        let new = self.own_end.max(ids.start)..ids.end;
        if !new.is_empty() {
            self.own_end = new.end;
            read(new, &mut |entry| self.own.push_back(entry.clone()));
        }
        self.advance();
    }

    /// What came from `peer`.
    pub fn handle_event(&mut self, peer: &str, event: TraceSharingEvent) {
        match event {
            TraceSharingEvent::Began => self.begin(peer),
            TraceSharingEvent::Ended => self.end(peer),
            TraceSharingEvent::Entries(entries) => {
                if let Some(side) = self.sides.iter_mut().find(|side| &*side.peer == peer) {
                    let last_ms = self.list.back().map(|(_, last)| last.at_ms);
                    let late = |entry: &Entry| last_ms.is_some_and(|last| entry.at_ms < last);
                    // Nobody waited for these: the order is made anew, once.
                    let anew = std::mem::take(&mut side.was_silent) && entries.iter().any(late);
                    for entry in entries {
                        let theirs = &mut side.numbers;
                        let entry = numbered(entry, |number| self.numbers.of_other(theirs, number));
                        if let Some(entry) = entry {
                            self.queued_bytes += bytes(&entry);
                            side.queue.push_back(entry);
                        }
                    }
                    if anew {
                        self.begin_anew();
                    }
                }
            }
            TraceSharingEvent::UpTo(up_to_ms) => {
                if let Some(side) = self.sides.iter_mut().find(|side| &*side.peer == peer) {
                    side.silent &= up_to_ms <= side.up_to_ms;
                    side.up_to_ms = side.up_to_ms.max(up_to_ms);
                }
            }
            TraceSharingEvent::Silent => {
                if let Some(side) = self.sides.iter_mut().find(|side| &*side.peer == peer) {
                    side.silent = true;
                    side.was_silent = true;
                }
            }
        }
        self.advance();
    }

    fn begin(&mut self, peer: &str) {
        self.end(peer);
        self.sides.push(Side {
            peer: Arc::from(peer),
            queue: VecDeque::new(),
            up_to_ms: f64::NEG_INFINITY,
            silent: false,
            was_silent: false,
            forgotten: 0,
            numbers: TheirNumbers::default(),
        });
        self.begin_anew();
    }

    fn end(&mut self, peer: &str) {
        let before = self.sides.len();
        self.sides.retain(|side| &*side.peer != peer);
        if self.sides.len() != before {
            self.begin_anew();
        }
    }

    /// Everything goes back to where it came from. Our own trace has its entries still.
    fn begin_anew(&mut self) {
        self.generation += 1;
        self.next_id = 0;
        self.list_bytes = 0;
        self.own.clear();
        self.own_end = 0;
        self.own_missing = true;
        for (peer, entry) in std::mem::take(&mut self.list).into_iter().rev() {
            let mut sides = self.sides.iter_mut();
            if let Some(side) = sides.find(|side| Some(&side.peer) == peer.as_ref()) {
                side.queue.push_front(entry);
            }
        }
        let queued = self.sides.iter().flat_map(|side| &side.queue);
        self.queued_bytes = queued.map(bytes).sum();
    }

    fn advance(&mut self) {
        while let Some((place, at_ms)) = self.earliest().filter(|_| !self.own_missing) {
            let is_told =
                |side: &Side| !side.queue.is_empty() || side.silent || side.up_to_ms >= at_ms;
            if !self.sides.iter().all(is_told) && !self.is_overfull() {
                break;
            }
            let (peer, entry) = match place {
                None => (None, self.own.pop_front()),
                Some(index) => match self.sides.get_mut(index) {
                    Some(side) => (Some(side.peer.clone()), side.queue.pop_front()),
                    None => break,
                },
            };
            let Some(entry) = entry else {
                break;
            };
            if peer.is_some() {
                self.queued_bytes = self.queued_bytes.saturating_sub(bytes(&entry));
            }
            self.append(peer, entry);
        }
    }

    /// Whose next entry is the earliest, and its time; our own of several.
    fn earliest(&self) -> Option<(Option<usize>, f64)> {
        let own = self.own.front().map(|entry| (None, entry.at_ms));
        let others = self.sides.iter().enumerate().filter_map(|(index, side)| {
            let entry = side.queue.front()?;
            Some((Some(index), entry.at_ms))
        });
        own.into_iter()
            .chain(others)
            .reduce(|one, other| if other.1 < one.1 { other } else { one })
    }

    /// Whether more waits than there may be.
    fn is_overfull(&self) -> bool {
        let queued: usize = self.sides.iter().map(|side| side.queue.len()).sum();
        queued + self.own.len() > Self::CAPACITY || self.queued_bytes > Self::PAYLOAD_BYTES
    }

    fn append(&mut self, peer: Option<Arc<str>>, entry: Entry) {
        let entry = Entry {
            id: self.next_id,
            ..entry
        };
        self.next_id += 1;
        self.list_bytes += bytes(&entry);
        self.list.push_back((peer, entry));
        while self.list.len() > Self::CAPACITY || self.list_bytes > Self::PAYLOAD_BYTES {
            let Some((peer, oldest)) = self.list.pop_front() else {
                break;
            };
            let mut sides = self.sides.iter_mut();
            if let Some(side) = sides.find(|side| Some(&side.peer) == peer.as_ref()) {
                side.forgotten += 1;
            }
            self.list_bytes -= bytes(&oldest);
        }
    }
}

/// The same with the number that its connection has here; `None` where it has none.
fn numbered(entry: Entry, shown: impl FnOnce(u32) -> Option<u32>) -> Option<Entry> {
    let Some(of) = &entry.connection else {
        return Some(entry);
    };
    let connection = Some(ConnectionRef {
        number: shown(of.number)?,
        to: of.to.clone(),
    });
    Some(Entry {
        connection,
        ..entry
    })
}

/// About what an entry takes.
pub(super) fn bytes(entry: &Entry) -> usize {
    let texts = entry.name.len() + entry.detail.size() + entry.source.file.len();
    let payload = entry.payload.as_ref().map_or(0, |payload| payload.size());
    size_of::<Entry>() + texts + payload
}
