//! The rules of a place and of the places below it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::error::RulesError;
use super::expression::Expression;
use super::parser::{self, Scope};
use crate::rtdb::key::Key;

#[derive(Debug, Default)]
pub(super) struct Branch {
    pub(super) read: Option<Expression>,
    pub(super) write: Option<Expression>,
    pub(super) validate: Option<Expression>,
    children: BTreeMap<String, Self>,
    /// For keys that are not in `children`.
    variable: Option<Box<Self>>,
}

impl Branch {
    pub(super) fn parse(json: &Json) -> Result<Self, RulesError> {
        Self::parse_at(&mut Vec::new(), json)
    }

    /// How deep the recursion goes is bounded by the parser of JSON.
    fn parse_at(place: &mut Vec<String>, json: &Json) -> Result<Self, RulesError> {
        let Json::Object(members) = json else {
            return Err(error(place, "expected an object with rules"));
        };
        let mut branch = Self::default();
        for (key, value) in members {
            if key.starts_with('.') {
                branch.add_rule(place, key, value)?;
            } else if valid_key(key) {
                branch.add_child(place, key, value)?;
            } else {
                let what =
                    format!("`{key}` cannot be a key: it is empty or has one of . # $ [ ] /");
                return Err(error(place, &what));
            }
        }
        Ok(branch)
    }

    fn add_rule(&mut self, place: &[String], kind: &str, rule: &Json) -> Result<(), RulesError> {
        let (target, writes) = match kind {
            ".read" => (&mut self.read, false),
            ".write" => (&mut self.write, true),
            ".validate" => (&mut self.validate, true),
            // It only makes queries faster where that needs saying.
            ".indexOn" => return Ok(()),
            _ => {
                let what = format!(
                    "there is no rule `{kind}`; there are .read, .write, .validate and .indexOn"
                );
                return Err(error(place, &what));
            }
        };
        *target = Some(match rule {
            Json::Bool(value) => Expression::Bool(*value),
            Json::String(text) => {
                let parsed = parser::parse(text, Scope { place, writes });
                parsed.map_err(|error| RulesError::Expression {
                    place: format!("{}/{kind}", shown(place).trim_end_matches('/')),
                    error,
                })?
            }
            _ => {
                let what = format!("{kind} takes true, false or a text with an expression");
                return Err(error(place, &what));
            }
        });
        Ok(())
    }

    fn add_child(
        &mut self,
        place: &mut Vec<String>,
        key: &str,
        rules: &Json,
    ) -> Result<(), RulesError> {
        let variable = key.starts_with('$');
        if variable && place.iter().any(|above| above == key) {
            return Err(error(place, &format!("there is another {key} above")));
        }
        if variable && self.variable.is_some() {
            return Err(error(
                place,
                &format!("there is another variable beside {key}"),
            ));
        }
        place.push(key.to_owned());
        let child = Self::parse_at(place, rules)?;
        place.pop();
        if variable {
            self.variable = Some(Box::new(child));
        } else {
            self.children.insert(key.to_owned(), child);
        }
        Ok(())
    }

    /// The rules for this child, if there are any.
    pub(super) fn child(&self, key: &Key) -> Option<&Self> {
        let named = self.children.get(key.as_str());
        named.or(self.variable.as_deref())
    }

    /// The rules on the way along `keys`, with the number of keys before each, as far as there
    /// are any.
    pub(super) fn along<'a>(&'a self, keys: &'a [Key]) -> impl Iterator<Item = (usize, &'a Self)> {
        let mut branch = Some(self);
        (0..=keys.len()).map_while(move |depth| {
            let here = branch?;
            branch = keys.get(depth).and_then(|key| here.child(key));
            Some((depth, here))
        })
    }
}

fn valid_key(key: &str) -> bool {
    let name = key.strip_prefix('$').unwrap_or(key);
    !name.is_empty() && !name.contains(['.', '#', '$', '[', ']', '/'])
}

fn error(place: &[String], what: &str) -> RulesError {
    RulesError::Structure {
        place: shown(place),
        what: what.to_owned(),
    }
}

fn shown(place: &[String]) -> String {
    let keys: String = place.iter().map(|key| format!("/{key}")).collect();
    if keys.is_empty() {
        "/".to_owned()
    } else {
        keys
    }
}
