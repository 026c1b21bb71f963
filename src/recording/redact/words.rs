//! Words of a text, and what they look like.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use signaling_protocol::database;

use crate::address::Reach;

/// How a value stands in texts where it is no single word: as it is, as part of an address, and as a
/// key of a database.
pub(super) fn phrases(value: &str) -> Vec<String> {
    let is_phrase =
        |text: &str| text.contains(|c: char| is_separator(c) || matches!(c, ':' | '/' | '%'));
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

/// The text with each word as `replace` says, which gets the class that the word looks like.
pub(super) fn replaced(
    text: &str,
    mut replace: impl FnMut(Option<&'static str>, &str) -> Option<String>,
) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if is_separator(first) {
            let length = first.len_utf8();
            result.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        let (word, after) = rest.split_at(rest.find(is_separator).unwrap_or(rest.len()));
        push_word(&mut result, word, &mut replace);
        rest = after;
    }
    result
}

/// What may be replaced by itself in a text.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split(|c: char| is_separator(c) || matches!(c, ':' | '/' | '%'));
    pieces.map(|piece| piece.trim_end_matches('.'))
}

/// So much of the text, at most to this byte, that no word is cut: half of an address does not look
/// like one.
pub(crate) fn whole_words(text: &str, end: usize) -> &str {
    let end = text.floor_char_boundary(end);
    let (start, rest) = text.split_at(end);
    if rest.chars().next().is_none_or(is_separator) {
        return start;
    }
    let whole = start.trim_end_matches(|c| !is_separator(c));
    // A longer one is none.
    let is_near = start.len() - whole.len() <= LONGEST;
    if is_near { whole } else { start }
}

/// In bytes: a fingerprint by SHA-512 has 191.
const LONGEST: usize = 256;

pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace() || "\"'=,;[](){}<>|“”‘’?!…&#@\\".contains(c)
}

fn push_word(
    result: &mut String,
    word: &str,
    replace: &mut impl FnMut(Option<&'static str>, &str) -> Option<String>,
) {
    if let Some(known) = replace(None, word) {
        return result.push_str(&known);
    }
    let (word, end) = word.split_at(without_end(word).len());
    push_parts(result, word, replace);
    result.push_str(end);
}

/// Without the end of a sentence or of a part of one. An address may end in two colons.
fn without_end(word: &str) -> &str {
    let word = word.trim_end_matches('.');
    match word.strip_suffix(':') {
        Some(bare) if !bare.ends_with(':') || bare.ends_with("::") => bare,
        _ => word,
    }
}

fn push_parts(
    result: &mut String,
    word: &str,
    replace: &mut impl FnMut(Option<&'static str>, &str) -> Option<String>,
) {
    // Whatever stands before it: `ip6:2001:db8::1`, `CF1A:2B:…`
    let starts = std::iter::once(0).chain(word.match_indices(':').map(|(at, _)| at + 1));
    for start in starts {
        let (before, tail) = word.split_at(start);
        // Neither is longer than that, and a word may be long and have many colons.
        let near = tail.len() <= LONGEST;
        if let Some((prefix, fingerprint)) = near.then(|| fingerprint(tail)).flatten() {
            let known = replace(Some("fingerprint"), &fingerprint.to_uppercase());
            result.push_str(before);
            result.push_str(prefix);
            return result.push_str(known.as_deref().unwrap_or_default());
        }
        let end = tail
            .bytes()
            .take(LONGEST)
            .position(|byte| matches!(byte, b'%' | b'/'));
        let end = end.or(near.then_some(tail.len()));
        let Some((address, after)) = end.and_then(|end| tail.split_at_checked(end)) else {
            continue;
        };
        if let Ok(parsed) = address.parse::<Ipv6Addr>() {
            let known =
                class_of_address(parsed.into()).and_then(|class| replace(Some(class), address));
            result.push_str(before);
            result.push_str(known.as_deref().unwrap_or(address));
            return result.push_str(after);
        }
    }
    // Neither holds a colon: what is left has no address of version 6 in it.
    for (index, piece) in word.split(':').enumerate() {
        if index > 0 {
            result.push(':');
        }
        if let Some(known) = one(piece, replace) {
            result.push_str(&known);
            continue;
        }
        for (index, part) in piece.split('/').enumerate() {
            if index > 0 {
                result.push('/');
            }
            let known = one(part, replace);
            result.push_str(known.as_deref().unwrap_or(part));
        }
    }
}

fn one(
    piece: &str,
    replace: &mut impl FnMut(Option<&'static str>, &str) -> Option<String>,
) -> Option<String> {
    // A sentence may end after it.
    let bare = piece.trim_end_matches('.');
    let tail = &piece[bare.len()..];
    let known = if let Some(known) = replace(None, piece) {
        return Some(known);
    } else if let Ok(address) = bare.parse::<Ipv4Addr>() {
        class_of_address(address.into()).and_then(|class| replace(Some(class), bare))
    } else if is_mdns(bare) {
        replace(Some("mdns"), bare)
    } else if is_database(bare) {
        replace(Some("host"), bare)
    } else if is_uuid(bare) {
        replace(Some("id"), bare)
    } else if is_web_token(bare) {
        replace(Some("token"), bare)
    } else {
        replace(None, bare)
    };
    known.map(|known| known + tail)
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
