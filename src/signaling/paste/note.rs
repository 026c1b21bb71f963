//! An invitation or an answer as one short text, and back. Pure.
//!
//! `wt1.` and then base64url (RFC 4648, section 5) of: how many bytes follow, as two bytes; the
//! note as JSON, compressed by DEFLATE (RFC 1951) with [a dictionary](DICTIONARY) of what browsers
//! write into their descriptions; and a CRC-32 of all that. A text that was cut off or altered on
//! its way is recognized; white space, and whatever stands before or after the text, does no harm.

use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};
use serde::{Deserialize, Serialize};
use signaling_protocol::PeerMessage;
use thiserror::Error;

/// The last character is the version: with another dictionary it is another.
const PREFIX: &str = "wt1.";

/// Both ends must have the same: what Chromium and Firefox offered when this was written.
const DICTIONARY: &[u8] = include_bytes!("dictionary.json");

/// No description of a call of two is that long.
const MOST_BYTES: usize = 256 * 1024;

/// What one person hands to the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) kind: Kind,
    /// Of the invitation, and the same in its answer.
    pub(super) exchange: String,
    /// What the writer is called; may be empty.
    #[serde(default)]
    pub(super) name: String,
    /// The description with all candidates.
    pub(super) messages: Vec<PeerMessage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Kind {
    Invitation,
    Answer,
}

/// Why a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Damage {
    #[error("This is neither an invitation nor an answer.")]
    NotOne,
    #[error("This text is incomplete.")]
    Incomplete,
    #[error("This text was altered on its way.")]
    Altered,
    #[error("This text is of another version of this page.")]
    OtherVersion,
}

pub(super) fn encode(note: &Note) -> String {
    // Strings and lists always have a JSON text.
    let json = serde_json::to_vec(note).unwrap_or_default();
    let deflated = deflate(&json);
    let mut bytes = u16::try_from(deflated.len())
        .unwrap_or_default()
        .to_be_bytes()
        .to_vec();
    bytes.extend(deflated);
    bytes.extend(crc32(&bytes).to_be_bytes());
    format!("{PREFIX}{}", base64(&bytes))
}

pub(super) fn decode(text: &str) -> Result<Note, Damage> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(begin) = text.rfind(PREFIX) else {
        return Err(Damage::NotOne);
    };
    let (bytes, clean) = from_base64(&text[begin + PREFIX.len()..]);
    let (length, rest) = bytes.split_first_chunk().ok_or(Damage::Incomplete)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if rest.len() < length + 4 {
        return Err(Damage::Incomplete);
    }
    let (body, sum) = bytes.split_at(bytes.len() - 4);
    if !clean || rest.len() > length + 4 || crc32(body).to_be_bytes() != sum {
        return Err(Damage::Altered);
    }
    let json = inflate(&rest[..length]).ok_or(Damage::OtherVersion)?;
    serde_json::from_slice(&json).map_err(|_| Damage::OtherVersion)
}

/// Whether there may be a text for [`decode`] in here.
pub(super) fn is_in(text: &str) -> bool {
    text.contains(PREFIX)
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut compressor = CompressorOxide::default();
    // As if the dictionary had been sent before; its own bytes are thrown away. A flush ends on a
    // whole byte.
    compress_to_output(&mut compressor, DICTIONARY, TDEFLFlush::Sync, |_| true);
    let mut deflated = Vec::new();
    let (status, _) = compress_to_output(&mut compressor, bytes, TDEFLFlush::Finish, |part| {
        deflated.extend_from_slice(part);
        true
    });
    debug_assert_eq!(status, TDEFLStatus::Done);
    deflated
}

fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let begin = DICTIONARY.len();
    let mut out = vec![0; begin + MOST_BYTES];
    out[..begin].copy_from_slice(DICTIONARY);
    let (status, _, written) = decompress(
        &mut DecompressorOxide::new(),
        bytes,
        &mut out,
        begin,
        TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
    );
    (status == TINFLStatus::Done).then(|| out[begin..begin + written].to_vec())
}

/// <https://www.rfc-editor.org/rfc/rfc1952#section-8>, a bit at a time.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(bits);
        for digit in 0..=group.len() {
            let index = (bits >> (18 - 6 * digit)) & 63;
            text.push(char::from(DIGITS[index as usize]));
        }
    }
    text
}

/// The digits at the beginning, and whether they are what [`base64`] writes: bits that belong to no
/// byte are zero, or two texts would be the same.
fn from_base64(text: &str) -> (Vec<u8>, bool) {
    let value = |digit| DIGITS.iter().position(|known| *known == digit);
    let digits: Vec<usize> = text.bytes().map_while(value).collect();
    let mut bytes = Vec::with_capacity(digits.len());
    let mut clean = true;
    for group in digits.chunks(4) {
        let bits = group
            .iter()
            .fold(0, |bits, digit| bits << 6 | *digit as u32);
        let bits = bits << (6 * (4 - group.len()));
        let (whole, rest) = (group.len() - 1, bits.to_be_bytes());
        clean &= whole > 0 && rest[1 + whole..].iter().all(|byte| *byte == 0);
        bytes.extend(&rest[1..=whole]);
    }
    (bytes, clean)
}

#[cfg(test)]
mod tests;
