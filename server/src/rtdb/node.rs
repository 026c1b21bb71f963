//! A value in the tree, in its normal form. Pure.
//!
//! Parts are shared: a change copies only what is on the way to it, so whoever holds the tree from
//! before goes on seeing that.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Number;

use super::key::Key;
use super::path::Path;

/// A value. An object has at least one child, and no child is null.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Node {
    /// Nothing is there.
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    Object(Arc<BTreeMap<Key, Self>>),
}

impl Node {
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(crate) fn child(&self, key: &Key) -> Option<&Self> {
        match self {
            Self::Object(children) => children.get(key),
            _ => None,
        }
    }

    /// By key.
    pub(crate) fn children(&self) -> impl Iterator<Item = (&Key, &Self)> {
        let children = match self {
            Self::Object(children) => Some(children),
            _ => None,
        };
        children.into_iter().flat_map(|children| children.iter())
    }

    /// What is there, or null.
    pub fn get(&self, path: &Path) -> &Self {
        const NOTHING: &Node = &Node::Null;
        let mut keys = path.keys().iter();
        keys.try_fold(self, |node, key| node.child(key))
            .unwrap_or(NOTHING)
    }

    /// Puts a value in the place of what is there. On the way a value gives way to an object; an
    /// object that becomes empty is removed. Tells by how much its `size` has grown.
    pub fn set(&mut self, path: &Path, value: Self) -> isize {
        self.set_at(path.keys(), value)
    }

    fn set_at(&mut self, keys: &[Key], value: Self) -> isize {
        let Some((key, rest)) = keys.split_first() else {
            let grown = value.size().cast_signed() - self.size().cast_signed();
            *self = value;
            return grown;
        };
        if value.is_null() && self.child(key).is_none() {
            return 0;
        }
        let mut grown = 0;
        if !matches!(self, Self::Object(_)) {
            grown -= self.size().cast_signed();
            *self = Self::Object(Arc::default());
        }
        let Self::Object(children) = self else {
            return grown;
        };
        let children = Arc::make_mut(children);
        let own = key.size().cast_signed();
        let child = children.entry(key.clone()).or_insert_with(|| {
            grown += own;
            Self::Null
        });
        grown += child.set_at(rest, value);
        if child.is_null() {
            children.remove(key);
            grown -= own;
        }
        if children.is_empty() {
            *self = Self::Null;
        }
        grown
    }

    /// About how many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Null => 0,
            Self::Bool(_) | Self::Number(_) => 8,
            Self::String(text) => 16 + text.len(),
            Self::Object(children) => children
                .iter()
                .map(|(key, child)| key.size() + child.size())
                .sum(),
        }
    }

    /// The order of values: null, false, true, numbers, texts, objects, which are all equal here.
    /// <https://firebase.google.com/docs/database/rest/retrieve-data#section-rest-ordered-data>
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let rank = |node: &Self| match node {
            Self::Null => 0,
            Self::Bool(false) => 1,
            Self::Bool(true) => 2,
            Self::Number(_) => 3,
            Self::String(_) => 4,
            Self::Object(_) => 5,
        };
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => compare_numbers(one, two),
            (Self::String(one), Self::String(two)) => one.cmp(two),
            _ => rank(self).cmp(&rank(other)),
        }
    }

    /// Without nulls and empty objects, arrays as objects with integers as keys.
    pub fn from_json(json: &serde_json::Value) -> Self {
        use serde_json::Value;
        match json {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => Self::number(number),
            Value::String(text) => Self::String(text.as_str().into()),
            Value::Array(values) => {
                let keys = (0..).map(|index: usize| Key::new(&index.to_string()));
                Self::object(keys.zip(values.iter().map(Self::from_json)))
            }
            Value::Object(members) => Self::object(
                members
                    .iter()
                    .map(|(key, value)| (Key::new(key), Self::from_json(value))),
            ),
        }
    }

    /// A number, the same one however it was written.
    pub(crate) fn number(number: &Number) -> Self {
        /// Up to here each integer is a floating-point number of its own.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        let float = number.as_f64().filter(|_| number.is_f64());
        let integer = float.filter(|float| float.fract() == 0.0 && float.abs() < EXACT);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is an integer, and small enough"
        )]
        let integer = integer.map(|float| Number::from(float as i64));
        Self::Number(integer.unwrap_or_else(|| number.clone()))
    }

    /// An object of what is not null; null when that is nothing.
    pub(crate) fn object(children: impl IntoIterator<Item = (Key, Self)>) -> Self {
        let children: BTreeMap<_, _> = children
            .into_iter()
            .filter(|(_, child)| !child.is_null())
            .collect();
        if children.is_empty() {
            Self::Null
        } else {
            Self::Object(Arc::new(children))
        }
    }
}

fn compare_numbers(one: &Number, two: &Number) -> Ordering {
    match (one.as_i128(), two.as_i128()) {
        (Some(one), Some(two)) => one.cmp(&two),
        _ => {
            let float = |number: &Number| number.as_f64().unwrap_or_default();
            float(one).total_cmp(&float(two))
        }
    }
}
