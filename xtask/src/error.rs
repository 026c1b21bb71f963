//! What ends a command early, in words for the person who typed it.

use std::fmt::Display;

#[derive(Debug)]
pub(crate) enum Error {
    /// Ctrl-C, or somebody asked us to end: there is nothing to explain.
    Interrupted,
    /// What happened and, where there is one, the way out.
    Message(String),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self::Message(text.into())
    }
}

/// Says what was being done when something failed.
pub(crate) trait Context<T> {
    fn context(self, doing: impl Display) -> Result<T>;
}

impl<T, E: Display> Context<T> for std::result::Result<T, E> {
    fn context(self, doing: impl Display) -> Result<T> {
        self.map_err(|error| Error::Message(format!("{doing}: {error}")))
    }
}
