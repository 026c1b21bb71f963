//! Which seat a token is for.

use std::time::Instant;

use ring::digest::{SHA256, digest};
use signaling_protocol::{PeerId, Token};

/// A participant: the first half of the SHA-256 of its token. So it is the same again after a
/// restart of the server, which keeps nothing, and it gives nothing of the token away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SeatId(pub u128);

impl SeatId {
    pub(crate) fn of(token: &Token) -> Self {
        let digest = digest(&SHA256, token.expose().as_bytes());
        let half = digest.as_ref().iter().take(size_of::<u128>());
        Self(half.fold(0, |id, &byte| id << 8 | u128::from(byte)))
    }

    /// As clients know it: 32 lower-case hexadecimal digits.
    pub(crate) fn peer_id(self) -> PeerId {
        PeerId::new(format!("{:032x}", self.0))
    }

    /// `None` for what [`Self::peer_id`] never gives.
    pub(crate) fn from_peer_id(id: &PeerId) -> Option<Self> {
        let digits = id.as_str();
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if digits.len() != 32 || !digits.bytes().all(digit) {
            return None;
        }
        u128::from_str_radix(digits, 16).ok().map(Self)
    }
}

/// Where the participant of a seat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Connected(super::ClientId),
    /// Its connection is lost; the seat is kept until then.
    Away(Instant),
}

impl Presence {
    pub(super) fn is_connected(self) -> bool {
        matches!(self, Self::Connected(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_beginning_of_the_sha_256_of_the_token() {
        // printf %s 0123456789abcdef0123456789abcdef | sha256sum
        let token = Token::new("0123456789abcdef0123456789abcdef").unwrap();
        let id = SeatId::of(&token).peer_id();
        assert_eq!(id.as_str(), "3eb1bd439947eb762998e566ccc2e099");
        assert_eq!(SeatId::from_peer_id(&id), Some(SeatId::of(&token)));
    }

    #[test]
    fn only_its_own_spelling_is_one() {
        let id = SeatId(0xab).peer_id();
        assert_eq!(id.as_str(), "000000000000000000000000000000ab");
        for text in [
            "",
            "ab",
            "000000000000000000000000000000AB",
            "+00000000000000000000000000000ab",
            "0000000000000000000000000000000ab",
            "éééééééééééééééé",
        ] {
            assert_eq!(SeatId::from_peer_id(&PeerId::new(text)), None, "{text}");
        }
    }
}
