//! What happened, when, on which peer, and which line of this program did it.
//!
//! Every adapter reports here: calls it makes, events it receives, states that change, signals
//! that go out and come in, errors. The event log and the inspector show it, and tests read it.
//! Pure: the time comes from the clock that the owner hands in, and nothing here knows a browser
//! or a view.

mod detail;
mod life;
mod payload;
#[cfg(test)]
mod tests;
pub mod vocabulary;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;
use std::panic::Location;
use std::rc::Rc;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub(crate) use detail::detail;
pub(crate) use detail::{Detail, Piece, Private, Value};
pub(crate) use life::TraceRef;
pub(crate) use payload::Direction;
pub(crate) use payload::size_of;
pub use payload::{Payload, Side};
use vocabulary::Reporter;

/// What sort of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    pub(crate) const ALL: [Self; 5] = [
        Self::Call,
        Self::Event,
        Self::State,
        Self::Signal,
        Self::Error,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Event => "event",
            Self::State => "state",
            Self::Signal => "signal",
            Self::Error => "error",
        }
    }
}

/// The line that reported an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Source {
    /// As in the repository: `src/rtc/peer_connection.rs`.
    pub(crate) file: Cow<'static, str>,
    pub(crate) line: u32,
}

/// Which `RTCPeerConnection` an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ConnectionRef {
    /// Counts up from 1 within one trace.
    pub number: u32,
    /// Whom it leads to, where that is known. Where it is the entry's own peer, that names the
    /// other end of a connection of this page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Arc<str>>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Counts up from 0 within one trace and is never used again.
    pub(crate) id: u64,
    /// Milliseconds since the trace began.
    pub(crate) at_ms: f64,
    /// Which peer, or which part of the page.
    pub peer: Arc<str>,
    pub kind: Kind,
    /// The standard's own name: a method, an event, an attribute.
    pub name: Cow<'static, str>,
    /// A short text for people; may be empty.
    #[serde(default, skip_serializing_if = "Detail::is_empty")]
    pub detail: Detail,
    pub(crate) source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Arc<Payload>>,
}

#[derive(Default)]
struct Log {
    entries: VecDeque<Entry>,
    next_id: u64,
    connections: u32,
    /// Of the payloads of the entries.
    payload_bytes: usize,
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
    pub const CAPACITY: usize = 10_000;

    /// … and so many bytes of payloads.
    pub(crate) const PAYLOAD_BYTES: usize = 16 * 1024 * 1024;

    /// `clock` gives milliseconds that never go back.
    pub fn new(clock: impl Fn() -> f64 + 'static) -> Self {
        let began_ms = clock();
        Self(Rc::new(Shared {
            log: RefCell::default(),
            observer: RefCell::new(None),
            clock: Box::new(clock),
            began_ms,
        }))
    }

    /// A reporter for one peer, or for one part of the page.
    pub fn tracer<'a>(&self, reporter: impl Into<Reporter<'a>>) -> Tracer {
        Tracer {
            trace: self.clone(),
            peer: Arc::from(reporter.into().as_str()),
            connection: None,
            to: None,
            payload: None,
        }
    }

    /// Calls `observer` after each new entry, in place of any earlier observer. It may read the
    /// trace and may report to it.
    pub(crate) fn observe(&self, observer: impl Fn(&Entry) + 'static) {
        *self.0.observer.borrow_mut() = Some(Rc::new(observer));
    }

    /// The kept entries, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.0.log.borrow().entries.iter().cloned().collect()
    }

    /// The ids of the kept entries; they have no gaps.
    pub fn ids(&self) -> Range<u64> {
        let log = self.0.log.borrow();
        log.next_id - log.entries.len() as u64..log.next_id
    }

    /// Shows each kept entry of these ids, oldest first. What is called must not come back to this
    /// trace.
    pub fn each(&self, ids: Range<u64>, mut f: impl FnMut(&Entry)) {
        let kept = self.ids();
        let (start, end) = (ids.start.max(kept.start), ids.end.min(kept.end));
        let skipped = usize::try_from(start - kept.start).unwrap_or(usize::MAX);
        let count = usize::try_from(end.saturating_sub(start)).unwrap_or(0);
        let log = self.0.log.borrow();
        log.entries
            .iter()
            .skip(skipped)
            .take(count)
            .for_each(&mut f);
    }

    /// Milliseconds since the trace began.
    pub(crate) fn now_ms(&self) -> f64 {
        (self.0.clock)() - self.0.began_ms
    }

    /// What the clock says when the trace is so old.
    pub(crate) fn clock_at(&self, at_ms: f64) -> f64 {
        self.0.began_ms + at_ms
    }

    fn record(&self, entry: Entry) {
        let entry = {
            let mut log = self.0.log.borrow_mut();
            let entry = Entry {
                id: log.next_id,
                ..entry
            };
            log.next_id += 1;
            log.payload_bytes += payload_size(&entry);
            log.entries.push_back(entry.clone());
            while log.entries.len() > Self::CAPACITY || log.payload_bytes > Self::PAYLOAD_BYTES {
                let Some(oldest) = log.entries.pop_front() else {
                    break;
                };
                log.payload_bytes -= payload_size(&oldest);
            }
            entry
        };
        // Neither cell is borrowed while the observer runs: it may come back to this trace.
        let observer = self.0.observer.borrow().clone();
        if let Some(observer) = observer {
            observer(&entry);
        }
    }
}

