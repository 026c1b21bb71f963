//! Whose name stands in an entry: by its place, because people may be called as parts of the page
//! are.

use crate::inspection::ladder::PAGE;
use crate::trace::{Entry, Payload};

/// What reports without a connection to somebody.
const PARTS: [&str; 6] = [
    PAGE,
    "call",
    "speaker",
    "signaling",
    LOCAL_PEER,
    REMOTE_PEER,
];

/// Both ends of a connection within one page.
const LOCAL_PEER: &str = "localPeer";
const REMOTE_PEER: &str = "remotePeer";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Somebody's id.
    Person,
    /// A part of the page, or one of the two ends in it.
    Part,
    /// One of both: other entries tell whether it is somebody's id.
    Either,
    /// The place does not say.
    Unknown,
}

/// Each name of an end in the entry.
pub(super) fn all(entry: &Entry) -> impl Iterator<Item = (&str, Whose)> {
    let to = leads_to(entry).map(|name| (name, to(entry, name)));
    let other = signals_with(entry).map(|name| (name, other(entry, name)));
    let peer = (&*entry.peer, peer(entry));
    std::iter::once(peer).chain(to).chain(other)
}

/// Of [`Entry::peer`].
pub(super) fn peer(entry: &Entry) -> Whose {
    let is_part = PARTS.contains(&&*entry.peer);
    match leads_to(entry) {
        Some(to) if is_pair(&entry.peer, to) => Whose::Part,
        Some(_) => Whose::Person,
        // Whose signals go to and come from this page is somewhere else. But somebody may have the
        // id `page`, and somebody else `call`.
        None => match (is_part, signals_with(entry) == Some(PAGE)) {
            (true, false) => Whose::Part,
            (false, true) => Whose::Person,
            (true, true) => Whose::Either,
            (false, false) => Whose::Unknown,
        },
    }
}

/// Of the name to which the entry's connection leads.
pub(super) fn to(entry: &Entry, name: &str) -> Whose {
    let is_page = name == PAGE && &*entry.peer != PAGE;
    match is_page || is_pair(&entry.peer, name) {
        true => Whose::Part,
        false => Whose::Person,
    }
}

/// Of the name with which the entry's signal was exchanged.
pub(super) fn other(entry: &Entry, name: &str) -> Whose {
    match leads_to(entry) {
        Some(_) => to(entry, name),
        None if name != PAGE => Whose::Person,
        None if PARTS.contains(&&*entry.peer) => Whose::Either,
        None => Whose::Part,
    }
}

fn leads_to(entry: &Entry) -> Option<&str> {
    entry.connection.as_ref()?.to.as_deref()
}

fn signals_with(entry: &Entry) -> Option<&str> {
    match entry.payload.as_deref()? {
        Payload::Signal { other, .. } => other.as_deref(),
        _ => None,
    }
}

fn is_pair(one: &str, other: &str) -> bool {
    [(LOCAL_PEER, REMOTE_PEER), (REMOTE_PEER, LOCAL_PEER)].contains(&(one, other))
}
