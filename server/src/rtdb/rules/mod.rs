//! Security rules: who may read and write what, as Firebase's own rules files say it. Pure.
//!
//! [`Rules`] are parsed once from a file and judge each request against the tree before and after
//! it. Reading and writing cascade: what is granted above cannot be taken away below. Validation
//! does not, and what is deleted needs none.
//! <https://firebase.google.com/docs/database/security/core-syntax>

mod comments;
mod error;
mod evaluation;
mod expression;
mod lexer;
mod parser;
mod regexp;
mod snapshot;
mod tree;

use serde_json::Value as Json;

pub use self::error::{RulesError, SyntaxError};
pub use self::evaluation::Request;
use self::tree::Branch;
use super::key::Key;
use super::node::Node;
use super::path::Path;

/// What a rules file says.
#[derive(Debug)]
pub struct Rules(Branch);

impl Rules {
    /// Parses a file in Firebase's form: JSON, in which there may be comments as in JavaScript.
    ///
    /// # Errors
    ///
    /// When Firebase would not take it, with the place of the first mistake.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let json: Json = serde_json::from_str(&comments::blank_out(text))?;
        match &json {
            Json::Object(members) if members.len() == 1 => {
                let rules = members.get("rules").ok_or(RulesError::NoRules)?;
                Ok(Self(Branch::parse(rules)?))
            }
            _ => Err(RulesError::NoRules),
        }
    }

    /// Whether all that is at `path` may be read.
    pub fn may_read(&self, request: Request<'_>, path: &Path) -> bool {
        let keys = path.keys();
        self.0.along(keys).any(|(depth, branch)| {
            let rule = branch.read.as_ref();
            rule.is_some_and(|rule| request.fulfills(rule, &keys[..depth]))
        })
    }

    /// Whether a write that sets the value at `path`, others perhaps too, may do so there.
    pub fn may_write(&self, request: Request<'_>, path: &Path) -> bool {
        let keys = path.keys();
        let granted = self.0.along(keys).any(|(depth, branch)| {
            let rule = branch.write.as_ref();
            rule.is_some_and(|rule| request.fulfills(rule, &keys[..depth]))
        });
        granted && self.is_valid(request, keys)
    }

    /// Whether what is written there is valid, and so is what it becomes a part of.
    fn is_valid(&self, request: Request<'_>, keys: &[Key]) -> bool {
        let mut node = request.after.unwrap_or(&Node::Null);
        for (depth, branch) in self.0.along(keys) {
            if let Some(key) = depth.checked_sub(1).and_then(|last| keys.get(last)) {
                node = node.child(key).unwrap_or(&Node::Null);
            }
            if node.is_null() {
                return true;
            }
            let valid = if depth == keys.len() {
                valid_below(request, branch, node, &mut keys.to_vec())
            } else {
                let rule = branch.validate.as_ref();
                rule.is_none_or(|rule| request.fulfills(rule, &keys[..depth]))
            };
            if !valid {
                return false;
            }
        }
        true
    }
}

/// Whether what is at `place` and all below it are valid. The tree of rules bounds the recursion.
fn valid_below(request: Request<'_>, branch: &Branch, node: &Node, place: &mut Vec<Key>) -> bool {
    let rule = branch.validate.as_ref();
    if !rule.is_none_or(|rule| request.fulfills(rule, place)) {
        return false;
    }
    node.children().all(|(key, child)| {
        branch.child(key).is_none_or(|branch| {
            place.push(key.clone());
            let valid = valid_below(request, branch, child, place);
            place.pop();
            valid
        })
    })
}
