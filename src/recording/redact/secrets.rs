//! Where texts have what identifies somebody or opens something, and everybody expects it there.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use signaling_protocol::database;

use super::Scope;
use super::found::{By, Found, offset};
use super::words::{SENTENCE_ENDS, is_mdns, is_separator};
use crate::sdp::explanation::extension;

/// Whether a value is worth a placeholder. The shortest are words of a protocol, too, and tell
/// nothing.
pub(super) fn tells(class: &str, value: &str) -> bool {
    if value.is_empty() {
        return false;
    }
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    match class {
        "session" => is_number && value.len() > 6,
        "foundation" => value.len() > 5,
        "stream" | "track" | "cname" => {
            let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase());
            value.len() > 7 && !is_word
        }
        "user" => value != "-" && !value.starts_with("mozilla"),
        _ => true,
    }
}

/// The value without what some write around it.
pub(super) fn bare<'a>(class: &str, value: &'a str) -> &'a str {
    match class {
        "stream" | "track" | "cname" => value.trim_matches(['{', '}']),
        _ => value,
    }
}

/// Whether it reads as a word of a protocol or as a number of one.
pub(super) fn is_plain(value: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
    let is_number = value.len() <= 6 && value.bytes().all(|byte| byte.is_ascii_digit());
    is_number || value.bytes().all(is_word)
}

/// Finds each that is `known` at its place.
pub(super) fn find(
    text: &str,
    scope: Scope,
    known: impl Fn(&str) -> Option<String>,
    found: &mut Vec<Found>,
) {
    each(text, scope, |class, value| {
        let value = bare(class, value);
        if let Some(placeholder) = known(value).filter(|_| tells(class, value)) {
            let start = offset(value, text);
            found.push(Found::new(start, value, By::Placeholder(placeholder)));
        }
    });
}

