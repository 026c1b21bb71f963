//! Which children of a node a request asks for. Pure.
//!
//! <https://firebase.google.com/docs/database/rest/retrieve-data#section-rest-filtering>

use std::cmp::Ordering;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::key::Key;
use super::node::Node;
use super::path::Path;

/// The texts are Firebase's where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum QueryError {
    #[error("orderBy must be defined when other query parameters are defined")]
    NoOrder,
    #[error("orderBy must be a valid JSON encoded path")]
    Order,
    #[error("{0}: Constraint index field must be a JSON primitive")]
    Bound(&'static str),
    #[error("{0}: a key is a JSON string when orderBy is \"$key\"")]
    KeyBound(&'static str),
    #[error("{0} must be a positive integer")]
    Limit(&'static str),
    #[error("limitToFirst and limitToLast cannot be used together")]
    TwoLimits,
    #[error("equalTo, startAt and startAfter, or equalTo, endAt and endBefore, are at odds")]
    TwoBounds,
}

#[derive(Clone, Debug, PartialEq)]
enum Order {
    Key,
    Value,
    Child(Path),
}

/// A value, and among children of that value the key, if one is given.
#[derive(Clone, Debug, PartialEq)]
struct Bound {
    value: Node,
    key: Option<Key>,
    inclusive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    First(usize),
    Last(usize),
}

/// An order of the children, and which of them in that order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    order: Order,
    start: Option<Bound>,
    end: Option<Bound>,
    limit: Option<Limit>,
}

/// What stands in the address, decoded.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    pub order_by: Option<String>,
    pub start_at: Option<String>,
    pub start_after: Option<String>,
    pub end_at: Option<String>,
    pub end_before: Option<String>,
    pub equal_to: Option<String>,
    pub limit_to_first: Option<String>,
    pub limit_to_last: Option<String>,
}

impl Parameters {
    /// The query; none when there are no parameters.
    ///
    /// # Errors
    ///
    /// When they make no sense, alone or together.
    pub(super) fn query(&self) -> Result<Option<Query>, QueryError> {
        let Some(order_by) = &self.order_by else {
            let others = [
                &self.start_at,
                &self.start_after,
                &self.end_at,
                &self.end_before,
                &self.equal_to,
                &self.limit_to_first,
                &self.limit_to_last,
            ];
            return match others.iter().any(|other| other.is_some()) {
                true => Err(QueryError::NoOrder),
                false => Ok(None),
            };
        };
        let order = order(order_by)?;
        let bound = |name, text: &Option<String>, inclusive| {
            let text = text.as_deref();
            text.map(|text| bound(name, text, &order, inclusive))
                .transpose()
        };
        let equal = bound("equalTo", &self.equal_to, true)?;
        let start = [
            equal.clone(),
            bound("startAt", &self.start_at, true)?,
            bound("startAfter", &self.start_after, false)?,
        ];
        let end = [
            equal,
            bound("endAt", &self.end_at, true)?,
            bound("endBefore", &self.end_before, false)?,
        ];
        Ok(Some(Query {
            start: only_one(start)?,
            end: only_one(end)?,
            limit: self.limit()?,
            order,
        }))
    }

    fn limit(&self) -> Result<Option<Limit>, QueryError> {
        let number = |name, text: &Option<String>| {
            let number = text.as_deref().map(str::parse::<usize>);
            let number = number.transpose().ok().filter(|number| *number != Some(0));
            number.ok_or(QueryError::Limit(name))
        };
        let first = number("limitToFirst", &self.limit_to_first)?;
        let last = number("limitToLast", &self.limit_to_last)?;
        match (first, last) {
            (Some(_), Some(_)) => Err(QueryError::TwoLimits),
            (first, last) => Ok(first.map(Limit::First).or(last.map(Limit::Last))),
        }
    }
}

fn order(text: &str) -> Result<Order, QueryError> {
    match serde_json::from_str(text) {
        // No child has a priority here; those without are in the order of their keys.
        Ok(Value::String(name)) if matches!(name.as_str(), "$key" | "$priority") => Ok(Order::Key),
        Ok(Value::String(name)) if name == "$value" => Ok(Order::Value),
        Ok(Value::String(path)) => {
            let path: Path = path.parse().map_err(|_| QueryError::Order)?;
            if path.is_root() {
                return Err(QueryError::Order);
            }
            Ok(Order::Child(path))
        }
        _ => Err(QueryError::Order),
    }
}

/// One JSON value, and after a comma perhaps a key.
fn bound(
    name: &'static str,
    text: &str,
    order: &Order,
    inclusive: bool,
) -> Result<Bound, QueryError> {
    let wrong = QueryError::Bound(name);
    let values = serde_json::from_str::<Vec<Value>>(&format!("[{text}]"));
    let (value, key) = match values.as_deref() {
        Ok([value]) => (value, None),
        Ok([value, Value::String(key)]) => (value, Some(Key::new(key))),
        _ => return Err(wrong),
    };
    match (value, order) {
        (Value::Array(_) | Value::Object(_), _) => Err(wrong),
        (Value::String(key), Order::Key) => Ok(Bound {
            value: Node::Null,
            key: Some(Key::new(key)),
            inclusive,
        }),
        (_, Order::Key) => Err(QueryError::KeyBound(name)),
        (value, _) => Ok(Bound {
            value: Node::from_json(value),
            key,
            inclusive,
        }),
    }
}

fn only_one(bounds: [Option<Bound>; 3]) -> Result<Option<Bound>, QueryError> {
    let mut bounds = bounds.into_iter().flatten();
    match (bounds.next(), bounds.next()) {
        (Some(_), Some(_)) => Err(QueryError::TwoBounds),
        (bound, _) => Ok(bound),
    }
}

impl Bound {
    /// Where a child is, seen from here.
    fn side(&self, value: &Node, key: &Key) -> Ordering {
        let by_value = value.compare(&self.value);
        by_value.then_with(|| {
            self.key
                .as_ref()
                .map_or(Ordering::Equal, |own| key.cmp(own))
        })
    }
}

impl Query {
    /// The children that are asked for; null if there are none.
    pub(crate) fn select(&self, node: &Node) -> Node {
        const NOTHING: &Node = &Node::Null;
        let sorted_by = |child| match &self.order {
            Order::Key => NOTHING,
            Order::Value => child,
            Order::Child(path) => Node::get(child, path),
        };
        let children = node
            .children()
            .map(|(key, child)| (sorted_by(child), key, child));
        let mut chosen: Vec<_> = children
            .filter(|(value, key, _)| self.contains(value, key))
            .collect();
        // By key they are already.
        chosen.sort_by(|(one, ..), (two, ..)| one.compare(two));
        let count = chosen.len();
        let chosen = match self.limit {
            None => &chosen[..],
            Some(Limit::First(most)) => &chosen[..count.min(most)],
            Some(Limit::Last(most)) => &chosen[count.saturating_sub(most)..],
        };
        let chosen = chosen.iter();
        Node::object(chosen.map(|(_, key, child)| ((*key).clone(), (*child).clone())))
    }

    fn contains(&self, value: &Node, key: &Key) -> bool {
        let after_start = self.start.as_ref().is_none_or(|start| {
            let side = start.side(value, key);
            side.is_gt() || (start.inclusive && side.is_eq())
        });
        let before_end = self.end.as_ref().is_none_or(|end| {
            let side = end.side(value, key);
            side.is_lt() || (end.inclusive && side.is_eq())
        });
        after_start && before_end
    }
}
