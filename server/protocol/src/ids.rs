//! Identifiers: room names that people choose, peer ids that the server gives.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A room's name: 1 to [`RoomId::MAX_CHARS`] characters, none of them a control character,
/// no white space at either end, and neither `.` nor `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct RoomId(String);

/// Why a text is not a room's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidRoomId {
    #[error("a room needs a name")]
    Empty,
    #[error("a room's name has at most {max} characters", max = RoomId::MAX_CHARS)]
    TooLong,
    #[error("a room's name has no control characters")]
    ControlCharacter,
    #[error("a room cannot be named . or .., which lead elsewhere in an address")]
    DotSegment,
}

impl RoomId {
    /// The longest name, in Unicode scalar values.
    pub const MAX_CHARS: usize = 64;

    /// Checks a name that somebody typed or that came over the wire; white space around it is
    /// not part of it.
    pub fn new(name: &str) -> Result<Self, InvalidRoomId> {
        let name = name.trim();
        if name.is_empty() {
            return Err(InvalidRoomId::Empty);
        }
        if name.chars().count() > Self::MAX_CHARS {
            return Err(InvalidRoomId::TooLong);
        }
        if name.chars().any(char::is_control) {
            return Err(InvalidRoomId::ControlCharacter);
        }
        // A room's name is a segment of its address, and no encoding keeps these two from
        // being resolved (RFC 3986, section 5.2.4).
        if matches!(name, "." | "..") {
            return Err(InvalidRoomId::DotSegment);
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RoomId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A participant's identifier, unique in the server, opaque to clients. Its order is the order
/// of its characters; the peer with the greater id of a pair is the polite one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PeerId(String);

impl PeerId {
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for PeerId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A participant's secret: [`Token::MIN_CHARS`] to [`Token::MAX_CHARS`] ASCII letters and digits.
/// Whoever has it can be that participant; so it is shown to nobody, not even in a log.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Token(String);

/// A text that is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a token has {min} to {max} letters and digits", min = Token::MIN_CHARS, max = Token::MAX_CHARS)]
pub struct InvalidToken;

impl Token {
    pub const MIN_CHARS: usize = 32;
    pub const MAX_CHARS: usize = 64;

    pub fn new(text: impl Into<String>) -> Result<Self, InvalidToken> {
        let text = text.into();
        let fits = (Self::MIN_CHARS..=Self::MAX_CHARS).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text))
        } else {
            Err(InvalidToken)
        }
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl TryFrom<String> for Token {
    type Error = InvalidToken;

    fn try_from(text: String) -> Result<Self, InvalidToken> {
        Self::new(text)
    }
}

impl From<Token> for String {
    fn from(token: Token) -> Self {
        token.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_trimmed() {
        assert_eq!(RoomId::new("  kitchen \n").unwrap().as_str(), "kitchen");
    }

    #[test]
    fn bad_names_say_what_is_wrong() {
        assert_eq!(RoomId::new(" \t"), Err(InvalidRoomId::Empty));
        assert_eq!(RoomId::new(&"ä".repeat(65)), Err(InvalidRoomId::TooLong));
        assert_eq!(RoomId::new("a\u{7}b"), Err(InvalidRoomId::ControlCharacter));
        assert_eq!(RoomId::new(" .. "), Err(InvalidRoomId::DotSegment));
        assert!(RoomId::new(&"ä".repeat(64)).is_ok());
    }

    proptest! {
        #[test]
        fn an_accepted_name_is_accepted_unchanged_again(text in ".{0,80}") {
            if let Ok(room) = RoomId::new(&text) {
                prop_assert_eq!(RoomId::new(room.as_str()), Ok(room.clone()));
            }
        }
    }
}
