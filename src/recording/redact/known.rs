//! What is to be replaced, and by what.

use std::collections::{HashMap, HashSet};

use super::found::{By, Found};
use super::{Scope, placeholder, secrets, words};

/// Where a value is replaced.
#[derive(Clone, Copy)]
struct Reach {
    /// In texts about people, whatever word it is.
    texts: bool,
    /// Where a protocol has it. Elsewhere in its texts it stays: what people choose and what somebody
    /// else's description says may be any word of a protocol.
    places: bool,
    /// As a key of an object: it is somebody's id.
    keys: bool,
}

impl Reach {
    /// Of a value of this class that stands in such a text.
    fn of(class: &str, scope: Scope) -> Self {
        let described = [
            "ufrag",
            "password",
            "foundation",
            "session",
            "user",
            "stream",
            "track",
            "cname",
        ];
        let chosen = ["room", "name", "device", "peer", "connection"];
        Self {
            texts: scope == Scope::People && !described.contains(&class),
            places: !chosen.contains(&class),
            keys: matches!(class, "peer" | "connection"),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            texts: self.texts || other.texts,
            places: self.places || other.places,
            keys: self.keys || other.keys,
        }
    }
}

/// So many names and tokens of several words are looked for inside of texts: each text is searched
/// for each. There are no more people; further ones are replaced where they stand alone.
const MOST_PHRASES: usize = 500;

#[derive(Default)]
pub(super) struct Known {
    /// What is to be replaced, in the order of its finding.
    learned: Vec<(&'static str, String, Scope)>,
    /// Words that look like placeholders.
    taken: HashSet<String>,
    placeholders: HashMap<String, (Reach, String)>,
    /// Names and tokens in pieces that are no single word.
    phrases: Vec<(String, String)>,
    counts: HashMap<&'static str, usize>,
}

impl Known {
    /// Notes a value that is to be replaced, if it tells anything.
    pub(super) fn learn(&mut self, class: &'static str, value: &str, scope: Scope) {
        let value = secrets::bare(class, value);
        self.take(value);
        if secrets::tells(class, value) {
            self.learned.push((class, value.to_owned(), scope));
        }
    }

    /// Notes what looks like a placeholder, so that no other value gets it. Before anything was
    /// replaced it is none: somebody is called so.
    pub(super) fn take(&mut self, text: &str) {
        for word in words::pieces(text).filter(|word| placeholder::looks_like_one(word)) {
            if !self.taken.contains(word) {
                self.taken.insert(word.to_owned());
            }
        }
    }

    /// Gives all that was learned its placeholders: only now is it known which are free.
    pub(super) fn name_all(&mut self) {
        for (class, value, scope) in std::mem::take(&mut self.learned) {
            self.placeholder(class, &value, scope);
        }
    }

    /// The same for the same value.
    pub(super) fn placeholder(&mut self, class: &'static str, value: &str, scope: Scope) -> String {
        let reach = Reach::of(class, scope);
        if let Some((of, known)) = self.placeholders.get_mut(value) {
            // What somebody is called may open something, too.
            *of = of.and(reach);
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
            .insert(value.to_owned(), (reach, placeholder.clone()));
        if !reach.places || class == "token" {
            for phrase in words::phrases(value) {
                if self.phrases.len() < MOST_PHRASES {
                    self.phrases.push((phrase, placeholder.clone()));
                }
            }
        }
        placeholder
    }

    /// What takes the place of a whole text or word, wherever it stands.
    pub(super) fn get(&self, word: &str, scope: Scope) -> Option<String> {
        let (reach, placeholder) = self.placeholders.get(word)?;
        let applies = match scope {
            Scope::People => reach.texts || !secrets::is_plain(word),
            // A host, say.
            Scope::Protocol => reach.places && word.contains('.'),
        };
        applies.then(|| placeholder.clone())
    }

    /// What takes the place of a value where a protocol has such.
    pub(super) fn at_its_place(&self, value: &str) -> Option<String> {
        let (reach, placeholder) = self.placeholders.get(value)?;
        reach.places.then(|| placeholder.clone())
    }

    /// What takes the place of somebody's id. Others stay, whatever else is called so: keys are
    /// words of a protocol.
    pub(super) fn id(&self, id: &str) -> String {
        match self.placeholders.get(id) {
            Some((reach, placeholder)) if reach.keys => placeholder.clone(),
            _ => id.to_owned(),
        }
    }

    /// Finds what is known of people, or opens something, and is no single word.
    pub(super) fn find_phrases(&self, text: &str, found: &mut Vec<Found>) {
        for (phrase, placeholder) in &self.phrases {
            // Who is called `:` stands alone in a text.
            let is_mark = phrase.bytes().all(|byte| byte.is_ascii_punctuation());
            for (start, _) in text.match_indices(phrase.as_str()) {
                let (before, rest) = text.split_at(start);
                let after = &rest[phrase.len()..];
                let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                let alone = is_end(before.chars().next_back()) && is_end(after.chars().next());
                if alone || !is_mark {
                    let by = By::Placeholder(placeholder.clone());
                    found.push(Found::new(start, phrase, by));
                }
            }
        }
    }
}
