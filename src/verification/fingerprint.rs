//! The hash of a certificate, as descriptions carry it (RFC 8122 §5).

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

/// What all browsers use now, and what a verification code is made of.
pub(crate) const SHA_256: &str = "sha-256";

/// The hash function by its textual name, lower case, and the hash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    algorithm: String,
    bytes: Vec<u8>,
}

/// Not `hash-func SP UHEX *(":" UHEX)`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("“{0}” is not a fingerprint")]
pub struct InvalidFingerprint(pub String);

impl Fingerprint {
    /// Of a certificate in DER form.
    pub(crate) fn of_certificate(der: &[u8]) -> Self {
        Self {
            algorithm: SHA_256.to_owned(),
            bytes: Sha256::digest(der).to_vec(),
        }
    }

    pub(crate) fn algorithm(&self) -> &str {
        &self.algorithm
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// All different fingerprints of a description, in the order of their coming. Also those of
/// sections that are not used: they would hide nothing, but whoever writes a second one into a
/// description has something in mind.
pub(crate) fn in_description(sdp: &str) -> Result<Vec<Fingerprint>, InvalidFingerprint> {
    let mut found = Vec::new();
    let lines = sdp.lines().map(str::trim_end);
    for value in lines.filter_map(|line| line.strip_prefix("a=fingerprint:")) {
        let fingerprint = value.parse()?;
        if !found.contains(&fingerprint) {
            found.push(fingerprint);
        }
    }
    Ok(found)
}

impl FromStr for Fingerprint {
    type Err = InvalidFingerprint;

    fn from_str(text: &str) -> Result<Self, InvalidFingerprint> {
        let invalid = || InvalidFingerprint(text.chars().take(100).collect());
        let (algorithm, hex) = text.trim().split_once(' ').ok_or_else(invalid)?;
        let byte = |pair: &str| {
            // `from_str_radix` would take a sign.
            let is_hex = pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit());
            is_hex.then(|| u8::from_str_radix(pair, 16).ok()).flatten()
        };
        let bytes: Option<Vec<_>> = hex.trim().split(':').map(byte).collect();
        let bytes = bytes.ok_or_else(invalid)?;
        let algorithm = algorithm.to_ascii_lowercase();
        let is_token = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        let has_size = algorithm != SHA_256 || bytes.len() == 32;
        if algorithm.is_empty() || !algorithm.bytes().all(is_token) || !has_size {
            return Err(invalid());
        }
        // What cannot be encoded in a code, no hash function makes.
        if algorithm.len() > 255 || bytes.len() > 255 {
            return Err(invalid());
        }
        Ok(Self { algorithm, bytes })
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.algorithm)?;
        for (index, byte) in self.bytes.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_fingerprints_of_a_description_are_found_once_each() {
        let one = format!("sha-256 {}", ["AB"; 32].join(":"));
        let sdp = format!(
            "v=0\r\na=fingerprint:{one}\r\nm=audio 9 x\r\na=fingerprint:{}\r\nm=video 9 x\r\na=fingerprint:sha-1 01:02\r\n",
            one.to_lowercase()
        );
        let found = in_description(&sdp).unwrap();
        let texts: Vec<_> = found.iter().map(Fingerprint::to_string).collect();
        assert_eq!(texts, [one.as_str(), "sha-1 01:02"]);
        assert_eq!(in_description("v=0\r\n"), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_fingerprint_is_an_error() {
        let short = format!("sha-256 {}", ["AB"; 31].join(":"));
        for text in [
            "",
            "sha-256",
            "sha-256 ",
            "sha-1 A",
            "sha-1 AB:",
            "sha-1 AB:+1",
            "sha-1 ABC",
            "sha-1 ÄB:01",
            "sha 1 AB",
            " AB",
            short.as_str(),
        ] {
            let sdp = format!("v=0\r\na=fingerprint:{text}\r\n");
            assert!(in_description(&sdp).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_certificate_has_the_fingerprint_that_every_tool_gives_it() {
        // SHA-256 of "abc", FIPS 180-2, appendix B.1.
        let hash = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
        let text = Fingerprint::of_certificate(b"abc").to_string();
        assert_eq!(text.replace(':', ""), format!("sha-256 {hash}"));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(algorithm in "[a-z][a-z0-9-]{0,9}", bytes in prop::collection::vec(any::<u8>(), 1..64)) {
            prop_assume!(algorithm != SHA_256);
            let fingerprint = Fingerprint { algorithm, bytes };
            prop_assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
        }

        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,80}") {
            let _ = in_description(&format!("a=fingerprint:{text}"));
        }
    }
}
