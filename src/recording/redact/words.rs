//! Words of a text, and what they look like.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::address::Reach;

/// Tells the secrets that a text has where everybody expects them.
pub(super) fn secrets(text: &str, mut found: impl FnMut(&'static str, &str)) {
    for line in text.split(['\r', '\n']) {
        let line = line.strip_prefix("a=").unwrap_or(line);
        if let Some(ufrag) = line.strip_prefix("ice-ufrag:") {
            found("ufrag", ufrag.trim());
        } else if let Some(password) = line.strip_prefix("ice-pwd:") {
            found("password", password.trim());
        }
        let mut words = line.split(' ');
        while let Some(word) = words.next() {
            // https://www.rfc-editor.org/rfc/rfc8838#section-17.1 and how browsers do it.
            if word == "ufrag" {
                if let Some(ufrag) = words.next() {
                    found("ufrag", ufrag);
                }
            } else if let Some(host) = host(word) {
                found("host", host);
            }
        }
    }
}

/// How a value stands in texts where it is no single word: as it is, and as part of an address.
pub(super) fn phrases(value: &str) -> Vec<String> {
    let is_phrase =
        |text: &str| text.contains(|c: char| is_separator(c) || matches!(c, ':' | '/' | '%'));
    let mut phrases: Vec<String> = Vec::new();
    // Databases have dots in no key.
    for encoded in [value.to_owned(), encoded(value, ""), encoded(value, ".")] {
        if is_phrase(&encoded) && !phrases.contains(&encoded) {
            phrases.push(encoded);
        }
    }
    phrases
}

/// As `encodeURIComponent` does, and `also` these.
fn encoded(value: &str, also: &str) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        let c = char::from(byte);
        let plain = c.is_ascii_alphanumeric() || "-_.!~*'()".contains(c);
        if plain && !also.contains(c) {
            encoded.push(c);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The room that a text speaks of by its place.
pub(super) fn room(text: &str) -> Option<&str> {
    let after = ["rooms/call/", "rooms/mesh/", "webrtc-tour/call/"];
    let rest = after
        .iter()
        .find_map(|before| Some(text.split_once(before)?.1))?;
    let room = rest.split(['/', '?', '\n']).next()?;
    Some(room.trim_end_matches(".json")).filter(|room| !room.is_empty())
}

/// The host of a URL that is named and not numbered.
fn host(word: &str) -> Option<&str> {
    let rest = match word.split_once("://") {
        Some((_, rest)) => rest,
        None => ["stun:", "stuns:", "turn:", "turns:"]
            .iter()
            .find_map(|scheme| word.strip_prefix(scheme))?,
    };
    let host = rest.split(['/', ':', '?', '#']).next()?;
    let host = host.rsplit('@').next()?;
    let numbered = host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok();
    let named = !numbered && !host.is_empty() && host != "localhost" && !is_mdns(host);
    named.then_some(host)
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

/// In bytes: a fingerprint by SHA-512 has 191.
const LONGEST: usize = 256;

fn is_separator(c: char) -> bool {
    c.is_whitespace() || "\"'=,;[](){}<>|“”‘’?&#@\\".contains(c)
}

fn push_word(
    result: &mut String,
    word: &str,
    replace: &mut impl FnMut(Option<&'static str>, &str) -> Option<String>,
) {
    if let Some(known) = replace(None, word) {
        return result.push_str(&known);
    }
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
    let known = if let Ok(address) = bare.parse::<Ipv4Addr>() {
        class_of_address(address.into()).and_then(|class| replace(Some(class), bare))
    } else if is_mdns(bare) {
        replace(Some("mdns"), bare)
    } else {
        replace(None, bare)
    };
    known.map(|known| known + tail)
}

fn is_mdns(word: &str) -> bool {
    let length = word.len();
    length > 6
        && word
            .get(length - 6..)
            .is_some_and(|end| end.eq_ignore_ascii_case(".local"))
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