fn payload_size(entry: &Entry) -> usize {
    entry.payload.as_ref().map_or(0, |payload| payload.size())
}

/// Reports what one peer does. Each entry names the line that called one of these methods.
#[derive(Clone)]
pub struct Tracer {
    trace: Trace,
    peer: Arc<str>,
    connection: Option<ConnectionRef>,
    to: Option<Arc<str>>,
    payload: Option<Arc<Payload>>,
}

impl Tracer {
    /// The peer whose deeds these are.
    pub(crate) fn peer(&self) -> &str {
        &self.peer
    }

    /// The same reporter, whose connections lead to `other`.
    pub fn toward(&self, other: &str) -> Self {
        Self {
            to: Some(Arc::from(other)),
            ..self.clone()
        }
    }

    /// A reporter for one new `RTCPeerConnection`.
    pub fn for_connection(&self) -> Self {
        let number = {
            let mut log = self.trace.0.log.borrow_mut();
            log.connections += 1;
            log.connections
        };
        let connection = ConnectionRef {
            number,
            to: self.to.clone(),
        };
        Self {
            connection: Some(connection),
            ..self.clone()
        }
    }

    /// Which connection it reports about.
    pub(crate) fn connection(&self) -> Option<&ConnectionRef> {
        self.connection.as_ref()
    }

    /// The same reporter for one entry that has a payload.
    pub fn with(&self, payload: Payload) -> Self {
        Self {
            payload: Some(Arc::new(payload)),
            ..self.clone()
        }
    }

    #[track_caller]
    pub fn call(&self, name: impl Into<Cow<'static, str>>, detail: impl Into<Detail>) {
        self.record(Kind::Call, name, detail);
    }

    #[track_caller]
    pub fn event(&self, name: impl Into<Cow<'static, str>>, detail: impl Into<Detail>) {
        self.record(Kind::Event, name, detail);
    }

    #[track_caller]
    pub fn state(&self, name: impl Into<Cow<'static, str>>, detail: impl Into<Detail>) {
        self.record(Kind::State, name, detail);
    }

    #[track_caller]
    pub(crate) fn signal(&self, name: impl Into<Cow<'static, str>>, detail: impl Into<Detail>) {
        self.record(Kind::Signal, name, detail);
    }

    #[track_caller]
    pub(crate) fn error(&self, name: impl Into<Cow<'static, str>>, detail: impl Into<Detail>) {
        self.record(Kind::Error, name, detail);
    }

    #[track_caller]
    fn record(&self, kind: Kind, name: impl Into<Cow<'static, str>>, detail: impl Into<Detail>) {
        let caller = Location::caller();
        self.trace.record(Entry {
            id: 0,
            at_ms: self.trace.now_ms(),
            peer: self.peer.clone(),
            kind,
            name: name.into(),
            detail: detail.into(),
            source: Source {
                file: Cow::Borrowed(caller.file()),
                line: caller.line(),
            },
            connection: self.connection.clone(),
            payload: self.payload.clone(),
        });
    }
}
