//! What is replaced before a recording is given away, and by what.
//!
//! Nothing is looked for in texts. A value is replaced because of where it stands: as a
//! [private value](Private) of a detail, in a member of a message or of statistics, in an attribute of
//! a description. What stands anywhere else is kept if this program wrote it or if it is made of words
//! of the [allow-list](allow_list), and is replaced as a whole if not.

mod addresses;
mod allow_list;
mod description;
mod fields;
pub(super) mod placeholder;
mod placeholders;
mod roles;

use std::borrow::Cow;
use std::sync::Arc;

use super::{Recording, Sample};
use crate::inspection::machines::Machine;
use crate::trace::vocabulary::Reporter;
use crate::trace::{ConnectionRef, Detail, Entry, Kind, Payload, Piece, Private, Source, Value};
use fields::{Scope, fields};
use placeholders::Placeholders;
use roles::Role;

pub(super) fn redact(recording: &Recording) -> Recording {
    let mut placeholders = Placeholders::asking();
    // Once to learn what there is to replace: only then is it known which placeholders are free.
    redacted(recording, &mut placeholders);
    placeholders.give_all();
    redacted(recording, &mut placeholders)
}

fn redacted(recording: &Recording, placeholders: &mut Placeholders) -> Recording {
    let entries = recording.entries.iter();
    let entries = entries.map(|of| entry(of, placeholders)).collect();
    let samples = recording.samples.iter().map(|sample| {
        take_all(&sample.stats, placeholders);
        Sample {
            stats: fields(&sample.stats, Scope::Statistics, placeholders),
            ..*sample
        }
    });
    Recording {
        entries,
        samples: samples.collect(),
        redacted: true,
        left_out: recording.left_out,
    }
}

fn entry(entry: &Entry, placeholders: &mut Placeholders) -> Entry {
    take_words(entry, placeholders);
    let payload = entry.payload.as_deref();
    let connection = entry.connection.as_ref();
    Entry {
        id: entry.id,
        at_ms: entry.at_ms,
        peer: reporter(&entry.peer, roles::peer(entry), placeholders),
        kind: entry.kind,
        name: match &entry.name {
            Cow::Owned(name) if !allow_list::knows_name(name) => {
                Cow::Owned(placeholders.of("text", name))
            }
            name => name.clone(),
        },
        detail: match is_state(entry) {
            true => entry.detail.clone(),
            false => detail(&entry.detail, placeholders),
        },
        source: source(&entry.source, placeholders),
        connection: connection.map(|of| ConnectionRef {
            number: of.number,
            to: of
                .to
                .as_ref()
                .map(|to| reporter(to, roles::to(entry, to), placeholders)),
        }),
        payload: payload.map(|of| Arc::new(self::payload(of, entry, placeholders))),
    }
}

/// Whether its detail is a state of a connection, in the standard's words.
fn is_state(entry: &Entry) -> bool {
    let machine = Machine::of(entry).filter(|_| entry.kind == Kind::State);
    machine.is_some_and(|machine| machine.state(&entry.detail.text()).is_some())
}

fn reporter(name: &str, role: Role, placeholders: &mut Placeholders) -> Arc<str> {
    let as_it_is = || name.to_owned();
    Arc::from(match role {
        Role::Part => as_it_is(),
        Role::Person => placeholders.of("peer", name),
        Role::Either => placeholders.of_id(name).unwrap_or_else(as_it_is),
        Role::Unknown => match (placeholders.of_id(name), Reporter::named(name)) {
            (Some(id), _) => id,
            (None, Reporter::Actor(_)) => as_it_is(),
            (None, _) => placeholders.of("peer", name),
        },
    })
}

fn detail(detail: &Detail, placeholders: &mut Placeholders) -> Detail {
    let pieces = detail.pieces().iter();
    let pieces = pieces.map(|piece| match piece {
        Piece::Text(Cow::Owned(of)) => Piece::from(text(of, placeholders)),
        Piece::Value(of) => Piece::Value(Value {
            what: of.what,
            text: value(of, placeholders),
        }),
        piece => piece.clone(),
    });
    pieces.collect()
}

