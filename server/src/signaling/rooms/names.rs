//! What rooms and participants may be called.

use signaling_protocol::{ErrorCode, ErrorMessage, RoomId};

/// A room's name; see [`RoomId::new`].
pub(super) fn room(name: &str, max_chars: usize) -> Result<RoomId, ErrorMessage> {
    let invalid = |text: String| ErrorMessage::new(ErrorCode::InvalidRoom, text);
    let room = RoomId::new(name).map_err(|error| invalid(error.to_string()))?;
    if room.as_str().chars().count() > max_chars {
        let text = format!("a room's name has at most {max_chars} characters here");
        return Err(invalid(text));
    }
    Ok(room)
}

/// A participant's name, which may be empty, without white space around it.
pub(super) fn participant(name: &str, max_chars: usize) -> Result<&str, ErrorMessage> {
    let invalid = |text: String| Err(ErrorMessage::new(ErrorCode::InvalidName, text));
    let name = name.trim();
    if name.chars().count() > max_chars {
        return invalid(format!("your name has at most {max_chars} characters"));
    }
    if name.chars().any(char::is_control) {
        return invalid("your name has no control characters".to_owned());
    }
    if name.chars().any(is_bidirectional_control) {
        return invalid("your name has no characters that turn the text around it".to_owned());
    }
    Ok(name)
}

/// Embeddings, overrides and isolates, which would change the text beside a name
/// (Unicode Standard Annex #9, section 2). Marks, which change nothing, are letters' helpers.
fn is_bidirectional_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_may_be_empty() {
        assert_eq!(participant("  Kim \n", 40).unwrap(), "Kim");
        assert_eq!(participant(" \t", 40).unwrap(), "");
        assert_eq!(participant("דנה\u{200f}", 40).unwrap(), "דנה\u{200f}");
        assert!(participant(&"ü".repeat(40), 40).is_ok());
    }

    #[test]
    fn names_that_would_harm_are_refused() {
        let long = "ü".repeat(41);
        for name in ["a\u{0}b", "a\nb", "a\u{202e}b", "a\u{2066}b", &long] {
            let error = participant(name, 40).unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidName, "{name:?}");
        }
    }

    #[test]
    fn rooms_may_be_shorter_than_the_protocol_allows() {
        assert_eq!(room(" abc ", 3).unwrap().as_str(), "abc");
        for name in ["abcd", "", "a\u{0}"] {
            assert_eq!(room(name, 3).unwrap_err().code, ErrorCode::InvalidRoom);
        }
    }
}
