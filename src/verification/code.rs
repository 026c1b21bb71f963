//! From two fingerprints to what people can say to each other.
//!
//! **How long.** Six of 64 emoji are 36 bits, twelve digits 39.9: together 75.9. Whoever waits
//! until both ends have told their certificates, and only then makes two of its own such that both
//! codes come out equal, needs a collision between two lists that it can make as long as it likes,
//! so about 2^38 codes: half the bits. A certificate may hold any serial number, so each try costs
//! no more than the hashes do. Therefore one code is [`ROUNDS`] = 2^14 hashes: about 2^52 in all,
//! within the seconds that people wait for a call to begin. Whoever knows the second certificate
//! only after it has shown its own to the first needs 2^75.9 codes. Four emoji and no more
//! would be found by a laptop. ZRTP (RFC 6189 §4.4.1.1) does with less, because each end commits to
//! its part before it sees the other's; that takes messages of its own, and this code is to be
//! computed from what every browser tells.

use std::fmt;

use sha2::{Digest, Sha256};

use super::emoji::{EMOJI, Emoji};
use super::fingerprint::Fingerprint;

/// No other use of SHA-256 begins with this, and no other version of this code does.
const DOMAIN: &[u8] = b"webrtc-tour verification code 1\0";

/// How often the hash is hashed.
const ROUNDS: u32 = 1 << 14;

const SIGNS: usize = 6;
/// Ten to the power of the number of digits.
const NUMBERS: u64 = 1_000_000_000_000;

/// Equal for both ends if, and practically only if, both see the same two certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VerificationCode {
    /// Indices into the table.
    signs: [u8; SIGNS],
    number: u64,
}

impl VerificationCode {
    /// Takes as long as some ten thousand hashes do: milliseconds.
    pub fn of(one: &Fingerprint, other: &Fingerprint) -> Self {
        let mut both = [encoded(one), encoded(other)];
        both.sort();
        let mut hash = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(&both[0])
            .chain_update(&both[1])
            .finalize();
        for _ in 1..ROUNDS {
            hash = Sha256::digest(hash);
        }
        let (mut signs, mut number) = ([0; SIGNS], [0; 8]);
        signs.copy_from_slice(&hash[..SIGNS]);
        number.copy_from_slice(&hash[SIGNS..SIGNS + 8]);
        Self {
            signs: signs.map(|byte| byte % EMOJI.len() as u8),
            // Of 64 bits, so that no number is noticeably more likely than others.
            number: u64::from_be_bytes(number) % NUMBERS,
        }
    }

    pub(crate) fn emoji(&self) -> impl Iterator<Item = Emoji> {
        self.signs
            .iter()
            .map(|index| EMOJI[usize::from(*index) % EMOJI.len()])
    }

    /// In groups of four, as people read numbers aloud: `0123 4567 8901`.
    pub(crate) fn digits(&self) -> String {
        let digits = format!("{:012}", self.number);
        format!("{} {} {}", &digits[..4], &digits[4..8], &digits[8..])
    }

    /// The whole code in words: `dog, apple, … 0123 4567 8901`.
    pub(crate) fn words(&self) -> String {
        let names: Vec<_> = self.emoji().map(|emoji| emoji.name).collect();
        format!("{}, {}", names.join(", "), self.digits())
    }
}

impl fmt::Display for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for emoji in self.emoji() {
            f.write_str(emoji.sign)?;
        }
        write!(f, " {}", self.digits())
    }
}

/// Lengths first, so that no two different pairs are the same bytes.
fn encoded(fingerprint: &Fingerprint) -> Vec<u8> {
    let mut encoded = Vec::new();
    for part in [fingerprint.algorithm().as_bytes(), fingerprint.bytes()] {
        // No longer than 255, as parsing sees to.
        encoded.push(part.len() as u8);
        encoded.extend_from_slice(part);
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fingerprint(bytes: [u8; 32]) -> Fingerprint {
        let hex: Vec<_> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        format!("sha-256 {}", hex.join(":")).parse().unwrap()
    }

    /// Computed apart from this program, with Python's hashlib.
    #[test]
    fn a_known_pair_has_a_known_code() {
        let one = fingerprint([1; 32]);
        let other = fingerprint(std::array::from_fn(|index| index as u8));
        let code = VerificationCode::of(&one, &other);
        assert_eq!(code.signs, KNOWN_SIGNS);
        assert_eq!(code.number, KNOWN_NUMBER);
    }

    const KNOWN_SIGNS: [u8; SIGNS] = [27, 9, 56, 39, 14, 54];
    const KNOWN_NUMBER: u64 = 80_543_248_198;

    #[test]
    fn the_hash_function_counts_too() {
        let plain: Fingerprint = "sha-1 01:02".parse().unwrap();
        let other: Fingerprint = "sha-2 01:02".parse().unwrap();
        assert_ne!(
            VerificationCode::of(&plain, &plain),
            VerificationCode::of(&plain, &other)
        );
        // What belongs to which of the two counts as well.
        let [a, b, c, d]: [Fingerprint; 4] =
            ["x 01:02", "x 03", "x 01", "x 02:03"].map(|text| text.parse().unwrap());
        assert_ne!(VerificationCode::of(&a, &b), VerificationCode::of(&c, &d));
    }

    #[test]
    fn a_code_can_be_read_aloud() {
        let code = VerificationCode {
            signs: [0, 1, 2, 3, 4, 63],
            number: 12_345_678,
        };
        assert_eq!(code.digits(), "0000 1234 5678");
        assert_eq!(
            code.words(),
            "dog, cat, lion, horse, pig, balloon, 0000 1234 5678"
        );
        assert_eq!(code.to_string(), "🐶🐱🦁🐴🐷🎈 0000 1234 5678");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn both_ends_have_the_same_code(one: [u8; 32], other: [u8; 32]) {
            let (one, other) = (fingerprint(one), fingerprint(other));
            prop_assert_eq!(VerificationCode::of(&one, &other), VerificationCode::of(&other, &one));
        }

        #[test]
        fn any_other_byte_makes_another_code(one: [u8; 32], other: [u8; 32], at in 0_usize..32, change in 1_u8..) {
            let mut swapped = other;
            swapped[at] ^= change;
            let one = fingerprint(one);
            prop_assert_ne!(
                VerificationCode::of(&one, &fingerprint(other)),
                VerificationCode::of(&one, &fingerprint(swapped))
            );
        }
    }
}
