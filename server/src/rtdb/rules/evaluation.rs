//! What an expression says of a request. A part that has no value, such as a method of what is
//! not there, leaves the whole without one, and a rule without a value is not fulfilled.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::expression::{Expression, Method, Operator};
use super::snapshot::Snapshot;
use crate::rtdb::key::Key;
use crate::rtdb::node::Node;

/// Of a text that `replace` makes, in bytes: it could grow by the square of what clients write.
const MAX_TEXT: usize = 16 << 20;

/// What rules judge. Times are in milliseconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What rules know by that name; `None` without a token.
    pub auth: Option<&'a Json>,
    pub now_ms: u64,
    pub before: &'a Node,
    /// `None` when reading.
    pub after: Option<&'a Node>,
}

impl Request<'_> {
    /// Whether it does what the rule of this place asks.
    pub(super) fn fulfills(self, rule: &Expression, place: &[Key]) -> bool {
        let scene = Scene {
            request: self,
            place,
        };
        matches!(scene.evaluate(rule), Some(Value::Bool(true)))
    }
}

/// What the words of a rule mean.
#[derive(Clone, Copy, Debug)]
struct Scene<'a> {
    request: Request<'a>,
    place: &'a [Key],
}

#[derive(Clone, Debug)]
enum Value<'a> {
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'a, str>),
    Snapshot(Snapshot<'a>),
    /// Of a token: an object or a list.
    Claims(&'a Json),
    /// What is at a place that has children.
    Children,
}

impl<'a> Scene<'a> {
    fn evaluate<'b>(&'b self, expression: &'b Expression) -> Option<Value<'b>>
    where
        'a: 'b,
    {
        Some(match expression {
            Expression::Null => Value::Null,
            Expression::Bool(value) => Value::Bool(*value),
            Expression::Number(value) => Value::Number(*value),
            Expression::Text(text) => Value::Text(text.into()),
            Expression::Auth => self.request.auth.map_or(Value::Null, claims),
            // Exact until the year 287396.
            Expression::Now => Value::Number(self.request.now_ms as f64),
            Expression::Root => Value::Snapshot(Snapshot::new(self.request.before, &[])),
            Expression::Data => Value::Snapshot(Snapshot::new(self.request.before, self.place)),
            Expression::NewData => Value::Snapshot(Snapshot::new(self.request.after?, self.place)),
            Expression::Variable(step) => Value::Text(self.place.get(*step)?.as_str().into()),
            Expression::Not(part) => Value::Bool(!self.condition(part)?),
            Expression::Negative(part) => Value::Number(-self.number(part)?),
            Expression::And(one, two) => Value::Bool(self.condition(one)? && self.condition(two)?),
            Expression::Or(one, two) => Value::Bool(self.condition(one)? || self.condition(two)?),
            Expression::If(condition, yes, no) => {
                let chosen = if self.condition(condition)? { yes } else { no };
                self.evaluate(chosen)?
            }
            Expression::Binary(operator, one, two) => {
                compute(*operator, self.evaluate(one)?, self.evaluate(two)?)?
            }
            Expression::Member(part, name) => {
                let name = self.text(name)?;
                match self.evaluate(part)? {
                    Value::Claims(claims_) => claims_.get(&*name).map_or(Value::Null, claims),
                    _ => Value::Null,
                }
            }
            Expression::Length(part) => match self.evaluate(part)? {
                Value::Text(text) => Value::Number(utf16_length(&text)),
                Value::Claims(claims_) => claims_.get("length").map_or(Value::Null, claims),
                _ => return None,
            },
            Expression::Matches(part, regexp) => Value::Bool(regexp.is_match(&self.text(part)?)),
            Expression::Call(part, method, arguments) => {
                let texts: Option<Vec<_>> = arguments.iter().map(|part| self.text(part)).collect();
                match self.evaluate(part)? {
                    Value::Snapshot(snapshot) => call_snapshot(snapshot, *method, &texts?)?,
                    Value::Text(text) => call_text(&text, *method, &texts?)?,
                    _ => return None,
                }
            }
        })
    }

    fn condition(&self, part: &Expression) -> Option<bool> {
        match self.evaluate(part)? {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    fn number(&self, part: &Expression) -> Option<f64> {
        match self.evaluate(part)? {
            Value::Number(value) => Some(value),
            _ => None,
        }
    }

    fn text<'b>(&'b self, part: &'b Expression) -> Option<Cow<'b, str>>
    where
        'a: 'b,
    {
        match self.evaluate(part)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

fn claims(json: &Json) -> Value<'_> {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(value) => value.as_f64().map_or(Value::Null, Value::Number),
        Json::String(text) => Value::Text(text.into()),
        Json::Array(_) | Json::Object(_) => Value::Claims(json),
    }
}

fn stored(node: &Node) -> Value<'_> {
    match node {
        Node::Null => Value::Null,
        Node::Bool(value) => Value::Bool(*value),
        Node::Number(value) => value.as_f64().map_or(Value::Null, Value::Number),
        Node::String(text) => Value::Text((&**text).into()),
        Node::Object(_) => Value::Children,
    }
}

/// As JavaScript and Java count.
fn utf16_length(text: &str) -> f64 {
    text.encode_utf16().count() as f64
}

fn call_snapshot<'a>(
    snapshot: Snapshot<'a>,
    method: Method,
    texts: &[Cow<'_, str>],
) -> Option<Value<'a>> {
    let node = snapshot.node();
    Some(match (method, texts) {
        (Method::Val, _) => stored(node),
        (Method::Child, [path]) => Value::Snapshot(snapshot.child(path)),
        (Method::Parent, _) => Value::Snapshot(snapshot.parent()?),
        (Method::Exists, _) => Value::Bool(!node.is_null()),
        (Method::HasChild, [path]) => Value::Bool(snapshot.has_child(path)),
        (Method::HasChildren, []) => Value::Bool(matches!(node, Node::Object(_))),
        (Method::HasChildren, paths) => {
            Value::Bool(paths.iter().all(|path| snapshot.has_child(path)))
        }
        // This database keeps no priorities.
        (Method::GetPriority, _) => Value::Null,
        (Method::IsString, _) => Value::Bool(matches!(node, Node::String(_))),
        (Method::IsNumber, _) => Value::Bool(matches!(node, Node::Number(_))),
        (Method::IsBoolean, _) => Value::Bool(matches!(node, Node::Bool(_))),
        _ => return None,
    })
}

fn call_text<'a>(text: &str, method: Method, texts: &[Cow<'_, str>]) -> Option<Value<'a>> {
    Some(match (method, texts) {
        (Method::Contains, [part]) => Value::Bool(text.contains(&**part)),
        (Method::BeginsWith, [part]) => Value::Bool(text.starts_with(&**part)),
        (Method::EndsWith, [part]) => Value::Bool(text.ends_with(&**part)),
        (Method::Replace, [part, by]) => {
            let count = text.matches(&**part).count();
            let length = count.saturating_mul(by.len()).saturating_add(text.len());
            if length > MAX_TEXT {
                return None;
            }
            Value::Text(text.replace(&**part, by).into())
        }
        (Method::ToLowerCase, _) => Value::Text(text.to_lowercase().into()),
        (Method::ToUpperCase, _) => Value::Text(text.to_uppercase().into()),
        _ => return None,
    })
}

