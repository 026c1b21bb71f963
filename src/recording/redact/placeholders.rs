//! Which placeholder stands for which value: the same for the same, and none that was there before.

use std::collections::{HashMap, HashSet};

use super::placeholder;

/// Which values are kept apart: a person may have the name of something in a protocol.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Realm {
    /// What people chose, and what stands for people.
    People,
    Protocol,
}

impl Realm {
    fn of(class: &str) -> Self {
        match class {
            "peer" | "name" | "room" | "device" | "connection" => Self::People,
            _ => Self::Protocol,
        }
    }
}

struct Given {
    class: &'static str,
    placeholder: String,
    /// Whether it is the id of a peer or of a connection, whatever else it is.
    is_id: bool,
}

#[derive(Default)]
pub(super) struct Placeholders {
    /// In the order of their finding, until all were seen: only then is it known which are free.
    asked: Option<Vec<(&'static str, String)>>,
    /// What is among them.
    seen: HashSet<(&'static str, String)>,
    /// Words that look like placeholders and were there before, as names of people.
    taken: HashSet<String>,
    given: HashMap<(Realm, String), Given>,
    counts: HashMap<&'static str, usize>,
}

impl Placeholders {
    /// One that is asked for everything once before it gives anything.
    pub(super) fn asking() -> Self {
        Self {
            asked: Some(Vec::new()),
            ..Self::default()
        }
    }

    pub(super) fn is_asking(&self) -> bool {
        self.asked.is_some()
    }

    /// Notes what looks like a placeholder, so that no value gets it.
    pub(super) fn take(&mut self, text: &str) {
        let between = |c: char| !(c.is_alphanumeric() || "-.".contains(c));
        let words = text.split(between).map(|word| word.trim_matches('.'));
        for word in words.filter(|word| placeholder::looks_like_one(word)) {
            if !self.taken.contains(word) {
                self.taken.insert(word.to_owned());
            }
        }
    }

    /// Gives all that was asked for its placeholder.
    pub(super) fn give_all(&mut self) {
        self.seen = HashSet::new();
        for (class, value) in self.asked.take().into_iter().flatten() {
            self.of(class, &value);
        }
    }

    /// What stands for a value of this class. Nothing stays nothing.
    pub(super) fn of(&mut self, class: &'static str, value: &str) -> String {
        if value.is_empty() {
            return String::new();
        }
        if let Some(asked) = &mut self.asked {
            if self.seen.insert((class, value.to_owned())) {
                asked.push((class, value.to_owned()));
            }
            return value.to_owned();
        }
        let is_id = matches!(class, "peer" | "connection");
        let key = (Realm::of(class), value.to_owned());
        if let Some(given) = self.given.get_mut(&key) {
            given.is_id |= is_id;
            return given.placeholder.clone();
        }
        let count = self.counts.entry(class).or_default();
        let placeholder = loop {
            *count += 1;
            let placeholder = placeholder::of(class, *count);
            if !self.taken.contains(&placeholder) {
                break placeholder;
            }
        };
        let given = Given {
            class,
            placeholder: placeholder.clone(),
            is_id,
        };
        self.given.insert(key, given);
        placeholder
    }

    /// What stands for this, if it is the id of a peer or of a connection. Others stay, whatever else
    /// is called so: keys are words of a protocol.
    pub(super) fn of_id(&self, id: &str) -> Option<String> {
        let given = self.given.get(&(Realm::People, id.to_owned()))?;
        given.is_id.then(|| given.placeholder.clone())
    }

    /// Whether a text names a person, a room or a device, as whole words.
    pub(super) fn names(&self, text: &str) -> bool {
        let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let speaks_of = |name: &str| {
            text.match_indices(name).any(|(start, _)| {
                let (before, rest) = text.split_at(start);
                let after = &rest[name.len()..];
                is_end(before.chars().next_back()) && is_end(after.chars().next())
            })
        };
        let mut given = self.given.iter();
        given.any(|((realm, name), given)| {
            *realm == Realm::People && given.class != "connection" && speaks_of(name)
        })
    }
}
