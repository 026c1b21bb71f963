//! What people are called who are known by their ids, as far as the signaling service told. Pure.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ladder::{PAGE, SERVICE};
use crate::trace::{Direction, Entry, Payload};

/// So much of an id tells two people of one name apart.
const ID_CHARS: usize = 4;
/// Nobody is shown with a longer name.
const MOST_CHARS: usize = 40;

/// Names by id, learned from a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<String, String>);

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
        if line == PAGE {
            return "this page".to_owned();
        }
        let Some(name) = self.0.get(line) else {
            return line.to_owned();
        };
        let shared = self.0.values().filter(|other| *other == name).count() > 1;
        let reserved = ["this page", PAGE, SERVICE];
        if shared || reserved.contains(&name.to_lowercase().as_str()) {
            let id: String = line.chars().take(ID_CHARS).collect();
            format!("{name} ({id})")
        } else {
            name.clone()
        }
    }

    fn learn_person(&mut self, person: &Value) {
        let text = |key| person.get(key).and_then(Value::as_str);
        if let (Some(id), Some(name)) = (text("peerId"), text("name")) {
            let name: String = name.trim().chars().take(MOST_CHARS).collect();
            if !name.is_empty() {
                self.0.insert(id.to_owned(), name);
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
            json!({ "type": "joined", "peers": [{ "peerId": "1f3a9c", "name": " Kim " }] }),
            json!({ "type": "peerJoined", "peerId": "77aa88", "name": "Robin" }),
            json!({ "type": "peerJoined", "peerId": "123456", "name": "" }),
            json!({ "type": "joined", "peers": 7 }),
        ]);
        assert_eq!(names.title("1f3a9c"), "Kim");
        assert_eq!(names.title("77aa88"), "Robin");
        assert_eq!(names.title("123456"), "123456");
        assert_eq!(names.title("localPeer"), "localPeer");
        assert_eq!(names.title(PAGE), "this page");
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
