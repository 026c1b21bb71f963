//! What happened, when, and on which peer.
//!
//! Every adapter reports here: calls it makes, events it receives, states that change, signals
//! that go out and come in, errors. The event log shows it and tests read it. Pure: the time
//! comes from the clock that the owner hands in, and nothing here knows a browser or a view.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// What sort of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A method was called.
    Call,
    /// An event was fired.
    Event,
    /// A state has a new value.
    State,
    /// A signaling message went out or came in.
    Signal,
    /// Something failed.
    Error,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Event => "event",
            Self::State => "state",
            Self::Signal => "signal",
            Self::Error => "error",
        }
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Counts up from 0 within one trace and is never used again.
    pub id: u64,
    /// Milliseconds since the trace began.
    pub at_ms: f64,
    /// Which peer, or which part of the page.
    pub peer: Arc<str>,
    pub kind: Kind,
    /// The standard's own name: a method, an event, an attribute.
    pub name: Cow<'static, str>,
    /// A short text for people; may be empty.
    pub detail: String,
}

struct Log {
    entries: VecDeque<Entry>,
    next_id: u64,
}

type Observer = Rc<dyn Fn(&Entry)>;

struct Shared {
    log: RefCell<Log>,
    observer: RefCell<Option<Observer>>,
    clock: Box<dyn Fn() -> f64>,
    began_ms: f64,
}

/// A page's trace: the newest [`Trace::CAPACITY`] entries. Clones share one log.
#[derive(Clone)]
pub struct Trace(Rc<Shared>);

impl Trace {
    /// How many entries are kept; the oldest go first.
    pub const CAPACITY: usize = 2_000;

    /// `clock` gives milliseconds that never go back.
    pub fn new(clock: impl Fn() -> f64 + 'static) -> Self {
        let began_ms = clock();
        Self(Rc::new(Shared {
            log: RefCell::new(Log {
                entries: VecDeque::new(),
                next_id: 0,
            }),
            observer: RefCell::new(None),
            clock: Box::new(clock),
            began_ms,
        }))
    }

    /// A reporter for one peer.
    pub fn tracer(&self, peer: &str) -> Tracer {
        Tracer {
            trace: self.clone(),
            peer: Arc::from(peer),
        }
    }

    /// Calls `observer` after each new entry, in place of any earlier observer. It may read the
    /// trace and may report to it.
    pub fn observe(&self, observer: impl Fn(&Entry) + 'static) {
        *self.0.observer.borrow_mut() = Some(Rc::new(observer));
    }

    /// The kept entries, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.newest(Self::CAPACITY)
    }

    /// The newest `count` of the kept entries, oldest first.
    pub fn newest(&self, count: usize) -> Vec<Entry> {
        let entries = &self.0.log.borrow().entries;
        let skipped = entries.len().saturating_sub(count);
        entries.iter().skip(skipped).cloned().collect()
    }

    /// Forgets the entries; ids and time go on.
    pub fn clear(&self) {
        self.0.log.borrow_mut().entries.clear();
    }

    fn record(&self, peer: &Arc<str>, kind: Kind, name: Cow<'static, str>, detail: String) {
        let entry = {
            let mut log = self.0.log.borrow_mut();
            let entry = Entry {
                id: log.next_id,
                at_ms: (self.0.clock)() - self.0.began_ms,
                peer: peer.clone(),
                kind,
                name,
                detail,
            };
            log.next_id += 1;
            if log.entries.len() == Self::CAPACITY {
                log.entries.pop_front();
            }
            log.entries.push_back(entry.clone());
            entry
        };
        // Neither cell is borrowed while the observer runs: it may come back to this trace.
        let observer = self.0.observer.borrow().clone();
        if let Some(observer) = observer {
            observer(&entry);
        }
    }
}

/// Reports what one peer does.
#[derive(Clone)]
pub struct Tracer {
    trace: Trace,
    peer: Arc<str>,
}

impl Tracer {
    /// The peer whose deeds these are.
    pub fn peer(&self) -> &str {
        &self.peer
    }

    pub fn call(&self, name: impl Into<Cow<'static, str>>, detail: impl Into<String>) {
        self.record(Kind::Call, name, detail);
    }

    pub fn event(&self, name: impl Into<Cow<'static, str>>, detail: impl Into<String>) {
        self.record(Kind::Event, name, detail);
    }

    pub fn state(&self, name: impl Into<Cow<'static, str>>, detail: impl Into<String>) {
        self.record(Kind::State, name, detail);
    }

    pub fn signal(&self, name: impl Into<Cow<'static, str>>, detail: impl Into<String>) {
        self.record(Kind::Signal, name, detail);
    }

    pub fn error(&self, name: impl Into<Cow<'static, str>>, detail: impl Into<String>) {
        self.record(Kind::Error, name, detail);
    }

    fn record(&self, kind: Kind, name: impl Into<Cow<'static, str>>, detail: impl Into<String>) {
        self.trace
            .record(&self.peer, kind, name.into(), detail.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn stepping_trace() -> Trace {
        let now = Cell::new(90.0);
        Trace::new(move || {
            now.set(now.get() + 10.0);
            now.get()
        })
    }

    #[test]
    fn entries_carry_time_since_the_beginning_and_their_peer() {
        let trace = stepping_trace();
        trace.tracer("localPeer").call("createOffer", "");
        trace.tracer("remotePeer").event("track", "video");
        let entries = trace.entries();
        assert_eq!(
            entries
                .iter()
                .map(|e| (e.id, e.at_ms, &*e.peer))
                .collect::<Vec<_>>(),
            [(0, 10.0, "localPeer"), (1, 20.0, "remotePeer")]
        );
    }

    #[test]
    fn the_oldest_entries_go_first() {
        let trace = stepping_trace();
        let tracer = trace.tracer("p");
        for _ in 0..Trace::CAPACITY + 3 {
            tracer.event("e", "");
        }
        let entries = trace.entries();
        assert_eq!(entries.len(), Trace::CAPACITY);
        assert_eq!(entries[0].id, 3);
    }

    #[test]
    fn an_observer_sees_each_entry_and_may_report_itself() {
        let trace = stepping_trace();
        let seen = Rc::new(RefCell::new(Vec::new()));
        let (log, again) = (seen.clone(), trace.tracer("observer"));
        trace.observe(move |entry| {
            log.borrow_mut().push(entry.id);
            if &*entry.peer != "observer" {
                again.event("seen", "");
            }
        });
        trace.tracer("p").state("signalingState", "stable");
        assert_eq!(*seen.borrow(), [0, 1]);
    }

    #[test]
    fn clearing_keeps_ids_unique() {
        let trace = stepping_trace();
        trace.tracer("p").event("a", "");
        trace.clear();
        trace.tracer("p").event("b", "");
        assert_eq!(trace.entries()[0].id, 1);
    }
}
