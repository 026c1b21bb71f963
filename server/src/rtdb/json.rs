//! Values as JSON texts have them: reading them with Firebase's checks, and writing them. Pure.

use serde_json::{Map, Number, Value};
use thiserror::Error;

use super::key::Key;
use super::node::Node;
use super::path::{MAX_DEPTH, MAX_KEY_BYTES, Path, PathError};

/// Why something is no value. The texts are Firebase's where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum DataError {
    #[error("Invalid data; couldn't parse JSON object, array, or value.")]
    Json,
    #[error(
        "Invalid data; couldn't parse JSON object. Are you sending a JSON object with valid key \
         names?"
    )]
    NoObject,
    #[error(
        "Invalid data; couldn't parse key {0:?}. Key value can't be empty or contain $ # [ ] / or ."
    )]
    Key(String),
    #[error("Invalid data; a key has more than {MAX_KEY_BYTES} bytes")]
    KeyTooLong,
    #[error("Invalid data; the tree has more than {MAX_DEPTH} levels")]
    TooDeep,
    #[error(
        "Invalid data; a server value is {{\".sv\": \"timestamp\"}} or \
         {{\".sv\": {{\"increment\": number}}}}"
    )]
    ServerValue,
    #[error("Invalid data; .value has a plain value and nothing beside it")]
    DotValue,
    #[error("Invalid data; this database keeps no priorities: leave .priority out")]
    Priority,
    #[error("Invalid path: {0} is in another path of the same update")]
    Overlap(Path),
}

/// A value to be written, but for the numbers that depend on what is there, and on when.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    node: Node,
    server_values: Vec<(Path, ServerValue)>,
}

#[derive(Clone, Debug)]
enum ServerValue {
    Timestamp,
    Increment(Number),
}

impl Draft {
    /// Checks a value for a place `depth` levels below the root.
    ///
    /// # Errors
    ///
    /// When the value has keys that may not be, or special keys used in another way than theirs.
    pub(super) fn parse(json: &Value, depth: usize) -> Result<Self, DataError> {
        let mut draft = Self::default();
        draft.node = draft.read(json, depth, &mut Vec::new())?;
        Ok(draft)
    }

    fn read(&mut self, json: &Value, depth: usize, at: &mut Vec<Key>) -> Result<Node, DataError> {
        let members: Vec<(Key, &Value)> = match json {
            Value::Array(values) => {
                let keys = (0..values.len()).map(|index| Key::new(&index.to_string()));
                keys.zip(values).collect()
            }
            Value::Object(members) if members.keys().any(|key| key.starts_with('.')) => {
                return self.special(members, at);
            }
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| Ok((checked(key)?, value)))
                .collect::<Result<_, _>>()?,
            plain => return Ok(Node::from_json(plain)),
        };
        if depth >= MAX_DEPTH && !members.is_empty() {
            return Err(DataError::TooDeep);
        }
        let children: Result<Vec<_>, _> = members
            .into_iter()
            .map(|(key, value)| {
                at.push(key.clone());
                let child = self.read(value, depth + 1, at);
                at.pop();
                Ok((key, child?))
            })
            .collect();
        Ok(Node::object(children?))
    }

    /// An object with keys that begin with a dot.
    fn special(&mut self, members: &Map<String, Value>, at: &[Key]) -> Result<Node, DataError> {
        if members
            .get(".priority")
            .is_some_and(|value| !value.is_null())
        {
            return Err(DataError::Priority);
        }
        let mut others = members.iter().filter(|(key, _)| *key != ".priority");
        let (Some((key, value)), None) = (others.next(), others.next()) else {
            let foreign = members
                .keys()
                .find(|key| !matches!(key.as_str(), ".value" | ".sv"));
            return Err(foreign.map_or(DataError::DotValue, |key| DataError::Key(key.clone())));
        };
        match (key.as_str(), value) {
            (".value", Value::Object(_) | Value::Array(_)) => Err(DataError::DotValue),
            (".value", plain) => Ok(Node::from_json(plain)),
            (".sv", Value::String(name)) if name == "timestamp" => {
                let at = at.iter().cloned().collect();
                self.server_values.push((at, ServerValue::Timestamp));
                Ok(Node::Null)
            }
            (".sv", Value::Object(members)) if members.len() == 1 => {
                let Some(Value::Number(by)) = members.get("increment") else {
                    return Err(DataError::ServerValue);
                };
                let at = at.iter().cloned().collect();
                let increment = ServerValue::Increment(by.clone());
                self.server_values.push((at, increment));
                Ok(Node::Null)
            }
            (".sv", _) => Err(DataError::ServerValue),
            (key, _) => Err(DataError::Key(key.to_owned())),
        }
    }

    /// The value, where `existing` is now. `now_ms` is what a timestamp becomes.
    pub(super) fn resolve(self, existing: &Node, now_ms: u64) -> Node {
        let mut node = self.node;
        for (path, value) in self.server_values {
            let value = match value {
                ServerValue::Timestamp => Node::Number(now_ms.into()),
                ServerValue::Increment(by) => increased(existing.get(&path), &by),
            };
            node.set(&path, value);
        }
        node
    }
}

