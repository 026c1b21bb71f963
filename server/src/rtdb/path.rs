//! Where in the tree a value is. Pure.

use std::fmt;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use thiserror::Error;

use super::key::Key;

/// Levels of the tree, of a path and what is put there together.
/// <https://firebase.google.com/docs/database/usage/limits>
pub(super) const MAX_DEPTH: usize = 32;

/// Bytes of a key in UTF-8.
pub(super) const MAX_KEY_BYTES: usize = 768;

/// Why something is no path. The first text is Firebase's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PathError {
    #[error("Invalid path: Invalid token in path")]
    Token,
    #[error("Invalid path: a key has more than {MAX_KEY_BYTES} bytes")]
    KeyTooLong,
    #[error("Invalid path: it has more than {MAX_DEPTH} levels")]
    TooDeep,
}

/// A way from the root; empty for the root itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(Vec<Key>);

impl Path {
    pub(crate) fn root() -> Self {
        Self::default()
    }

    /// The path of an address, whose parts are percent-encoded each for itself.
    ///
    /// # Errors
    ///
    /// When a part, decoded, is no key or not UTF-8.
    pub(crate) fn from_url(path: &str) -> Result<Self, PathError> {
        let parts = path.split('/').filter(|part| !part.is_empty());
        let keys = parts.map(|part| {
            let part = percent_decode_str(part).decode_utf8();
            part.map_err(|_| PathError::Token)?.parse()
        });
        Self::shallow_enough(keys.collect::<Result<_, _>>()?)
    }

    fn shallow_enough(path: Self) -> Result<Self, PathError> {
        if path.0.len() > MAX_DEPTH {
            return Err(PathError::TooDeep);
        }
        Ok(path)
    }

    pub fn keys(&self) -> &[Key] {
        &self.0
    }

    pub(crate) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    #[must_use]
    pub(crate) fn child(&self, key: Key) -> Self {
        let mut keys = self.0.clone();
        keys.push(key);
        Self(keys)
    }

    /// The way from `self` on along `rest`.
    #[must_use]
    pub(crate) fn join(&self, rest: &Self) -> Self {
        Self(self.0.iter().chain(&rest.0).cloned().collect())
    }

    /// `None` for the root.
    pub(crate) fn parent(&self) -> Option<Self> {
        let (_, keys) = self.0.split_last()?;
        Some(Self(keys.to_vec()))
    }

    pub(crate) fn starts_with(&self, start: &Self) -> bool {
        self.0.starts_with(&start.0)
    }

    /// The way from `start` to here.
    pub(crate) fn strip_prefix(&self, start: &Self) -> Option<Self> {
        let rest = self.0.strip_prefix(start.keys())?;
        Some(Self(rest.to_vec()))
    }
}

impl FromIterator<Key> for Path {
    fn from_iter<T: IntoIterator<Item = Key>>(keys: T) -> Self {
        Self(keys.into_iter().collect())
    }
}

impl FromStr for Path {
    type Err = PathError;

    /// Keys with slashes between them; more slashes count as one.
    fn from_str(text: &str) -> Result<Self, PathError> {
        let parts = text.split('/').filter(|part| !part.is_empty());
        Self::shallow_enough(parts.map(str::parse).collect::<Result<_, _>>()?)
    }
}

/// <https://firebase.google.com/docs/database/web/structure-data>
impl FromStr for Key {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let forbidden =
            |c: char| matches!(c, '.' | '$' | '#' | '[' | ']' | '/') || c.is_ascii_control();
        if text.is_empty() || text.contains(forbidden) {
            return Err(PathError::Token);
        }
        if text.len() > MAX_KEY_BYTES {
            return Err(PathError::KeyTooLong);
        }
        Ok(Self::new(text))
    }
}

/// With a slash before each key, `/` for the root.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("/");
        }
        self.0.iter().try_for_each(|key| write!(f, "/{key}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_of_an_address_are_decoded_each_for_itself() {
        for (url, expected) in [
            ("", "/"),
            ("/", "/"),
            ("/a//b/", "/a/b"),
            ("/a%20b/%C3%A4", "/a b/ä"),
            ("/a%252Fb", "/a%2Fb"),
        ] {
            assert_eq!(Path::from_url(url).unwrap().to_string(), expected, "{url}");
        }
    }

    #[test]
    fn what_no_key_may_have_is_refused() {
        for url in [
            "/a.b", "/$a", "/#", "/a[0]", "/a%2Fb", "/%00", "/%7f", "/%1F", "/%ff",
        ] {
            assert_eq!(Path::from_url(url), Err(PathError::Token), "{url}");
        }
        let longest = "ä".repeat(MAX_KEY_BYTES / 2);
        assert!(longest.parse::<Key>().is_ok());
        assert_eq!((longest + "a").parse::<Key>(), Err(PathError::KeyTooLong));
        let deepest = "/a".repeat(MAX_DEPTH);
        assert!(deepest.parse::<Path>().is_ok());
        assert_eq!((deepest + "/a").parse::<Path>(), Err(PathError::TooDeep));
    }

    proptest! {
        #[test]
        fn a_path_is_what_it_prints(text in "(/[^.$#\\[\\]/\\x00-\\x1f\\x7f]{1,9}){0,9}") {
            let path: Path = text.parse().unwrap();
            let expected = if text.is_empty() { "/" } else { &text };
            prop_assert_eq!(path.to_string(), expected);
        }
    }
}
