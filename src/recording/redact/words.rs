//! Words of a text, and what they look like.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use signaling_protocol::database;

use super::found::{By, Found, offset};
use crate::ice::reach::Reach;

/// How a value stands in texts where it is no single word: as it is, as part of an address, and as a
/// key of a database.
pub(super) fn phrases(value: &str) -> Vec<String> {
    let is_phrase = |text: &str| text.contains(|c: char| ends_piece(c) || is_mark(c));
    let mut phrases: Vec<String> = Vec::new();
    for form in [value.to_owned(), encoded(value), database::key(value)] {
        if is_phrase(&form) && !phrases.contains(&form) {
            phrases.push(form);
        }
    }
    phrases
}

/// As `encodeURIComponent` does.
fn encoded(value: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || "-_.!~*'()".contains(c) {
            encoded.push(c);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Finds each word that is `known`, and each that looks like something that tells.
pub(super) fn find(text: &str, known: impl Fn(&str) -> Option<String>, found: &mut Vec<Found>) {
    for (start, word) in split(text, 0, is_separator) {
        if let Some(placeholder) = known(word) {
            found.push(Found::new(start, word, By::Placeholder(placeholder)));
            continue;
        }
        addresses(start, word, found);
        for (start, piece) in split(word, start, |c| c == ':') {
            if one(start, piece, &known, found) {
                continue;
            }
            for (start, part) in split(piece, start, |c| c == '/') {
                if !one(start, part, &known, found) {
                    for (start, part) in split(part, start, is_mark) {
                        one(start, part, &known, found);
                    }
                }
            }
        }
    }
}

/// The parts of a text that begins at `start`, with their places.
fn split(
    text: &str,
    start: usize,
    ends: impl Fn(char) -> bool,
) -> impl Iterator<Item = (usize, &str)> {
    let parts = text.split(ends).filter(|part| !part.is_empty());
    parts.map(move |part| (start + offset(part, text), part))
}

/// What may be replaced by itself in a text.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split(|c: char| ends_piece(c) || is_mark(c));
    pieces.map(|piece| piece.trim_end_matches(SENTENCE_ENDS))
}

/// So much of the text, at most to this byte, that no word is cut: half of an address does not look
/// like one.
pub(crate) fn whole_words(text: &str, end: usize) -> &str {
    let end = text.floor_char_boundary(end);
    let (start, rest) = text.split_at(end);
    let is_end = |c| is_separator(c) || is_mark(c);
    if rest.chars().next().is_none_or(is_end) {
        return start;
    }
    let whole = start.trim_end_matches(|c| !is_end(c));
    // A longer one is none, but for a web token.
    let cut = &start[whole.len()..];
    let may_tell = cut.len() <= LONGEST || cut.starts_with("eyJ");
    if may_tell { whole } else { start }
}

/// In bytes: a fingerprint by SHA-512 has 191.
const LONGEST: usize = 256;

pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace() || "\"'=,;[](){}<>|“”„‘’«»`—–。?&#@\\".contains(c)
}

fn ends_piece(c: char) -> bool {
    is_separator(c) || matches!(c, ':' | '/' | '%')
}

/// What may stand between two words or in one, as in a password.
fn is_mark(c: char) -> bool {
    matches!(c, '!' | '…')
}

/// What may end a sentence, and what ends so.
pub(super) const SENTENCE_ENDS: [char; 3] = ['.', '!', '…'];

/// Finds addresses and fingerprints, whatever stands around them: `ip6:2001:db8::1`, `CF1A:2B:…`
fn addresses(start: usize, word: &str, found: &mut Vec<Found>) {
    let is_none_of_it = |c: char| !(c.is_ascii_alphanumeric() || ":.%/".contains(c));
    for (start, run) in split(word, start, is_none_of_it) {
        for (start, piece) in split(run, start, |c| matches!(c, ':' | '/' | '%')) {
            let bare = piece.trim_matches('.');
            if let Ok(address) = bare.parse::<Ipv4Addr>() {
                push_address(start + offset(bare, piece), bare, address.into(), found);
            }
        }
        let run = without_end(run);
        let starts = std::iter::once(0).chain(run.match_indices(':').map(|(at, _)| at + 1));
        for (start, tail) in starts.map(|at| (start + at, &run[at..])) {
            // Neither is longer than that, and a word may be long and have many colons.
            let near = tail.len() <= LONGEST;
            if let Some((prefix, fingerprint)) = near.then(|| fingerprint(tail)).flatten() {
                let value = fingerprint.to_uppercase();
                let start = start + prefix.len();
                found.push(Found::new(
                    start,
                    fingerprint,
                    By::Looks("fingerprint", value),
                ));
                break;
            }
            let end = tail
                .bytes()
                .take(LONGEST)
                .position(|byte| matches!(byte, b'%' | b'/'));
            let end = end.or(near.then_some(tail.len()));
            let address = end.and_then(|end| tail.get(..end)).unwrap_or_default();
            if let Ok(parsed) = address.parse::<Ipv6Addr>() {
                push_address(start, address, parsed.into(), found);
                break;
            }
        }
    }
}