fn checked(key: &str) -> Result<Key, DataError> {
    key.parse().map_err(|error| match error {
        PathError::KeyTooLong => DataError::KeyTooLong,
        PathError::Token | PathError::TooDeep => DataError::Key(key.to_owned()),
    })
}

/// What is no number counts as nothing.
/// <https://firebase.google.com/docs/reference/js/database#increment>
fn increased(existing: &Node, by: &Number) -> Node {
    let Node::Number(number) = existing else {
        return Node::number(by);
    };
    let exact = number.as_i64().zip(by.as_i64());
    if let Some(sum) = exact.and_then(|(one, two)| one.checked_add(two)) {
        return Node::Number(sum.into());
    }
    let float = |number: &Number| number.as_f64().unwrap_or_default();
    let sum = Number::from_f64(float(number) + float(by));
    sum.map_or_else(|| existing.clone(), |sum| Node::number(&sum))
}

impl Node {
    /// As JSON. An object becomes an array when its keys are integers from 0 on of which at least
    /// half are there, counted as Firebase's own clients do: the largest is less than twice their
    /// number.
    /// <https://firebase.blog/posts/2014/04/best-practices-arrays-in-firebase>
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => Value::Number(number.clone()),
            Self::String(text) => Value::String(text.to_string()),
            Self::Object(children) => {
                let Some(length) = self.array_length() else {
                    let members = children.iter();
                    return members
                        .map(|(key, child)| (key.to_string(), child.to_json()))
                        .collect();
                };
                let mut values = vec![Value::Null; length];
                for (key, child) in children.iter() {
                    let index = key.integer().and_then(|index| usize::try_from(index).ok());
                    if let Some(place) = index.and_then(|index| values.get_mut(index)) {
                        *place = child.to_json();
                    }
                }
                Value::Array(values)
            }
        }
    }

    fn array_length(&self) -> Option<usize> {
        // Integers come first and in order, so these two tell about all.
        let (first, _) = self.children().next()?;
        first.integer().filter(|first| *first >= 0)?;
        let Self::Object(children) = self else {
            return None;
        };
        let (last, _) = children.last_key_value()?;
        let last = usize::try_from(last.integer()?).ok()?;
        (last < 2 * children.len()).then_some(last + 1)
    }

    /// Only the names of the children.
    /// <https://firebase.google.com/docs/database/rest/retrieve-data#shallow>
    pub(crate) fn to_shallow_json(&self) -> Value {
        match self {
            Self::Object(children) => {
                let names = children.keys().map(ToString::to_string);
                names.map(|name| (name, Value::Bool(true))).collect()
            }
            plain => plain.to_json(),
        }
    }
}
