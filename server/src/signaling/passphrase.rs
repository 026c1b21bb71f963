//! PURE: what the server keeps of a room's passphrase, and how it knows it again.
//!
//! Both directions are slow on purpose: whoever drives this does it away from every lock, and one
//! at a time.

use std::num::NonZeroU32;

use ring::pbkdf2;
use signaling_protocol::Passphrase;

/// PBKDF2-HMAC-SHA256 as OWASP's Password Storage Cheat Sheet asks for it (2023).
const ROUNDS: NonZeroU32 = NonZeroU32::new(600_000).unwrap();

pub(crate) type Salt = [u8; 16];

/// A salted, slow hash of a passphrase. Of the passphrase itself nothing is kept.
pub(crate) struct PassphraseHash {
    salt: Salt,
    hash: [u8; 32],
}

impl PassphraseHash {
    /// `salt` is random.
    pub(crate) fn new(passphrase: &Passphrase, salt: Salt) -> Self {
        let mut hash = [0; 32];
        let secret = passphrase.expose().as_bytes();
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ROUNDS, &salt, secret, &mut hash);
        Self { salt, hash }
    }

    /// Whether it is of this passphrase; takes as long for a wrong one as for the right one.
    pub(crate) fn is_of(&self, passphrase: &Passphrase) -> bool {
        let secret = passphrase.expose().as_bytes();
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        pbkdf2::verify(algorithm, ROUNDS, &self.salt, secret, &self.hash).is_ok()
    }

    /// Of nothing, for tests of those who only hand it on.
    #[cfg(test)]
    pub(crate) fn dummy() -> Self {
        Self {
            salt: [0; 16],
            hash: [0; 32],
        }
    }
}

/// Not even the hash is for a log.
impl std::fmt::Debug for PassphraseHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PassphraseHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_known_again_and_no_other_is() {
        let passphrase = Passphrase::new("open sesame").unwrap();
        let hash = PassphraseHash::new(&passphrase, [7; 16]);
        assert!(hash.is_of(&passphrase));
        assert!(!hash.is_of(&Passphrase::new("open sesam").unwrap()));
        // python3 -c "import hashlib; print(hashlib.pbkdf2_hmac('sha256', b'open sesame', b'\7'*16, 600000).hex())"
        let expected = "dd3693ad0e356f0f17821d6b70ac16a0d236f7e84b83446fc422f29761289183";
        let digits: String = hash.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digits, expected);
        assert_eq!(format!("{hash:?}"), "PassphraseHash(…)");
    }
}