/// Tells each with its class: parts of the text.
pub(super) fn each(text: &str, scope: Scope, mut found: impl FnMut(&'static str, &str)) {
    for line in text.split(['\r', '\n']) {
        in_line(line, &mut found);
        if scope == Scope::People {
            in_trouble(line, &mut found);
        }
        // https://www.rfc-editor.org/rfc/rfc8285#section-5
        let is_extension = line.starts_with("a=extmap:");
        let mut words = line.split(' ');
        while let Some(word) = words.next() {
            // https://www.rfc-editor.org/rfc/rfc8838#section-9 and how browsers do it.
            if word == "ufrag" {
                if let Some(ufrag) = words.next() {
                    found("ufrag", ufrag);
                }
            } else {
                if !is_extension || !extension::is_known(word) {
                    in_url(word, &mut found);
                }
                in_query(word, &mut found);
            }
        }
    }
}

/// What a line of SDP has.
fn in_line(line: &str, found: &mut impl FnMut(&'static str, &str)) {
    if let Some(origin) = line.strip_prefix("o=") {
        // https://www.rfc-editor.org/rfc/rfc8866#section-5.2
        for (class, value) in ["user", "session"].into_iter().zip(origin.split(' ')) {
            found(class, value);
        }
        return;
    }
    let line = line.strip_prefix("a=").unwrap_or(line);
    let Some((attribute, value)) = line.split_once(':') else {
        return;
    };
    let value = value.trim();
    match attribute {
        "ice-ufrag" => found("ufrag", value),
        "ice-pwd" => found("password", value),
        "identity" => found("secret", value.split([' ', ';']).next().unwrap_or_default()),
        // https://www.rfc-editor.org/rfc/rfc8830#section-2
        "msid" => stream_and_track(value, found),
        "msid-semantic" => value
            .split(' ')
            .skip(1)
            .for_each(|stream| found("stream", stream)),
        // https://www.rfc-editor.org/rfc/rfc5576#section-6.1, and what browsers add.
        "ssrc" => match value.split_once(' ').and_then(|(_, of)| of.split_once(':')) {
            Some(("cname", cname)) => found("cname", cname),
            Some(("msid", both)) => stream_and_track(both, found),
            Some(("mslabel", stream)) => found("stream", stream),
            Some(("label", track)) => found("track", track),
            _ => {}
        },
        // Some make it of the address: https://www.rfc-editor.org/rfc/rfc8445#section-5.1.1.3
        "candidate" => found("foundation", value.split(' ').next().unwrap_or_default()),
        // https://www.rfc-editor.org/rfc/rfc4568#section-9.2
        "crypto" => {
            for word in value.split(' ') {
                if let Some(key) = word.strip_prefix("inline:") {
                    found("key", key.split('|').next().unwrap_or_default());
                }
            }
        }
        _ => {}
    }
}

fn stream_and_track(value: &str, found: &mut impl FnMut(&'static str, &str)) {
    for (class, value) in ["stream", "track"].into_iter().zip(value.split(' ')) {
        found(class, value);
    }
}

/// The host of a URL that is named and not numbered, and who signs in there.
fn in_url(word: &str, found: &mut impl FnMut(&'static str, &str)) {
    let word = word.trim_start_matches(is_separator);
    let rest = match word.split_once("://") {
        Some((_, rest)) => Some(rest),
        // https://www.rfc-editor.org/rfc/rfc3986#section-3.1 makes no difference between their cases.
        None => word.split_once(':').and_then(|(scheme, rest)| {
            let ice = ["stun", "stuns", "turn", "turns"];
            let is_ice = ice.iter().any(|of| scheme.eq_ignore_ascii_case(of));
            is_ice.then_some(rest)
        }),
    };
    let Some(authority) = rest.and_then(|rest| rest.split(['/', '?', '#']).next()) else {
        return;
    };
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", authority),
    };
    user.split(':').for_each(|part| found("secret", part));
    named_host(host, found);
}

fn named_host(text: &str, found: &mut impl FnMut(&'static str, &str)) {
    let host = text.split([':', '/', ',', '"', ')', ';']).next();
    let host = host.unwrap_or_default().trim_end_matches('.');
    let numbered = host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok();
    if !numbered && !host.is_empty() && host != "localhost" && !is_mdns(host) {
        found("host", host);
    }
}

/// Which database or sign-in does not do what was asked: `host:port/path (namespace)`. It is told
/// without a scheme; the texts are those of `signaling::firebase`, which tests this with each.
fn in_trouble(line: &str, found: &mut impl FnMut(&'static str, &str)) {
    const BEFORE: [&str; 3] = [
        "no answer from ",
        "there is no Realtime Database at ",
        "what answers at ",
    ];
    const AFTER: [&str; 2] = [" does not answer in time", " answers "];
    for before in BEFORE {
        if let Some((_, rest)) = line.split_once(before) {
            let (name, rest) = rest.split_once(' ').unwrap_or((rest, ""));
            named_host(name, found);
            // None has one that ends in a semicolon.
            if let Some((namespace, _)) = rest
                .strip_prefix('(')
                .filter(|_| !name.ends_with(';'))
                .and_then(|rest| rest.split_once(')'))
            {
                found("host", namespace);
            }
        }
    }
    for after in AFTER {
        let Some((name, rest)) = line.split_once(after) else {
            continue;
        };
        let status = rest.split(':').next().unwrap_or_default();
        if after == " answers " && status.parse::<u16>().is_err() {
            continue;
        }
        let (name, namespace) = match name
            .strip_suffix(')')
            .and_then(|name| name.rsplit_once(" ("))
        {
            Some((name, namespace)) => (name, namespace),
            None => (name, ""),
        };
        named_host(name.rsplit(' ').next().unwrap_or_default(), found);
        found("host", namespace);
    }
}

/// What opens something, in the query of a URL.
fn in_query(word: &str, found: &mut impl FnMut(&'static str, &str)) {
    // Of the sentence around the URL.
    let is_after = |c: char| SENTENCE_ENDS.contains(&c) || "[],;:?@".contains(c);
    for pair in word.split(['?', '&', '#']).skip(1) {
        let names = [
            "auth",
            "access_token",
            "id_token",
            "token",
            "key",
            "password",
            "credential",
        ];
        if let Some((_, value)) = pair
            .split_once('=')
            .filter(|(name, _)| names.contains(name))
        {
            let is_end = |c: char| c.is_whitespace() || "\"'`<>(){}|\\“”„‘’«»—–。".contains(c);
            let value = value.split(is_end).next().unwrap_or_default();
            found("token", value.trim_end_matches(is_after));
        }
    }
}

/// The room that a text speaks of by its place.
pub(super) fn room(text: &str) -> Option<Cow<'_, str>> {
    let in_database = ["rooms/call/", "rooms/mesh/"];
    let key = in_database.iter().find_map(|before| {
        let (_, rest) = text.split_once(before)?;
        rest.split(['/', '\n']).next()
    });
    let room = match key {
        Some(key) => database::text(key).map_or(Cow::Borrowed(key), Cow::Owned),
        // A channel has it as it is, and nothing follows.
        None => Cow::Borrowed(text.split_once("webrtc-tour/call/")?.1.lines().next()?),
    };
    Some(room).filter(|room| !room.is_empty())
}
