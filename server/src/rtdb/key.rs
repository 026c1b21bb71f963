//! The name of a child. Pure.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// What a child takes besides its text, about: the nodes of maps and counted references.
const CHILD_BYTES: usize = 64;

/// A child's name. Keys that are 32-bit integers come first, in the order of their numbers, then
/// the others in the order of their characters.
/// <https://firebase.google.com/docs/database/rest/retrieve-data#orderbykey>
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(Arc<str>);

impl Key {
    /// The key as it is; the caller that takes it from outside has checked it.
    pub fn new(key: &str) -> Self {
        Self(key.into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What a child with this name takes besides its value, about, in bytes.
    pub(crate) fn size(&self) -> usize {
        CHILD_BYTES + self.0.len()
    }

    /// The number that the key is, written in the only way that counts.
    pub(crate) fn integer(&self) -> Option<i32> {
        let number: i32 = self.0.parse().ok()?;
        (number.to_string() == *self.0).then_some(number)
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.integer(), other.integer()) {
            (Some(one), Some(two)) => one.cmp(&two),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.0.cmp(&other.0),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
