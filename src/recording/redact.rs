//! What is replaced before a recording is given away, and by what.
//!
//! First everything is looked through for values that their place gives away: a password in a line
//! of SDP, an identifier in a field of a message. Then every text is looked through word by word
//! for those values, wherever they are, and for what looks like an address or a fingerprint.

mod words;

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Recording, Sample};
use crate::trace::{ConnectionRef, Entry, Kind, Payload};

/// Names that the pages give, not people.
const KEPT: [&str; 6] = [
    "page",
    "call",
    "speaker",
    "signaling",
    "localPeer",
    "remotePeer",
];

/// What a field of a message or of statistics holds, by its key.
fn class_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "usernameFragment" | "ufrag" => "ufrag",
        "password" | "pwd" | "credential" | "username" => "secret",
        "base64Certificate" => "certificate",
        "token" => "token",
        "room" => "room",
        "name" => "name",
        "peerId" | "from" | "to" => "peer",
        "connection" | "remoteConnection" => "connection",
        _ => return None,
    })
}

pub(super) fn redact(recording: &Recording) -> Recording {
    let mut redactor = Redactor::default();
    for entry in &recording.entries {
        redactor.learn_entry(entry);
    }
    for sample in &recording.samples {
        redactor.learn_value(&sample.stats, false);
    }
    Recording {
        entries: recording
            .entries
            .iter()
            .map(|entry| redactor.entry(entry))
            .collect(),
        samples: recording
            .samples
            .iter()
            .map(|sample| Sample {
                stats: redactor.value(&sample.stats),
                ..sample.clone()
            })
            .collect(),
        redacted: true,
    }
}

#[derive(Default)]
struct Redactor {
    placeholders: HashMap<String, String>,
    counts: HashMap<&'static str, usize>,
}

impl Redactor {
    /// The same for the same value.
    fn placeholder(&mut self, class: &'static str, value: &str) -> String {
        if let Some(known) = self.placeholders.get(value) {
            return known.clone();
        }
        let count = self.counts.entry(class).or_default();
        *count += 1;
        let placeholder = match class {
            "mdns" => format!("mdns-{count}.local"),
            class => format!("{class}-{count}"),
        };
        self.placeholders
            .insert(value.to_owned(), placeholder.clone());
        placeholder
    }

    fn learn(&mut self, class: &'static str, value: &str) {
        if !value.is_empty() && !KEPT.contains(&value) {
            self.placeholder(class, value);
        }
    }

    fn learn_entry(&mut self, entry: &Entry) {
        if entry.connection.as_ref().is_some_and(|c| c.to.is_some()) {
            self.learn("peer", &entry.peer);
        }
        if let Some(to) = entry.connection.as_ref().and_then(|c| c.to.as_deref()) {
            self.learn("peer", to);
        }
        // The detail is the device's name.
        if entry.kind == Kind::Event && entry.name.ends_with(" track") {
            self.learn("device", &entry.detail);
        }
        self.learn_text(&entry.detail);
        match entry.payload.as_deref() {
            Some(Payload::Description { description, .. }) => self.learn_text(&description.sdp),
            Some(Payload::Candidate { candidate, .. }) => {
                self.learn_text(&candidate.candidate);
                if let Some(ufrag) = &candidate.username_fragment {
                    self.learn("ufrag", ufrag);
                }
            }
            Some(Payload::Signal { other, message, .. }) => {
                if let Some(other) = other {
                    self.learn("peer", other);
                }
                self.learn_value(message, true);
            }
            Some(Payload::Value { value }) => self.learn_value(value, false),
            None => {}
        }
    }

    /// Only in a message is a name that of a person.
    fn learn_value(&mut self, value: &Value, message: bool) {
        match value {
            Value::String(text) => self.learn_text(text),
            Value::Array(values) => values.iter().for_each(|v| self.learn_value(v, message)),
            Value::Object(fields) => {
                for (key, value) in fields {
                    match (class_of(key), value) {
                        (Some("name"), _) if !message => self.learn_value(value, message),
                        (Some(class), Value::String(text)) => self.learn(class, text),
                        _ => self.learn_value(value, message),
                    }
                }
            }
            _ => {}
        }
    }

    fn learn_text(&mut self, text: &str) {
        words::secrets(text, |class, value| self.learn(class, value));
    }

    fn entry(&mut self, entry: &Entry) -> Entry {
        Entry {
            peer: self.arc(&entry.peer),
            detail: self.text(&entry.detail),
            connection: entry.connection.as_ref().map(|of| ConnectionRef {
                number: of.number,
                to: of.to.as_ref().map(|to| self.arc(to)),
            }),
            payload: entry
                .payload
                .as_ref()
                .map(|payload| Arc::new(self.payload(payload))),
            ..entry.clone()
        }
    }

    fn payload(&mut self, payload: &Payload) -> Payload {
        let mut payload = payload.clone();
        match &mut payload {
            Payload::Description { description, .. } => {
                description.sdp = self.text(&description.sdp);
            }
            Payload::Candidate { candidate, .. } => {
                candidate.candidate = self.text(&candidate.candidate);
                if let Some(ufrag) = &mut candidate.username_fragment {
                    *ufrag = self.text(ufrag);
                }
            }
            Payload::Signal { other, message, .. } => {
                if let Some(other) = other {
                    *other = self.text(other);
                }
                *message = self.value(message);
            }
            Payload::Value { value } => *value = self.value(value),
        }
        payload
    }

    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(values) => values.iter().map(|value| self.value(value)).collect(),
            Value::Object(fields) => {
                let fields = fields.iter();
                fields
                    .map(|(key, value)| (self.text(key), self.value(value)))
                    .collect()
            }
            other => other.clone(),
        }
    }

    fn arc(&mut self, text: &Arc<str>) -> Arc<str> {
        Arc::from(self.text(text))
    }

    fn text(&mut self, text: &str) -> String {
        // Whole texts first: a name may have several words.
        if let Some(known) = self.placeholders.get(text) {
            return known.clone();
        }
        words::replaced(text, |class, value| match class {
            Some(class) => Some(self.placeholder(class, value)),
            None => self.placeholders.get(value).cloned(),
        })
    }
}
