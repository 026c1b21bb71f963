//! What is replaced before a recording is given away, and by what.
//!
//! First everything is looked through for values that their place gives away: a password in a line
//! of SDP, an identifier in a field of a message. Then every text is looked through word by word
//! for those values, and for what looks like an address or a fingerprint. In descriptions,
//! candidates and statistics a value is replaced only at such a place: it may be any word of a
//! protocol, too, because people chose it, as the name of a room, or the other end did, as its ufrag.

mod found;
mod known;
pub(super) mod placeholder;
mod secrets;
mod whose;
mod words;

use std::sync::Arc;

use serde_json::Value;

use super::{Recording, Sample};
use crate::inspection::machines::Machine;
use crate::trace::{ConnectionRef, Entry, Kind, Payload};
use known::Known;
use whose::Whose;
pub(crate) use words::whole_words;

/// What a field of a message or of statistics holds, by its key.
fn class_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "usernameFragment" | "ufrag" | "iceLocalUsernameFragment" => "ufrag",
        "password" | "pwd" | "credential" | "username" => "secret",
        "base64Certificate" => "certificate",
        "trackIdentifier" => "track",
        "streamIdentifier" => "stream",
        "foundation" => "foundation",
        "token" => "token",
        "room" => "room",
        "name" => "name",
        "peerId" | "from" | "to" => "peer",
        "connection" | "remoteConnection" => "connection",
        _ => return None,
    })
}

/// Whether it is a field of the messages that the page reads, see `signaling_protocol`; the others
/// may be somebody's id.
fn is_field(key: &str) -> bool {
    class_of(key).is_some()
        || [
            "type",
            "peers",
            "description",
            "candidate",
            "sdp",
            "signal",
            "state",
        ]
        .contains(&key)
}

/// Whether its detail is a state of a connection, in the standard's words.
fn is_state(entry: &Entry) -> bool {
    let machine = Machine::of(entry).filter(|_| entry.kind == Kind::State);
    machine.is_some_and(|machine| machine.state(&entry.detail).is_some())
}

/// What a text is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    People,
    /// Descriptions, candidates, statistics.
    Protocol,
}

/// The fields of a message that are written in the words of a protocol.
fn scope_of(key: &str, around: Scope) -> Scope {
    match key {
        "sdp" | "candidate" | "type" => Scope::Protocol,
        _ => around,
    }
}

pub(super) fn redact(recording: &Recording) -> Recording {
    let mut redactor = Redactor::default();
    for entry in &recording.entries {
        redactor.learn_entry(entry);
    }
    for sample in &recording.samples {
        redactor.learn_value(&sample.stats, Scope::Protocol, false);
    }
    redactor.known.name_all();
    let entries = recording.entries.iter();
    let entries = entries.map(|entry| redactor.entry(entry)).collect();
    let samples = recording.samples.iter().map(|sample| Sample {
        stats: redactor.value(&sample.stats, Scope::Protocol),
        ..sample.clone()
    });
    let samples = samples.collect();
    Recording {
        entries,
        samples,
        redacted: true,
        left_out: recording.left_out,
    }
}

#[derive(Default)]
struct Redactor {
    known: Known,
}

impl Redactor {
    fn learn_entry(&mut self, entry: &Entry) {
        for (name, whose) in whose::all(entry) {
            match whose {
                Whose::Person => self.known.learn("peer", name, Scope::People),
                _ => self.known.take(name),
            }
        }
        // The detail is the device's name.
        if entry.kind == Kind::Event && entry.name.ends_with(" track") {
            self.known.learn("device", &entry.detail, Scope::People);
        }
        self.learn_text(&entry.detail, Scope::People);
        // The entry of the join may be gone.
        if let Some(room) = secrets::room(&entry.detail) {
            self.known.learn("room", &room, Scope::People);
        }
        match entry.payload.as_deref() {
            Some(Payload::Description { description, .. }) => {
                self.learn_text(&description.sdp, Scope::Protocol);
            }
            Some(Payload::Candidate { candidate, .. }) => {
                self.learn_text(&candidate.candidate, Scope::Protocol);
                if let Some(ufrag) = &candidate.username_fragment {
                    self.known.learn("ufrag", ufrag, Scope::Protocol);
                }
            }
            Some(Payload::Signal { message, .. }) => {
                self.learn_value(message, Scope::People, true);
            }
            Some(Payload::Value { value }) => self.learn_value(value, Scope::People, false),
            None => {}
        }
    }

