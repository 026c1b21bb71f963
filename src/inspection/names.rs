//! What people are called who are known by their ids: by the name that the signaling service told, if they
//! have given one. Pure.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::trace::vocabulary::{PAGE, Part, THIS_PAGE, YOU};
use crate::trace::{Direction, Entry, Payload};

/// So much of an id tells two people of one name apart.
const ID_CHARS: usize = 4;
/// Ids of services are at least as long, and what stands for one in a file is shorter: `peer-1` says more than
/// the beginning of it.
const UNREADABLE_CHARS: usize = 16;
/// Nobody is shown with a longer name.
const MOST_CHARS: usize = 40;
/// Further people keep their ids.
const MOST_PEOPLE: usize = 500;

/// What follows a name where somebody shows what happens there.
const THEIRS: &str = "’s page";

/// Names by id, learned from a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// This page's own ids, one for each room.
    own: BTreeSet<String>,
    people: BTreeMap<String, String>,
    /// How many look as if they had this name.
    alike: BTreeMap<String, usize>,
}

/// Whether people can tell peers apart by this id, as by that of a part of the page.
pub(crate) fn is_readable(id: &str) -> bool {
    id.len() < UNREADABLE_CHARS
}

impl Names {
    /// Takes in what the entry tells, if it tells a name. Says whether it is another than before.
    pub(crate) fn learn(&mut self, entry: &Entry) -> bool {
        let Some(Payload::Signal {
            direction: Direction::Received,
            other: None,
            message,
        }) = entry.payload.as_deref()
        else {
            return false;
        };
        match message.get("type").and_then(Value::as_str) {
            Some("peerJoined") => self.learn_person(message),
            Some("joined") => {
                let own = message.get("peerId").and_then(Value::as_str);
                let own = own.filter(|own| !own.is_empty());
                let is_new = own.is_some_and(|own| self.own.insert(own.to_owned()));
                let peers = message.get("peers").and_then(Value::as_array);
                let peers = peers.into_iter().flatten();
                peers.fold(is_new, |is_new, peer| self.learn_person(peer) || is_new)
            }
            _ => false,
        }
    }

    /// What a line of the ladder, a peer of an entry, is called: this page, somebody's name, or as
    /// it is. Two of one name are told apart, and nobody is called as the page's own lines are.
    pub(crate) fn title(&self, line: &str) -> String {
        if line == PAGE || self.own.contains(line) {
            return THIS_PAGE.to_owned();
        }
        let Some(name) = self.people.get(line) else {
            return line.to_owned();
        };
        let look = look(name);
        let is_shared = self.alike.get(&look).is_some_and(|count| *count > 1);
        if is_shared || is_reserved(&look) {
            let id: String = line.chars().take(ID_CHARS).collect();
            format!("{name} ({id})")
        } else {
            name.clone()
        }
    }

    /// A text in which ids are words, perhaps with a comma, with what they are called in their place.
    pub(crate) fn in_text<'a>(&self, text: &'a str) -> Cow<'a, str> {
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

    /// What somebody is called who shows what happens there, instead of [`Self::title`].
    pub(crate) fn title_of_side(&self, line: &str) -> String {
        self.title(line) + THEIRS
    }

    fn learn_person(&mut self, person: &Value) -> bool {
        let text = |key| person.get(key).and_then(Value::as_str);
        let (Some(id), Some(name)) = (text("peerId"), text("name")) else {
            return false;
        };
        let mut name: String = name.trim().chars().take(MOST_CHARS).collect();
        if look(&name).is_empty() && !is_readable(id) {
            name = guest(id);
        }
        let before = self.people.get(id);
        let has_place = before.is_some() || self.people.len() < MOST_PEOPLE;
        let look_of_name = look(&name);
        if id.is_empty() || look_of_name.is_empty() || before == Some(&name) || !has_place {
            return false;
        }
        *self.alike.entry(look_of_name).or_default() += 1;
        if let Some(before) = self.people.insert(id.to_owned(), name)
            && let Some(count) = self.alike.get_mut(&look(&before))
        {
            *count -= 1;
        }
        true
    }
}

/// What somebody is called who has given no name: it tells one guest from another.
pub(crate) fn guest(id: &str) -> String {
    format!("Guest {}", id.chars().take(ID_CHARS).collect::<String>())
}

