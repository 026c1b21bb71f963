//! Why a text is no file of rules.

use thiserror::Error;

/// Why a text is no file of rules.
#[derive(Debug, Error)]
pub enum RulesError {
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("expected an object with `rules` and nothing else: {{ \"rules\": {{ … }} }}")]
    NoRules,
    #[error("at {place}: {what}")]
    Structure { place: String, what: String },
    #[error("in {place}, character {}: {}", .error.character, .error.what)]
    Expression { place: String, error: SyntaxError },
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("character {character}: {what}")]
pub struct SyntaxError {
    /// The first one is 1.
    pub character: usize,
    pub what: String,
}
