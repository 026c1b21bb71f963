//! What people are called who are known by their ids, as far as the signaling service told. Pure.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::ladder::{PAGE, SERVICE};
use crate::trace::{Direction, Entry, Payload};

/// So much of an id tells two people of one name apart.
const ID_CHARS: usize = 4;
/// Nobody is shown with a longer name.
const MOST_CHARS: usize = 40;
/// Further people keep their ids.
const MOST_PEOPLE: usize = 500;

/// What this page is called.
const HERE: &str = "this page";

/// Names by id, learned from a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// This page's own ids, one for each room.
    own: BTreeSet<String>,
    people: BTreeMap<String, String>,
}

impl Names {
    /// Takes in what the entry tells, if it tells a name.
    pub fn learn(&mut self, entry: &Entry) {
        let Some(Payload::Signal {
            direction: Direction::Received,
            other: None,
            message,
        }) = entry.payload.as_deref()
        else {
            return;
        };
        match message.get("type").and_then(Value::as_str) {
            Some("peerJoined") => self.learn_person(message),
            Some("joined") => {
                let own = message.get("peerId").and_then(Value::as_str);
                self.own.extend(own.map(str::to_owned));
                let peers = message.get("peers").and_then(Value::as_array);
                peers
                    .into_iter()
                    .flatten()
                    .for_each(|peer| self.learn_person(peer));
            }
            _ => {}
        }
    }

    /// What a line of the ladder, a peer of an entry, is called: this page, somebody's name, or as
    /// it is. Two of one name are told apart, and nobody is called as the page's own lines are.
    pub fn title(&self, line: &str) -> String {
        if line == PAGE || self.own.contains(line) {
            return HERE.to_owned();
        }
        let Some(name) = self.people.get(line) else {
            return line.to_owned();
        };
        let shared = self.people.values().filter(|other| *other == name).count() > 1;
        let reserved = [HERE, PAGE, SERVICE];
        if shared || reserved.contains(&name.to_lowercase().as_str()) {
            let id: String = line.chars().take(ID_CHARS).collect();
            format!("{name} ({id})")
        } else {
            name.clone()
        }
    }

    /// A text in which ids are words, perhaps with a comma, with what they are called in their place.
    pub fn in_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let known = |word: &str| {
            let id = word.strip_suffix(',').unwrap_or(word);
            (self.people.contains_key(id) || self.own.contains(id)).then_some(id.len())
        };
        if !text.split(' ').any(|word| known(word).is_some()) {
            return Cow::Borrowed(text);
        }
        let words = text.split(' ').map(|word| match known(word) {
            Some(end) => Cow::Owned(self.title(&word[..end]) + &word[end..]),
            None => Cow::Borrowed(word),
        });
        Cow::Owned(words.collect::<Vec<_>>().join(" "))
    }

    fn learn_person(&mut self, person: &Value) {
        let text = |key| person.get(key).and_then(Value::as_str);
        if let (Some(id), Some(name)) = (text("peerId"), text("name")) {
            let name: String = name.trim().chars().take(MOST_CHARS).collect();
            let known = self.people.len() < MOST_PEOPLE || self.people.contains_key(id);
            if known && !name.is_empty() {
                self.people.insert(id.to_owned(), name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::trace::Trace;

    fn told(messages: &[Value]) -> Names {
        let trace = Trace::new(|| 0.0);
        let mut names = Names::default();
        for message in messages {
            let payload = Payload::Signal {
                direction: Direction::Received,
                other: None,
                message: message.clone(),
            };
            trace
                .tracer("signaling")
                .with(payload)
                .signal("receive", "");
        }
        trace.entries().iter().for_each(|entry| names.learn(entry));
        names
    }

    #[test]
    fn people_are_called_as_the_service_said() {
        let names = told(&[
            json!({
                "type": "joined", "peerId": "0e0e0e",
                "peers": [{ "peerId": "1f3a9c", "name": " Kim " }],
            }),
            json!({ "type": "peerJoined", "peerId": "77aa88", "name": "Robin" }),
            json!({ "type": "peerJoined", "peerId": "123456", "name": "" }),
            json!({ "type": "joined", "peers": 7 }),
        ]);
        assert_eq!(names.title("1f3a9c"), "Kim");
        assert_eq!(names.title("77aa88"), "Robin");
        assert_eq!(names.title("123456"), "123456");
        assert_eq!(names.title("localPeer"), "localPeer");
        assert_eq!(names.title(PAGE), "this page");
        assert_eq!(names.in_text("offer to 1f3a9c"), "offer to Kim");
        assert_eq!(names.in_text("joined as 0e0e0e"), "joined as this page");
        assert_eq!(names.in_text("offer to 1f3a9cd"), "offer to 1f3a9cd");
        assert_eq!(names.in_text("1: to 1f3a9c, closed"), "1: to Kim, closed");
    }

    #[test]
    fn two_of_one_name_are_told_apart_and_nobody_is_this_page() {
        let person = |id, name| json!({ "type": "peerJoined", "peerId": id, "name": name });
        let names = told(&[
            person("1f3a9c", "Kim"),
            person("77aa88", "Kim"),
            person("5e5e5e", "Signaling"),
            person("6f6f6f", "This page"),
        ]);
        assert_eq!(names.title("1f3a9c"), "Kim (1f3a)");
        assert_eq!(names.title("77aa88"), "Kim (77aa)");
        assert_eq!(names.title("5e5e5e"), "Signaling (5e5e)");
        assert_eq!(names.title("6f6f6f"), "This page (6f6f)");
    }
}
