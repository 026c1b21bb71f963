//! What is to be replaced, and by what.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::{Scope, placeholder, secrets, words};

/// Names that the pages give, not people.
const KEPT: [&str; 6] = [
    "page",
    "call",
    "speaker",
    "signaling",
    "localPeer",
    "remotePeer",
];

/// What people chose, or what names them.
const OF_PEOPLE: [&str; 5] = ["room", "name", "peer", "device", "connection"];

/// So many names of several words are looked for inside of texts: each text is searched for each.
/// There are no more people; further ones are replaced where they stand alone.
const MOST_PHRASES: usize = 500;

#[derive(Default)]
pub(super) struct Known {
    /// What is to be replaced, in the order of its finding.
    learned: Vec<(&'static str, String)>,
    /// Placeholders that were there before.
    taken: HashSet<String>,
    /// Each with its class.
    placeholders: HashMap<String, (&'static str, String)>,
    /// Of people, in pieces that are no single word, longest first.
    phrases: Vec<(String, String)>,
    counts: HashMap<&'static str, usize>,
}

impl Known {
    /// Notes a value that is to be replaced, if it tells anything.
    pub(super) fn learn(&mut self, class: &'static str, value: &str) {
        let value = match class {
            "stream" | "track" | "cname" => value.trim_matches(['{', '}']),
            _ => value,
        };
        if placeholder::is_one(value) {
            // It was redacted before.
            self.taken.insert(value.to_owned());
        } else if !KEPT.contains(&value) && secrets::tells(class, value) {
            self.learned.push((class, value.to_owned()));
        }
    }

    /// Gives all that was learned its placeholders: only now is it known which are free.
    pub(super) fn name_all(&mut self) {
        for (class, value) in std::mem::take(&mut self.learned) {
            self.placeholder(class, &value);
        }
        self.phrases
            .sort_by_key(|(phrase, _)| Reverse(phrase.len()));
    }

    /// The same for the same value.
    pub(super) fn placeholder(&mut self, class: &'static str, value: &str) -> String {
        if let Some((of, known)) = self.placeholders.get_mut(value) {
            // What somebody is called may open something, too.
            if OF_PEOPLE.contains(of) && !OF_PEOPLE.contains(&class) {
                *of = class;
            }
            return known.clone();
        }
        let count = self.counts.entry(class).or_default();
        let placeholder = loop {
            *count += 1;
            let placeholder = placeholder::of(class, *count);
            if !self.taken.contains(&placeholder) {
                break placeholder;
            }
        };
        self.placeholders
            .insert(value.to_owned(), (class, placeholder.clone()));
        if OF_PEOPLE.contains(&class) {
            for phrase in words::phrases(value) {
                if self.phrases.len() < MOST_PHRASES {
                    self.phrases.push((phrase, placeholder.clone()));
                }
            }
        }
        placeholder
    }

    /// What takes the place of a whole text or word.
    pub(super) fn get(&self, word: &str, scope: Scope) -> Option<String> {
        let (class, placeholder) = self.placeholders.get(word)?;
        let applies = scope == Scope::People || !OF_PEOPLE.contains(class);
        applies.then(|| placeholder.clone())
    }

    /// Keys are words of a protocol, but for those that are somebody's id.
    pub(super) fn key(&self, key: &str) -> String {
        match self.placeholders.get(key) {
            None | Some(("room" | "name" | "device", _)) => key.to_owned(),
            Some((_, placeholder)) => placeholder.clone(),
        }
    }

    /// The text with what is known of people and is no single word replaced.
    pub(super) fn without_phrases<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for (phrase, placeholder) in &self.phrases {
            if text.contains(phrase.as_str()) {
                text = Cow::Owned(text.replace(phrase.as_str(), placeholder));
            }
        }
        text
    }
}