/// What people see of a name at a glance: nothing that has no width, and all spaces, all apostrophes,
/// and small and capital letters as one.
fn look(name: &str) -> String {
    let seen = name.chars().filter(|c| !is_invisible(*c));
    let plain = seen.map(|c| match c {
        '‘' | '’' | '‛' | '′' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | '`' | '´' | '＇' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    let words: String = plain.collect();
    let words: Vec<_> = words.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Controls, and what [Unicode](https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point) has
/// shown by nothing.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Whether the page calls something else so: itself, one of its parts, or what happens at somebody's.
fn is_reserved(look_of_name: &str) -> bool {
    let own = Part::ALL.map(Part::as_str);
    let own = own.into_iter().chain([THIS_PAGE, YOU]);
    look_of_name.ends_with(&look(THEIRS)) || own.into_iter().any(|own| look(own) == look_of_name)
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
        for entry in trace.entries() {
            names.learn(&entry);
        }
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

    #[test]
    fn nobody_is_called_as_the_page_calls_something_else() {
        let person = |id, name| json!({ "type": "peerJoined", "peerId": id, "name": name });
        let alike = [
            "you",
            " YOU ",
            "yo\u{200b}u",
            "call",
            "Speaker",
            "this\u{a0} page",
            "This page\u{202e}",
            "Kim’s page",
            "kim's Page",
            "Kimʼs page",
            "Kim‘s\u{2003}page",
            "’s page",
        ];
        for name in alike {
            let names = told(&[person("1f3a9c", name), person("77aa88", "Kim")]);
            let title = names.title("1f3a9c");
            assert!(title.ends_with(" (1f3a)"), "{name:?} is called {title:?}");
            assert_eq!(names.title_of_side("77aa88"), "Kim’s page");
        }
        for name in ["Youssef", "Kim", "Page", "page", "Kim's pages", "O’Neill"] {
            let names = told(&[person("1f3a9c", name)]);
            let is_kept = names.title("1f3a9c") == name;
            assert_eq!(is_kept, !name.eq_ignore_ascii_case(PAGE), "{name}");
        }
        let names = told(&[person("1f3a9c", "Kim"), person("77aa88", "kim\u{2060} ")]);
        assert_eq!(names.title("1f3a9c"), "Kim (1f3a)");
        // Who is called otherwise now is like nobody.
        let names = told(&[
            person("1f3a9c", "Kim"),
            person("77aa88", "Kim"),
            person("77aa88", "Robin"),
        ]);
        assert_eq!(names.title("1f3a9c"), "Kim");
        assert_eq!(names.title("77aa88"), "Robin");
    }

    #[test]
    fn it_says_when_something_is_new() {
        let person = |id, name| json!({ "type": "peerJoined", "peerId": id, "name": name });
        let joined = json!({ "type": "joined", "peerId": "0e0e0e", "peers": [{ "peerId": "1", "name": "Kim" }] });
        let said = [
            (joined.clone(), true),
            (joined, false),
            (person("1", "Kim"), false),
            (person("1", "Robin"), true),
            (person("2", ""), false),
            (person("3", "\u{200b}\u{3164} \u{2060}"), false),
            (person("0123456789abcdef", ""), true),
            (person("0123456789abcdef", " "), false),
            (person("", "Kim"), false),
            (
                json!({ "type": "joined", "peerId": "", "peers": [] }),
                false,
            ),
            (json!({ "type": "left" }), false),
        ];
        let mut names = Names::default();
        for (message, is_new) in said {
            let trace = Trace::new(|| 0.0);
            let payload = Payload::Signal {
                direction: Direction::Received,
                other: None,
                message: message.clone(),
            };
            trace
                .tracer("signaling")
                .with(payload)
                .signal("receive", "");
            assert_eq!(names.learn(&trace.entries()[0]), is_new, "{message}");
        }
        assert_eq!(names.title("3"), "3");
        assert_eq!(names.in_text("offer  to 2, "), "offer  to 2, ");
        let nameless = "offer to 0123456789abcdef";
        assert_eq!(names.in_text(nameless), "offer to Guest 0123");
    }
}
