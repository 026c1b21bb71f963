//! What one line says: the letter before the `=`, and the value taken apart.
//!
//! Owns the grammar of single lines (RFC 8866, section 9). Knows no other line.

use super::address::Address;
use super::attribute::Attribute;

/// A line's content by its letter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Field {
    /// `v=`
    Version(String),
    /// `o=`
    Origin(Origin),
    /// `s=`
    SessionName(String),
    /// `t=`: start and stop, in seconds since 1900; both 0 for a session without end.
    Timing { start: String, stop: String },
    /// `c=`
    Connection(Address),
    /// `b=`
    Bandwidth { kind: String, value: u64 },
    /// `m=`
    Media(MediaLine),
    /// `a=`
    Attribute(Attribute),
    /// Another letter of the standard, which WebRTC does not use.
    Other { letter: char, value: String },
    /// No line of a description, or one whose value does not fit; and why.
    Malformed(String),
}

/// `o=` (RFC 8866, section 5.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) username: String,
    pub(crate) session_id: String,
    pub(crate) session_version: String,
    pub(crate) address: Address,
}

/// `m=` (RFC 8866, section 5.14).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MediaLine {
    /// `audio`, `video` or `application`.
    pub(crate) kind: String,
    pub(crate) port: u16,
    pub(crate) protocol: String,
    /// Payload types, the preferred first; or `webrtc-datachannel`.
    pub(crate) formats: Vec<String>,
}

const ORIGIN: &str = "o= wants six words: user, session id, version, IN, IP4 or IP6, address.";

impl Field {
    pub(crate) fn parse(text: &str) -> Self {
        Self::read(text).unwrap_or_else(Self::Malformed)
    }

    /// The attribute, if it is one.
    pub(crate) fn attribute(&self) -> Option<&Attribute> {
        match self {
            Self::Attribute(attribute) => Some(attribute),
            _ => None,
        }
    }

    fn read(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("This line is empty. A description has no empty lines: remove it.".into());
        }
        if text.starts_with(char::is_whitespace) {
            return Err("There is space before this line. A line begins with its letter.".into());
        }
        let mut characters = text.chars();
        let (Some(letter), Some('=')) = (characters.next(), characters.next()) else {
            return Err(
                "This is no line of a description: each is a letter, “=” and a value.".into(),
            );
        };
        let value = characters.as_str();
        let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
        match letter {
            'v' => Ok(Self::Version(value.to_owned())),
            'o' => match words[..] {
                [username, session_id, session_version, ref address @ ..] => {
                    Ok(Self::Origin(Origin {
                        username: username.to_owned(),
                        session_id: session_id.to_owned(),
                        session_version: session_version.to_owned(),
                        address: Address::of(address).map_err(|_| ORIGIN.to_owned())?,
                    }))
                }
                _ => Err(ORIGIN.to_owned()),
            },
            's' => Ok(Self::SessionName(value.to_owned())),
            't' => match words[..] {
                [start, stop] => Ok(Self::Timing {
                    start: start.to_owned(),
                    stop: stop.to_owned(),
                }),
                _ => Err("t= wants two numbers, start and stop; “0 0” in WebRTC.".into()),
            },
            'c' => Address::of(&words).map(Self::Connection),
            'b' => {
                let (kind, amount) = value.split_once(':').unwrap_or((value, ""));
                match amount.trim().parse() {
                    Ok(value) => Ok(Self::Bandwidth {
                        kind: kind.to_owned(),
                        value,
                    }),
                    Err(_) => Err("b= wants a kind, “:” and a number, as in b=AS:500.".into()),
                }
            }
            'm' => media_line(&words).map(Self::Media),
            'a' => Attribute::parse(value).map(Self::Attribute),
            'i' | 'u' | 'e' | 'p' | 'r' | 'z' | 'k' => Ok(Self::Other {
                letter,
                value: value.to_owned(),
            }),
            _ => Err(format!(
                "No line of a description begins with “{letter}=” (RFC 8866, section 5)."
            )),
        }
    }
}

fn media_line(words: &[&str]) -> Result<MediaLine, String> {
    let [kind, port, protocol, formats @ ..] = words else {
        return Err(
            "m= wants media, port, protocol and formats, as in “m=audio 9 UDP/TLS/RTP/SAVPF 111”."
                .into(),
        );
    };
    // A number of ports may follow the first, after a slash.
    let first = port.split('/').next().unwrap_or(port);
    let Ok(port) = first.parse() else {
        return Err(format!("“{port}” is no port: a number from 0 to 65535."));
    };
    if formats.is_empty() {
        return Err("m= names no format: at least one has to follow the protocol.".into());
    }
    Ok(MediaLine {
        kind: (*kind).to_owned(),
        port,
        protocol: (*protocol).to_owned(),
        formats: formats.iter().map(|&format| format.to_owned()).collect(),
    })
}
