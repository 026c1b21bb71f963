//! Who may do what, as the database asks it. Pure.
//!
//! The rules that answer are somebody else's; the database knows only these questions.

use std::fmt;

use serde_json::Value;
use thiserror::Error;

use super::node::Node;
use super::path::Path;

/// Who asks, as a valid token says.
#[derive(Clone, Debug, PartialEq)]
pub struct Auth {
    pub uid: String,
    /// What the rules know as `auth`, `uid` and `token` included.
    pub variables: Value,
    /// When the token is no longer valid, in milliseconds since 1970.
    pub expires_ms: u64,
}

/// Why a token says nothing. The texts are those of Firebase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AuthError {
    #[error("Could not parse auth token.")]
    Malformed,
    #[error("Auth token is expired")]
    Expired,
}

/// Rules and the tokens that they know. Times are in milliseconds since 1970.
pub trait Access: Send + Sync + fmt::Debug {
    /// Who has this token.
    ///
    /// # Errors
    ///
    /// When the token is not valid (any more).
    fn authenticate(&self, token: &str, now_ms: u64) -> Result<Auth, AuthError>;

    /// Whether all that is at `path` may be read.
    fn may_read(&self, auth: Option<&Auth>, root: &Node, path: &Path, now_ms: u64) -> bool;

    /// Whether a write that makes `after` of `before` by setting the values at `paths`, none of
    /// which contains another, is allowed, and what it leaves valid.
    fn may_write(
        &self,
        auth: Option<&Auth>,
        before: &Node,
        after: &Node,
        paths: &[Path],
        now_ms: u64,
    ) -> bool;
}

/// Lets everybody do everything and knows no tokens: for tests of what is behind the rules.
#[cfg(test)]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open;

#[cfg(test)]
impl Access for Open {
    fn authenticate(&self, _: &str, _: u64) -> Result<Auth, AuthError> {
        Err(AuthError::Malformed)
    }

    fn may_read(&self, _: Option<&Auth>, _: &Node, _: &Path, _: u64) -> bool {
        true
    }

    fn may_write(&self, _: Option<&Auth>, _: &Node, _: &Node, _: &[Path], _: u64) -> bool {
        true
    }
}
