//! What others have written to us, each message taken once. Pure.
//!
//! Follows the events of the stream on our inbox, which may begin anew at any time and then shows
//! everything again that lies there; knows what is to be removed because it was read.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};
use signaling_protocol::PeerId;
use signaling_protocol::database::{Message, Record};

/// One change below the place that a stream shows.
/// <https://firebase.google.com/docs/reference/rest/database#section-streaming>
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    pub(super) how: How,
    /// From the place that is shown; it begins with a slash.
    pub(super) path: String,
    pub(super) data: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// All that is at the path is this now.
    Put,
    /// Each of these is so now, the others are as they were.
    Patch,
}

/// Where a message lies in the inbox.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    pub(super) from: PeerId,
    pub(super) id: String,
}

impl Slot {
    fn place(&self) -> [&str; 2] {
        [self.from.as_str(), self.id.as_str()]
    }
}

/// Something that happened to the inbox.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum News {
    /// It lies there, perhaps since long ago.
    There(Slot, Record),
    /// It has not been taken before.
    Message(PeerId, Message),
    /// … and nobody can read it.
    Unreadable(PeerId, String),
    Gone(Slot),
}

/// So many messages are removed at once.
const REMOVE_AT_ONCE: usize = 200;

#[derive(Debug, Default)]
pub(super) struct Inbox {
    /// The greatest id taken, by sender: ids grow.
    taken: BTreeMap<PeerId, String>,
    lying: BTreeSet<Slot>,
    /// Of what lies there, what is being removed, until the stream says that it is gone: the same
    /// message may be written once more in between.
    removing: BTreeSet<Slot>,
    under_way: bool,
    /// Whether what was read is left in the database.
    pub(super) keep: bool,
}

impl Inbox {
    /// A new connection: what was being removed may not have been.
    pub(super) fn begin(&mut self) {
        self.removing.clear();
        self.under_way = false;
    }

    pub(super) fn handle_change(&mut self, change: &Change) -> Vec<News> {
        let mut news = Vec::new();
        if change.how == How::Put && keys(&change.path).is_empty() {
            // The stream began anew; what it did not tell meanwhile is not known.
            self.removing.clear();
        }
        match (change.how, &change.data) {
            (How::Put, data) => self.put(&keys(&change.path), data, &mut news),
            (How::Patch, Value::Object(parts)) => {
                let base = keys(&change.path);
                for (path, data) in parts {
                    let path: Vec<_> = base.iter().copied().chain(keys(path)).collect();
                    self.put(&path, data, &mut news);
                }
            }
            (How::Patch, _) => {}
        }
        // Of different senders, the older first.
        let mut there: Vec<_> = news
            .iter()
            .filter_map(|news| match news {
                News::There(slot, record) => Some((slot.clone(), record.clone())),
                _ => None,
            })
            .collect();
        there.sort_by(|(one, _), (other, _)| one.id.cmp(&other.id));
        let taken = there
            .iter()
            .filter_map(|(slot, record)| self.take(slot, record));
        news.extend(taken.collect::<Vec<_>>());
        news
    }

    /// What to write at the inbox to remove what was read: a path and a null for each.
    pub(super) fn poll_removal(&mut self) -> Option<Value> {
        if self.under_way || self.keep {
            return None;
        }
        let slots = self.lying.difference(&self.removing).take(REMOVE_AT_ONCE);
        let slots: Vec<_> = slots.cloned().collect();
        let nulls = slots
            .iter()
            .map(|slot| (slot.place().join("/"), Value::Null));
        let nulls: Map<_, _> = nulls.collect();
        self.under_way = !nulls.is_empty();
        self.removing.extend(slots);
        self.under_way.then_some(Value::Object(nulls))
    }

    pub(super) fn handle_removed(&mut self) {
        self.under_way = false;
    }

    fn put(&mut self, path: &[&str], data: &Value, news: &mut Vec<News>) {
        // What lay at this place and does not lie there now is gone.
        let gone = |slot: &Slot| {
            let place = slot.place();
            let there = |rest: &[&str]| {
                let mut keys = rest.iter();
                let found = keys.try_fold(data, |data, key| data.get(key));
                found.is_some_and(|found| !found.is_null())
            };
            place.strip_prefix(path).is_some_and(|rest| !there(rest))
        };
        let gone: Vec<_> = self
            .lying
            .iter()
            .filter(|slot| gone(slot))
            .cloned()
            .collect();
        for slot in gone {
            self.lying.remove(&slot);
            self.removing.remove(&slot);
            news.push(News::Gone(slot));
        }
        match (path, data) {
            ([] | [_], Value::Object(children)) => {
                for (key, child) in children {
                    let path: Vec<_> = path.iter().copied().chain([key.as_str()]).collect();
                    self.put(&path, child, news);
                }
            }
            ([from, id], Value::Object(_)) => {
                let slot = Slot {
                    from: PeerId::new(*from),
                    id: (*id).to_owned(),
                };
                match Record::deserialize(data) {
                    Ok(record) => news.push(News::There(slot.clone(), record)),
                    Err(error) => {
                        news.push(News::Unreadable(slot.from.clone(), error.to_string()));
                    }
                }
                self.lying.insert(slot);
            }
            // No way of writing that we know leads here.
            _ => {}
        }
    }

    /// The message, unless it was taken before.
    fn take(&mut self, slot: &Slot, record: &Record) -> Option<News> {
        let taken = self.taken.get(&slot.from);
        if taken.is_some_and(|taken| *taken >= slot.id) {
            return None;
        }
        self.taken.insert(slot.from.clone(), slot.id.clone());
        let from = slot.from.clone();
        Some(match serde_json::from_str(&record.message) {
            Ok(message) => News::Message(from, message),
            Err(error) => News::Unreadable(from, error.to_string()),
        })
    }
}

fn keys(path: &str) -> Vec<&str> {
    path.split('/').filter(|key| !key.is_empty()).collect()
}
