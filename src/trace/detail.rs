//! What an entry says in a few words: text, numbers, and values that may be private.
//!
//! Owns how it is put together, shown and written. What is replaced before a recording is given away
//! is decided elsewhere; here each value only says what it is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::JsError;

/// A short text for people, of pieces: `join kitchen` is the words `join ` and a room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detail(Vec<Piece>);

/// A piece of a detail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Piece {
    /// Words. Those of this program are borrowed. What is owned came from elsewhere, a browser
    /// or who wrote a file, and may be anything.
    Text(Cow<'static, str>),
    Number(u64),
    Value(Value),
}

/// A value that may tell who a person is, where, or what they have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<Private, String>",
    into = "BTreeMap<Private, String>"
)]
pub(crate) struct Value {
    pub(crate) what: Private,
    pub(crate) text: String,
}

/// What a private value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Private {
    /// The id of a peer.
    Peer,
    /// The name of a person.
    Name,
    Room,
    /// A room as a key of a database.
    RoomKey,
    /// The name of a camera or microphone.
    Device,
    /// With or without a scheme: an address of a page, a service or a server.
    Url,
    /// The name of a host, perhaps with a port and a path.
    Host,
    /// An IP address, or a name that hides one.
    Address,
    /// `candidate:…`
    Candidate,
    /// Opens something.
    Token,
    Fingerprint,
    /// Of a data channel.
    Label,
    Id,
}

impl Private {
    /// A value of this kind.
    pub(crate) fn of(self, text: impl fmt::Display) -> Piece {
        Piece::Value(Value {
            what: self,
            text: text.to_string(),
        })
    }
}

/// A detail of several pieces, each a text, a number or a [private value](Private::of).
macro_rules! detail {
    ($($piece:expr),+ $(,)?) => {
        [$($crate::trace::Piece::from($piece)),+]
            .into_iter()
            .collect::<$crate::trace::Detail>()
    };
}
pub(crate) use detail;

impl Detail {
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of it as people read it.
    pub fn text(&self) -> Cow<'_, str> {
        match &*self.0 {
            [] => Cow::Borrowed(""),
            [Piece::Text(text)] => Cow::Borrowed(text),
            [Piece::Value(value)] => Cow::Borrowed(&value.text),
            _ => Cow::Owned(self.to_string()),
        }
    }

    /// About how many bytes it takes in memory.
    pub(crate) fn size(&self) -> usize {
        let texts = self.0.iter().map(|piece| piece.as_str().len());
        texts.sum::<usize>() + self.0.len().saturating_sub(1) * PIECE_BYTES
    }

    /// The same with at most so many bytes of [`Self::size`], and with `…` where it was cut.
    pub(crate) fn clipped(&self, most: usize) -> Self {
        if self.size() <= most {
            return self.clone();
        }
        let mut left = most.saturating_sub('…'.len_utf8());
        let mut clipped = Self::default();
        for (index, piece) in self.0.iter().enumerate() {
            // The mark may need a piece of its own.
            let more = if index == 0 {
                PIECE_BYTES
            } else {
                2 * PIECE_BYTES
            };
            let size = piece.as_str().len();
            let mut piece = piece.clone();
            let Some(room) = left.checked_sub(more) else {
                break;
            };
            if size > room {
                let is_text = matches!(piece, Piece::Text(_));
                piece.truncate(if is_text { room + PIECE_BYTES } else { room });
                if let Piece::Text(text) = &mut piece {
                    *text += "…";
                    clipped.0.push(piece);
                    return clipped;
                }
                clipped.0.push(piece);
                break;
            }
            clipped.0.push(piece);
            left = room - size + PIECE_BYTES;
        }
        clipped.0.push(Piece::from("…"));
        clipped
    }

    /// The same with at most so many characters, where each piece has at least one.
    pub(crate) fn first_chars(&self, most: usize) -> Self {
        let mut left = most;
        let pieces = self.0.iter().map_while(|piece| {
            if left == 0 {
                return None;
            }
            let mut piece = piece.clone();
            if let Some((end, _)) = piece.as_str().char_indices().nth(left) {
                piece.truncate(end);
            }
            left = left.saturating_sub(piece.as_str().chars().count().max(1));
            Some(piece)
        });
        pieces.collect()
    }
}

/// What a further piece takes beyond its text, about.
const PIECE_BYTES: usize = 32;

impl Piece {
    /// Nothing of a number.
    fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number(_) => "",
            Self::Value(value) => &value.text,
        }
    }

    /// To at most so many bytes, if it is a text.
    fn truncate(&mut self, bytes: usize) {
        let end = self.as_str().floor_char_boundary(bytes);
        match self {
            Self::Text(text) => text.to_mut().truncate(end),
            Self::Number(_) => {}
            Self::Value(value) => value.text.truncate(end),
        }
    }
}

/// The name says what kind of error it is; the message is the browser's own text.
impl From<&JsError> for Detail {
    fn from(error: &JsError) -> Self {
        detail![error.name.clone(), ": ", error.message.clone()]
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Number(number) => number.fmt(f),
            Piece::Value(value) => f.write_str(&value.text),
        })
    }
}

impl PartialEq<str> for Detail {
    fn eq(&self, text: &str) -> bool {
        self.text() == text
    }
}

impl PartialEq<&str> for Detail {
    fn eq(&self, text: &&str) -> bool {
        self.text() == *text
    }
}

/// A text alone is written as one, so that a file is easy to read.
impl Serialize for Detail {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &*self.0 {
            [Piece::Text(text)] => serializer.serialize_str(text),
            pieces => pieces.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Detail {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Pieces(Vec<Piece>),
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::Text(text) => Self::from(text),
            Written::Pieces(pieces) => pieces.into_iter().collect(),
        })
    }
}

impl TryFrom<BTreeMap<Private, String>> for Value {
    type Error = &'static str;

    fn try_from(written: BTreeMap<Private, String>) -> Result<Self, Self::Error> {
        let mut written = written.into_iter();
        match (written.next(), written.next()) {
            (Some((what, text)), None) => Ok(Self { what, text }),
            _ => Err("a value has one kind"),
        }
    }
}

impl From<Value> for BTreeMap<Private, String> {
    fn from(value: Value) -> Self {
        Self::from([(value.what, value.text)])
    }
}

impl FromIterator<Piece> for Detail {
    fn from_iter<I: IntoIterator<Item = Piece>>(pieces: I) -> Self {
        let is_something = |piece: &Piece| !matches!(piece, Piece::Text(text) if text.is_empty());
        Self(pieces.into_iter().filter(is_something).collect())
    }
}

impl From<&'static str> for Piece {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u16> for Piece {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Piece {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Piece {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

impl From<&'static str> for Detail {
    fn from(text: &'static str) -> Self {
        Self::from_iter([Piece::from(text)])
    }
}

impl From<String> for Detail {
    fn from(text: String) -> Self {
        Self::from_iter([Piece::from(text)])
    }
}

impl From<Piece> for Detail {
    fn from(piece: Piece) -> Self {
        Self::from_iter([piece])
    }
}

#[cfg(test)]
mod tests;
