//! A place in the database as an expression sees it: Firebase's `RuleDataSnapshot`.

use crate::rtdb::key::Key;
use crate::rtdb::node::Node;

const NOTHING: &Node = &Node::Null;

/// What is at each step of the way from the root to the place; never empty.
#[derive(Clone, Debug)]
pub(super) struct Snapshot<'a>(Vec<&'a Node>);

impl<'a> Snapshot<'a> {
    pub(super) fn new(root: &'a Node, keys: &[Key]) -> Self {
        let mut snapshot = Self(vec![root]);
        keys.iter().for_each(|key| snapshot.enter(key));
        snapshot
    }

    fn enter(&mut self, key: &Key) {
        let child = self.node().child(key).unwrap_or(NOTHING);
        self.0.push(child);
    }

    pub(super) fn node(&self) -> &'a Node {
        self.0.last().copied().unwrap_or(NOTHING)
    }

    /// At a path with slashes between keys.
    pub(super) fn child(mut self, path: &str) -> Self {
        let keys = path.split('/').filter(|key| !key.is_empty());
        keys.for_each(|key| self.enter(&Key::new(key)));
        self
    }

    /// `None` above the root.
    pub(super) fn parent(mut self) -> Option<Self> {
        self.0.pop();
        (!self.0.is_empty()).then_some(self)
    }

    pub(super) fn has_child(&self, path: &str) -> bool {
        path.split('/').any(|key| !key.is_empty()) && !self.clone().child(path).node().is_null()
    }
}