fn push_address(start: usize, text: &str, address: IpAddr, found: &mut Vec<Found>) {
    let by = match class_of_address(address) {
        Some(class) => By::Looks(class, text.to_owned()),
        None => By::Itself,
    };
    found.push(Found::new(start, text, by));
}

/// Without the end of a sentence or of a part of one. An address may end in two colons.
fn without_end(word: &str) -> &str {
    let word = word.trim_end_matches('.');
    match word.strip_suffix(':') {
        Some(bare) if !bare.ends_with(':') || bare.ends_with("::") => bare,
        _ => word,
    }
}

/// Whether something that is known, or looks like what tells, is found where this piece stands.
fn one(
    start: usize,
    piece: &str,
    known: impl Fn(&str) -> Option<String>,
    found: &mut Vec<Found>,
) -> bool {
    // A sentence may end after it.
    let bare = piece.trim_end_matches(SENTENCE_ENDS);
    let looks = |class| Some((bare, By::Looks(class, bare.to_owned())));
    let one = if let Some(placeholder) = known(piece) {
        Some((piece, By::Placeholder(placeholder)))
    } else if is_mdns(bare) {
        looks("mdns")
    } else if is_database(bare) {
        looks("host")
    } else if is_uuid(bare) {
        looks("id")
    } else if is_web_token(bare) {
        looks("token")
    } else {
        known(bare).map(|placeholder| (bare, By::Placeholder(placeholder)))
    };
    let is_one = one.is_some();
    found.extend(one.map(|(text, by)| Found::new(start, text, by)));
    is_one
}

/// <https://www.rfc-editor.org/rfc/rfc9562#section-4>
fn is_uuid(word: &str) -> bool {
    let groups = [8, 4, 4, 4, 12];
    let is_group = |(group, length): (&str, usize)| {
        group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    word.len() == 36 && word.split('-').count() == 5 && word.split('-').zip(groups).all(is_group)
}

/// <https://www.rfc-editor.org/rfc/rfc7519#section-3>: each begins with `{"` in base64.
fn is_web_token(word: &str) -> bool {
    word.starts_with("eyJ") && word.split('.').count() == 3
}

pub(super) fn is_mdns(word: &str) -> bool {
    let length = word.len();
    length > 6
        && word
            .get(length - 6..)
            .is_some_and(|end| end.eq_ignore_ascii_case(".local"))
}

/// Whether it is the host of a database at Google, which is called like its project.
/// <https://firebase.google.com/docs/database/web/start>
fn is_database(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    [".firebaseio.com", ".firebasedatabase.app"]
        .iter()
        .any(|end| word.ends_with(end))
}

/// `None` for an address that everybody has.
fn class_of_address(address: IpAddr) -> Option<&'static str> {
    let shown = match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        v4 => v4,
    };
    Some(match (Reach::of(address), shown) {
        (Reach::Own, _) => return None,
        (Reach::Private, IpAddr::V4(_)) => "ipv4-private",
        (Reach::Private, IpAddr::V6(_)) => "ipv6-private",
        (Reach::Public, IpAddr::V4(_)) => "ipv4-public",
        (Reach::Public, IpAddr::V6(_)) => "ipv6-public",
    })
}

/// At least sixteen bytes in hexadecimal, and what stands right before them.
fn fingerprint(word: &str) -> Option<(&str, &str)> {
    let (first, rest) = word.split_once(':')?;
    let is_byte = |group: &str| group.len() == 2 && group.bytes().all(|b| b.is_ascii_hexdigit());
    if rest.split(':').count() < 15 || !rest.split(':').all(is_byte) {
        return None;
    }
    let start = first.len().checked_sub(2)?;
    is_byte(first.get(start..)?).then(|| word.split_at(start))
}