    /// Only in a message is a name that of a person.
    fn learn_value(&mut self, value: &Value, scope: Scope, message: bool) {
        match value {
            Value::String(text) => self.learn_text(text, scope),
            Value::Array(values) => {
                let values = values.iter();
                values.for_each(|value| self.learn_value(value, scope, message));
            }
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.known.take(key);
                    let scope = scope_of(key, scope);
                    match (class_of(key), value) {
                        (Some("name"), _) if !message => self.learn_value(value, scope, message),
                        (Some(class), Value::String(text)) => self.known.learn(class, text, scope),
                        _ => self.learn_value(value, scope, message),
                    }
                }
            }
            _ => {}
        }
    }

    fn learn_text(&mut self, text: &str, scope: Scope) {
        self.known.take(text);
        secrets::each(text, scope, |class, value| {
            self.known.learn(class, value, scope)
        });
    }

    fn entry(&mut self, entry: &Entry) -> Entry {
        let payload = entry.payload.as_deref();
        Entry {
            peer: self.name(&entry.peer, whose::peer(entry)),
            detail: match is_state(entry) {
                true => entry.detail.clone(),
                false => self.text(&entry.detail, Scope::People),
            },
            connection: entry.connection.as_ref().map(|of| ConnectionRef {
                number: of.number,
                to: of.to.as_ref().map(|to| self.name(to, whose::to(entry, to))),
            }),
            payload: payload.map(|payload| Arc::new(self.payload(payload, entry))),
            ..entry.clone()
        }
    }

    fn name(&mut self, name: &str, whose: Whose) -> Arc<str> {
        Arc::from(match whose {
            Whose::Part => name.to_owned(),
            Whose::Either => self.known.id(name),
            Whose::Person | Whose::Unknown => self.text(name, Scope::People),
        })
    }

    fn payload(&mut self, payload: &Payload, entry: &Entry) -> Payload {
        let mut payload = payload.clone();
        match &mut payload {
            Payload::Description { description, .. } => {
                description.sdp = self.text(&description.sdp, Scope::Protocol);
            }
            Payload::Candidate { candidate, .. } => {
                candidate.candidate = self.text(&candidate.candidate, Scope::Protocol);
                if let Some(ufrag) = &mut candidate.username_fragment {
                    *ufrag = self.field("ufrag", ufrag, Scope::Protocol);
                }
            }
            Payload::Signal { other, message, .. } => {
                if let Some(other) = other {
                    *other = self.name(other, whose::other(entry, other)).to_string();
                }
                *message = self.value(message, Scope::People);
            }
            Payload::Value { value } => *value = self.value(value, Scope::People),
        }
        payload
    }

    fn value(&mut self, value: &Value, scope: Scope) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text, scope)),
            Value::Array(values) => values
                .iter()
                .map(|value| self.value(value, scope))
                .collect(),
            Value::Object(fields) => {
                let fields = fields.iter();
                fields
                    .map(|(key, value)| {
                        let value = match (class_of(key), value) {
                            (Some(class), Value::String(text)) => {
                                Value::String(self.field(class, text, scope))
                            }
                            _ => self.value(value, scope_of(key, scope)),
                        };
                        let key = match scope {
                            Scope::People if !is_field(key) => self.known.id(key),
                            _ => key.clone(),
                        };
                        (key, value)
                    })
                    .collect()
            }
            other => other.clone(),
        }
    }

    fn text(&mut self, text: &str, scope: Scope) -> String {
        if let Some(known) = self.known.get(text, scope) {
            return known;
        }
        let mut found = Vec::new();
        secrets::find(
            text,
            scope,
            |value| self.known.at_its_place(value),
            &mut found,
        );
        if scope == Scope::People {
            self.known.find_phrases(text, &mut found);
        }
        words::find(text, |word| self.known.get(word, scope), &mut found);
        found::replaced(text, found, |class, value| {
            self.known.placeholder(class, value, Scope::People)
        })
    }

    /// A field of this class.
    fn field(&mut self, class: &str, text: &str, scope: Scope) -> String {
        let value = secrets::bare(class, text);
        match self.known.at_its_place(value) {
            Some(placeholder) if secrets::tells(class, value) => {
                text.replacen(value, &placeholder, 1)
            }
            _ => self.text(text, scope),
        }
    }
}

#[cfg(test)]
mod tests;
