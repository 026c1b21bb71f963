//! Signaling through a Firebase Realtime Database: where in the tree what is, and how it looks.
//! Pure; shared by the browser's transport, the server's housekeeping and the tests.
//!
//! ```text
//! /rooms/{room}/participants/{uid}                Participant's entry
//! /rooms/{room}/messages/{to}/{from}/{push id}    one Message, until `to` has read it
//! /iceServers                                     what the owner offers to everybody
//! ```
//!
//! `room` is a room's name made a key by [`key`], the rest are ids. The rules beside the wire
//! specification say who may do what.

use serde::{Deserialize, Serialize};

use crate::{PeerMessage, RoomId, RoomKind};

/// How often a participant renews its entry, in milliseconds.
pub const HEARTBEAT_MS: u64 = 5_000;

/// An entry that is not renewed for so long belongs to somebody whose connection is lost.
pub const LATE_AFTER_MS: u64 = 12_000;

/// … for so long, to somebody who has gone; anybody may remove it. The rules say the same number.
pub const EXPIRES_AFTER_MS: u64 = 30_000;

/// How many may be in a room together with a participant of this kind.
pub fn capacity(kind: RoomKind) -> usize {
    match kind {
        RoomKind::Call => 2,
        RoomKind::Mesh => 8,
    }
}

/// A participant's public entry. Times are the database's, in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// May be empty.
    pub name: String,
    pub kind: RoomKind,
    pub joined_at: u64,
    pub seen_at: u64,
}

/// A directed message as it is stored; sender and recipient are in its path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// A [`Message`] as JSON text: a tree would lose its nulls and empty texts.
    pub message: String,
    pub sent_at: u64,
}

/// What one participant says to one other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Message {
    /// The sender has come in.
    Joined {
        name: String,
    },
    /// The sender leaves.
    Left,
    Signal {
        signal: PeerMessage,
    },
}

/// The longest [`Record::message`], in UTF-16 code units. The rules say the same number.
pub const MAX_MESSAGE_UNITS: usize = 65_536;

/// The longest [`Entry::name`], in UTF-16 code units. The rules say the same number.
pub const MAX_NAME_UNITS: usize = 40;

/// The path of a room, without a slash at either end.
pub fn room_path(room: &RoomId) -> String {
    format!("rooms/{}", key(room.as_str()))
}

/// A text as a key: what keys must not have, and the sign of escaping itself, is written as in an
/// address. <https://firebase.google.com/docs/database/web/structure-data>
pub fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '.' | '$' | '#' | '[' | ']' | '/' | '%' => {
                key += &format!("%{:02X}", u32::from(c));
            }
            _ => key.push(c),
        }
    }
    key
}

/// The text that [`key`] made this key of; `None` if it made it of none.
pub fn text(key: &str) -> Option<String> {
    let mut text = String::with_capacity(key.len());
    let mut parts = key.split('%');
    text += parts.next()?;
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        text.push(char::from(u8::from_str_radix(code, 16).ok()?));
        text += rest;
    }
    (self::key(&text) == key).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_room_has_a_path() {
        let room = RoomId::new("a/b.c ä%").unwrap();
        let path = room_path(&room);
        assert_eq!(path, "rooms/a%2Fb%2Ec ä%25");
    }

    #[test]
    fn what_is_not_made_by_us_has_no_text() {
        for key in ["%", "%4", "%41", "%2f", "%é", "a.b"] {
            assert_eq!(text(key), None, "{key}");
        }
    }

    proptest! {
        #[test]
        fn keys_are_valid_and_tell_their_text(given in "\\PC{0,80}") {
            let key = key(&given);
            prop_assert!(!key.contains(['.', '$', '#', '[', ']', '/']));
            prop_assert_eq!(text(&key), Some(given));
        }
    }
}
