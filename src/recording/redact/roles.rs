//! What a name in an entry is of: by its place, because people may be called as parts of the page
//! are.

use crate::trace::vocabulary::{InPagePeer, PAGE, Reporter};
use crate::trace::{Entry, Payload};

/// What has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A person: it is an id.
    Person,
    /// A part of the page, or one of two peers in it.
    Part,
    /// One of both: other entries tell whether it is an id.
    Either,
    /// The place does not say.
    Unknown,
}

/// Of [`Entry::peer`].
pub(super) fn peer(entry: &Entry) -> Role {
    match leads_to(entry) {
        Some(to) if is_pair(&entry.peer, to) => Role::Part,
        Some(_) => Role::Person,
        // Role signals go to and come from this page is somewhere else. But a peer may have the
        // id `page`, and another one `call`.
        None => match (is_own(&entry.peer), signals_with(entry) == Some(PAGE)) {
            (true, false) => Role::Part,
            (false, true) => Role::Person,
            (true, true) => Role::Either,
            (false, false) => Role::Unknown,
        },
    }
}

/// Of the name to which the entry's connection leads.
pub(super) fn to(entry: &Entry, name: &str) -> Role {
    let is_page = name == PAGE && &*entry.peer != PAGE;
    match is_page || is_pair(&entry.peer, name) {
        true => Role::Part,
        false => Role::Person,
    }
}

/// Of the name with which the entry's signal was exchanged.
pub(super) fn other(entry: &Entry, name: &str) -> Role {
    match leads_to(entry) {
        Some(_) => to(entry, name),
        None if name != PAGE => Role::Person,
        None if is_own(&entry.peer) => Role::Either,
        None => Role::Part,
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
    InPagePeer::ALL
        .into_iter()
        .any(|of| (of.as_str(), of.other().as_str()) == (one, other))
}

/// Whether something of the page reports under this name.
pub(super) fn is_own(name: &str) -> bool {
    matches!(
        Reporter::named(name),
        Reporter::Part(_) | Reporter::InPagePeer(_)
    )
}
