//! Rules and tokens together: what the database asks before it does anything.

use std::path::Path as FilePath;
use std::sync::Arc;

use super::access::{Access, Auth, AuthError};
use super::identity::Identity;
use super::node::Node;
use super::path::Path;
use super::rules::{Request, Rules};
use crate::Error;

/// The rules for this project's signaling, the same that a real Firebase project takes.
pub(super) const SHIPPED_RULES: &str = include_str!("../../protocol/database.rules.json");

/// Judges by rules whoever has a token of [`Identity`]'s, or none.
#[derive(Debug)]
pub struct Guard {
    rules: Rules,
    identity: Arc<Identity>,
}

impl Guard {
    pub fn new(rules: Rules, identity: Arc<Identity>) -> Self {
        Self { rules, identity }
    }

    /// With the rules of this project's signaling.
    pub(crate) fn shipped(identity: Arc<Identity>) -> Self {
        let rules = Rules::parse(SHIPPED_RULES).expect("the shipped rules are rules");
        Self::new(rules, identity)
    }

    /// With the rules in a file, or the shipped ones.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is none of rules.
    pub fn open(rules: Option<&FilePath>, identity: Arc<Identity>) -> Result<Self, Error> {
        let Some(file) = rules else {
            return Ok(Self::shipped(identity));
        };
        let text = std::fs::read_to_string(file).map_err(|error| Error::Read {
            path: file.to_owned(),
            error,
        })?;
        let rules = Rules::parse(&text).map_err(|error| {
            let name = file.display();
            Error::Configuration(format!("{name} cannot be used as security rules: {error}"))
        })?;
        Ok(Self::new(rules, identity))
    }
}

impl Access for Guard {
    fn authenticate(&self, token: &str, now_ms: u64) -> Result<Auth, AuthError> {
        self.identity.signer().verify(token, now_ms)
    }

    fn may_read(&self, auth: Option<&Auth>, root: &Node, path: &Path, now_ms: u64) -> bool {
        let request = Request {
            auth: auth.map(|auth| &auth.variables),
            now_ms,
            before: root,
            after: None,
        };
        self.rules.may_read(request, path)
    }

    fn may_write(
        &self,
        auth: Option<&Auth>,
        before: &Node,
        after: &Node,
        paths: &[Path],
        now_ms: u64,
    ) -> bool {
        let request = Request {
            auth: auth.map(|auth| &auth.variables),
            now_ms,
            before,
            after: Some(after),
        };
        paths.iter().all(|path| self.rules.may_write(request, path))
    }
}
