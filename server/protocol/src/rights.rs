//! What hosts of a room decide, and what they say to do so.

use serde::{Deserialize, Deserializer, Serialize};
use thiserror::Error;

use crate::PeerId;

/// How newcomers get into a room. `Policy::default()` lets everybody in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Nobody new is let in.
    pub locked: bool,
    /// Newcomers wait until a host admits or refuses them.
    pub lobby: bool,
    /// Newcomers have to know the room's passphrase.
    pub passphrase: bool,
}

/// What a host changes of the [`Policy`]; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lobby: Option<bool>,
    /// A new passphrase, or none from now on: `null` on the wire.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub passphrase: Option<Option<Passphrase>>,
    /// Who was in the room before the server lost it, and passes this policy on the way back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub returning: Vec<PeerId>,
}

/// What only a host of a room may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum HostMessage {
    SetPolicy(PolicyChange),
    /// Let in somebody who waits.
    Admit {
        peer_id: PeerId,
    },
    /// Send away somebody who waits.
    Refuse {
        peer_id: PeerId,
    },
    /// Take a participant's seat away.
    Remove {
        peer_id: PeerId,
    },
    SetParticipant {
        peer_id: PeerId,
        /// `true` makes the participant a host, for as long as it is in the room.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        host: Option<bool>,
        /// Whether nobody is to hear the participant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        silenced: Option<bool>,
        /// Whether everybody is to see the participant large. It is the only one then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spotlight: Option<bool>,
    },
}

/// A room's passphrase: 1 to [`Passphrase::MAX_CHARS`] characters, of any kind. It is shown to
/// nobody, not even in a log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Passphrase(String);

/// A text that is not a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a passphrase has 1 to {max} characters", max = Passphrase::MAX_CHARS)]
pub struct InvalidPassphrase;

impl Passphrase {
    /// The longest one, in Unicode scalar values.
    pub const MAX_CHARS: usize = 128;

    pub fn new(text: impl Into<String>) -> Result<Self, InvalidPassphrase> {
        let text = text.into();
        match text.chars().count() {
            1..=Self::MAX_CHARS => Ok(Self(text)),
            _ => Err(InvalidPassphrase),
        }
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl TryFrom<String> for Passphrase {
    type Error = InvalidPassphrase;

    fn try_from(text: String) -> Result<Self, InvalidPassphrase> {
        Self::new(text)
    }
}

impl From<Passphrase> for String {
    fn from(passphrase: Passphrase) -> Self {
        passphrase.0
    }
}

/// Tells a field that is `null` from one that is not there.
fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Passphrase>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_is_bounded_and_not_shown() {
        assert_eq!(Passphrase::new(""), Err(InvalidPassphrase));
        assert_eq!(Passphrase::new("ä".repeat(129)), Err(InvalidPassphrase));
        let longest = Passphrase::new("ä".repeat(128)).unwrap();
        let change = PolicyChange {
            passphrase: Some(Some(longest)),
            ..PolicyChange::default()
        };
        assert!(!format!("{change:?}").contains('ä'));
    }

    #[test]
    fn what_is_not_said_stays_and_null_removes() {
        let read = |text: &str| serde_json::from_str::<PolicyChange>(text).unwrap();
        assert_eq!(read("{}"), PolicyChange::default());
        assert_eq!(read(r#"{"passphrase": null}"#).passphrase, Some(None));
        let open = Passphrase::new("open sesame").unwrap();
        let change = read(r#"{"passphrase": "open sesame", "locked": false}"#);
        assert_eq!(change.passphrase, Some(Some(open)));
        assert_eq!(change.locked, Some(false));
    }
}