fn value(of: &Value, placeholders: &mut Placeholders) -> String {
    let text = &*of.text;
    match of.what {
        Private::Peer => match placeholders.of_id(text) {
            Some(id) => id,
            None if roles::is_own(text) => text.to_owned(),
            None => placeholders.of("peer", text),
        },
        Private::Name => placeholders.of("name", text),
        Private::Room => placeholders.of("room", text),
        Private::RoomKey => placeholders.of("room", &addresses::decoded(text)),
        Private::Device => placeholders.of("device", text),
        Private::Url => addresses::url(text, placeholders),
        Private::Host => addresses::host(text, placeholders),
        Private::Address => addresses::address(text, placeholders),
        Private::Candidate => description::candidate(text, placeholders),
        Private::Token => placeholders.of("token", text),
        Private::Fingerprint => description::fingerprint(text, placeholders),
        Private::Label => fields::label(text, placeholders),
        Private::Id => placeholders.of("id", text),
    }
}

/// What came from elsewhere: a browser, or the author of a file.
fn text(of: &str, placeholders: &mut Placeholders) -> String {
    // As long as names are learned nobody knows whether it has one.
    if placeholders.is_asking() {
        return of.to_owned();
    }
    if of.starts_with("candidate:") && crate::sdp::candidate::Candidate::parse(of).is_ok() {
        return description::candidate(of, placeholders);
    }
    match allow_list::knows(of) && !placeholders.names(of) {
        true => of.to_owned(),
        false => placeholders.of("text", of),
    }
}

/// A file of this site. Another browser and a file may say anything.
fn source(source: &Source, placeholders: &mut Placeholders) -> Source {
    let file = match &source.file {
        Cow::Owned(file) if !allow_list::knows_name(file) => {
            Cow::Owned(placeholders.of("file", file))
        }
        file => file.clone(),
    };
    Source { file, ..*source }
}

fn payload(payload: &Payload, entry: &Entry, placeholders: &mut Placeholders) -> Payload {
    let mut payload = payload.clone();
    match &mut payload {
        Payload::Description {
            description: of, ..
        } => {
            of.sdp = description::description(&of.sdp, placeholders);
        }
        Payload::Candidate { candidate: of, .. } => {
            of.candidate = description::candidate(&of.candidate, placeholders);
            of.sdp_mid = of
                .sdp_mid
                .as_ref()
                .map(|mid| description::mid(mid, placeholders));
            let ufrag = of.username_fragment.as_ref();
            of.username_fragment = ufrag.map(|ufrag| placeholders.of("ufrag", ufrag));
        }
        Payload::Signal { other, message, .. } => {
            if let Some(other) = other {
                let role = roles::other(entry, other);
                *other = reporter(other, role, placeholders).to_string();
            }
            *message = fields(message, Scope::Message, placeholders);
        }
        Payload::Value { value } => *value = fields(value, Scope::Options, placeholders),
    }
    payload
}

/// Notes what looks like a placeholder in any text of an entry.
fn take_words(entry: &Entry, placeholders: &mut Placeholders) {
    if !placeholders.is_asking() {
        return;
    }
    placeholders.take(&entry.peer);
    placeholders.take(&entry.detail.text());
    if let Some(to) = entry.connection.as_ref().and_then(|of| of.to.as_deref()) {
        placeholders.take(to);
    }
    match entry.payload.as_deref() {
        Some(Payload::Description { description, .. }) => placeholders.take(&description.sdp),
        Some(Payload::Candidate { candidate, .. }) => placeholders.take(&candidate.candidate),
        Some(Payload::Signal { other, message, .. }) => {
            placeholders.take(other.as_deref().unwrap_or_default());
            take_all(message, placeholders);
        }
        Some(Payload::Value { value }) => take_all(value, placeholders),
        None => {}
    }
}

fn take_all(value: &serde_json::Value, placeholders: &mut Placeholders) {
    if !placeholders.is_asking() {
        return;
    }
    match value {
        serde_json::Value::String(text) => placeholders.take(text),
        serde_json::Value::Array(values) => {
            values
                .iter()
                .for_each(|value| take_all(value, placeholders));
        }
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                placeholders.take(key);
                take_all(value, placeholders);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
