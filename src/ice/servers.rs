//! ICE servers as people write them, one on each line, and what they answered. Pure.

use signaling_protocol::IceServer;
use thiserror::Error;

/// Why a line names no server.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum IceServerError {
    #[error("line {line}: “{word}” does not begin with stun:, turn: or turns:")]
    Scheme { line: usize, word: String },
    #[error("line {line}: the server has no name")]
    NoHost { line: usize },
    #[error("line {line}: a TURN server needs a user name and a password behind it")]
    NoCredential { line: usize },
    #[error("line {line}: “{word}” is too much: a line is an address, a user name, a password")]
    TooMuch { line: usize, word: String },
}

/// Reads lines such as `stun:stun.example.org:3478` and `turn:turn.example.org alice secret`.
///
/// The browser examines the rest of the address, for it knows what it supports.
pub(crate) fn parse(text: &str) -> Result<Vec<IceServer>, IceServerError> {
    let mut servers = Vec::new();
    for (index, text) in text.lines().enumerate() {
        let line = index + 1;
        let mut words = text.split_whitespace();
        let Some(url) = words.next() else {
            continue;
        };
        let (scheme, host) = url.split_once(':').unwrap_or((url, ""));
        let is_relay = match scheme.to_ascii_lowercase().as_str() {
            "stun" | "stuns" => false,
            "turn" | "turns" => true,
            _ => {
                let word = url.to_owned();
                return Err(IceServerError::Scheme { line, word });
            }
        };
        if host.is_empty() {
            return Err(IceServerError::NoHost { line });
        }
        let [username, credential] =
            [words.next(), words.next()].map(|word| word.map(str::to_owned));
        if is_relay && credential.is_none() {
            return Err(IceServerError::NoCredential { line });
        }
        let too_much = if is_relay {
            words.next().map(str::to_owned)
        } else {
            username.clone()
        };
        if let Some(word) = too_much {
            return Err(IceServerError::TooMuch { line, word });
        }
        servers.push(IceServer {
            urls: vec![url.to_owned()],
            username,
            credential,
        });
    }
    Ok(servers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_server_a_line() {
        let servers = parse("stun:one.example:3478\n\n  turn:two.example kim  secret\n").unwrap();
        assert_eq!(servers[0].urls, ["stun:one.example:3478"]);
        assert_eq!(servers[0].username, None);
        assert_eq!(servers[1].username.as_deref(), Some("kim"));
        assert_eq!(servers[1].credential.as_deref(), Some("secret"));
        assert_eq!(servers.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, error) in [
            (
                "stun:a\nhttps://b",
                "line 2: “https://b” does not begin with stun:, turn: or turns:",
            ),
            ("stun:", "line 1: the server has no name"),
            (
                "turn:a kim",
                "line 1: a TURN server needs a user name and a password behind it",
            ),
            (
                "stun:a b",
                "line 1: “b” is too much: a line is an address, a user name, a password",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), error);
        }
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in "\\PC*(\n\\PC*){0,3}") {
            let _ = parse(&text);
        }
    }
}
