//! A write: what it sets, and what becomes of the tree. Pure.

use std::fmt::Write as _;

use ring::digest::{SHA256, digest};
use serde_json::Value;

use super::json::{DataError, Draft};
use super::node::Node;
use super::path::{MAX_DEPTH, Path};

/// The ETag of nothing.
/// <https://firebase.google.com/docs/database/rest/save-data#section-conditional-requests>
pub(super) const NULL_ETAG: &str = "null_etag";

/// What a request sets; all of it at once, or nothing.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    base: Path,
    is_update: bool,
    /// Ways from the root, none the beginning of another.
    sets: Vec<(Path, Draft)>,
}

/// A write that was carried out.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub before: Node,
    pub after: Node,
    /// Where the request was.
    pub base: Path,
    /// Whether it named children of its place, rather than replaced all.
    pub is_update: bool,
    /// What was set, none the beginning of another.
    pub paths: Vec<Path>,
    /// By how much the size of the tree has grown.
    pub growth: isize,
}

impl Write {
    /// Replaces what is at `base`.
    ///
    /// # Errors
    ///
    /// When `json` is no value for that place.
    pub(crate) fn set(base: Path, json: &Value) -> Result<Self, DataError> {
        let draft = Draft::parse(json, base.keys().len())?;
        Ok(Self {
            sets: vec![(base.clone(), draft)],
            is_update: false,
            base,
        })
    }

    /// Replaces what is at the keys of `json`, which may be ways of several keys.
    ///
    /// # Errors
    ///
    /// When `json` is no object, or has a wrong key or value, or a key inside of another.
    pub(crate) fn update(base: Path, json: &Value) -> Result<Self, DataError> {
        let Value::Object(members) = json else {
            return Err(DataError::NoObject);
        };
        let mut sets = Vec::with_capacity(members.len());
        for (key, value) in members {
            let way: Path = key.parse().map_err(|_| DataError::Key(key.clone()))?;
            if way.is_root() {
                return Err(DataError::Key(key.clone()));
            }
            let path = base.join(&way);
            let depth = path.keys().len();
            if depth > MAX_DEPTH {
                return Err(DataError::TooDeep);
            }
            sets.push((path, Draft::parse(value, depth)?));
        }
        sets.sort_by(|(one, _), (two, _)| one.cmp(two));
        for pair in sets.windows(2) {
            if let [(one, _), (two, _)] = pair
                && two.starts_with(one)
            {
                return Err(DataError::Overlap(two.clone()));
            }
        }
        Ok(Self {
            base,
            is_update: true,
            sets,
        })
    }

    /// Removes what is at `paths`, of which none is the beginning of another.
    pub(crate) fn remove(base: Path, paths: impl IntoIterator<Item = Path>) -> Self {
        let nothing = |path| (path, Draft::default());
        Self {
            base,
            is_update: true,
            sets: paths.into_iter().map(nothing).collect(),
        }
    }

    pub(crate) fn base(&self) -> &Path {
        &self.base
    }

    /// What becomes of `before` at `now_ms`.
    pub(crate) fn apply(self, before: &Node, now_ms: u64) -> Change {
        let mut after = before.clone();
        let mut growth = 0;
        let mut paths = Vec::with_capacity(self.sets.len());
        for (path, draft) in self.sets {
            let node = draft.resolve(before.get(&path), now_ms);
            growth += after.set(&path, node);
            paths.push(path);
        }
        Change {
            before: before.clone(),
            after,
            base: self.base,
            is_update: self.is_update,
            paths,
            growth,
        }
    }
}

impl Node {
    /// Differs when the value differs.
    pub(crate) fn etag(&self) -> String {
        if self.is_null() {
            return NULL_ETAG.to_owned();
        }
        let hash = digest(&SHA256, self.to_json().to_string().as_bytes());
        let mut etag = String::with_capacity(32);
        for byte in &hash.as_ref()[..16] {
            let _ = write!(etag, "{byte:02x}");
        }
        etag
    }
}