fn compute<'a>(operator: Operator, one: Value<'a>, two: Value<'a>) -> Option<Value<'a>> {
    Some(match operator {
        Operator::Equal => Value::Bool(equal(&one, &two)?),
        Operator::NotEqual => Value::Bool(!equal(&one, &two)?),
        Operator::Less => Value::Bool(order(&one, &two)?.is_some_and(|order| order.is_lt())),
        Operator::LessOrEqual => Value::Bool(order(&one, &two)?.is_some_and(|order| order.is_le())),
        Operator::Greater => Value::Bool(order(&one, &two)?.is_some_and(|order| order.is_gt())),
        Operator::GreaterOrEqual => {
            Value::Bool(order(&one, &two)?.is_some_and(|order| order.is_ge()))
        }
        Operator::Add => match (one, two) {
            (Value::Number(one), Value::Number(two)) => Value::Number(one + two),
            (one, two) => Value::Text((written(&one)? + &written(&two)?).into()),
        },
        Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
            let (Value::Number(one), Value::Number(two)) = (one, two) else {
                return None;
            };
            Value::Number(match operator {
                Operator::Subtract => one - two,
                Operator::Multiply => one * two,
                // As Firebase does; JavaScript's infinity does not exist there.
                Operator::Divide if two == 0.0 => f64::NAN,
                Operator::Divide => one / two,
                _ => one % two,
            })
        }
    })
}

/// Values of different kinds are different. What is no single value has no equals.
fn equal(one: &Value<'_>, two: &Value<'_>) -> Option<bool> {
    match (one, two) {
        (Value::Snapshot(_), _) | (_, Value::Snapshot(_)) => None,
        (Value::Null, Value::Null) => Some(true),
        (Value::Bool(one), Value::Bool(two)) => Some(one == two),
        (Value::Number(one), Value::Number(two)) => Some(one == two),
        (Value::Text(one), Value::Text(two)) => Some(one == two),
        _ => Some(false),
    }
}

/// Only values of one kind have an order, which for numbers may turn out to be none.
fn order(one: &Value<'_>, two: &Value<'_>) -> Option<Option<std::cmp::Ordering>> {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => Some(one.partial_cmp(two)),
        (Value::Text(one), Value::Text(two)) => {
            Some(Some(one.encode_utf16().cmp(two.encode_utf16())))
        }
        (Value::Null, Value::Null) => Some(Some(std::cmp::Ordering::Equal)),
        _ => None,
    }
}

/// What a number or a text adds to a text.
fn written(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::Text(text) => Some(text.clone().into_owned()),
        _ => None,
    }
}
