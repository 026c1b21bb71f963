//! Addresses, hosts and URLs, taken apart by their grammar.

use std::net::{IpAddr, Ipv6Addr};

use signaling_protocol::database;

use super::placeholders::Placeholders;
use super::{allow_list, placeholder};
use crate::ice::reach::Reach;

/// An IP address, perhaps with a zone or a prefix length, a name that hides one, or another host.
pub(super) fn address(text: &str, placeholders: &mut Placeholders) -> String {
    if let Some((address, zone)) = text.split_once('%')
        && address.parse::<Ipv6Addr>().is_ok()
    {
        let zone = match is_interface(zone) {
            true => zone.to_owned(),
            false => placeholders.of("text", zone),
        };
        return format!("{}%{zone}", self::address(address, placeholders));
    }
    // Of multicast: RFC 8866, section 5.7.
    if let Some((address, rest)) = text.split_once('/')
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'/')
    {
        return format!("{}/{rest}", self::address(address, placeholders));
    }
    match text.parse::<IpAddr>() {
        Ok(address) => match class_of(address) {
            Some(class) => placeholders.of(class, text),
            None => text.to_owned(),
        },
        Err(_) if says_nothing(text) => text.to_owned(),
        Err(_) if is_mdns(text) => placeholders.of("mdns", text),
        Err(_) => placeholders.of("host", text),
    }
}

/// What some write instead of an address, and what is too short for one.
fn says_nothing(text: &str) -> bool {
    text.len() < 2 || text == "(redacted)" || text.eq_ignore_ascii_case("localhost")
}

fn is_mdns(text: &str) -> bool {
    let start = text.len().saturating_sub(".local".len());
    let end = text.get(start..);
    start > 0 && end.is_some_and(|end| end.eq_ignore_ascii_case(".local"))
}

/// `eth0`: systems count them. Others make the name of the device's address.
fn is_interface(zone: &str) -> bool {
    let name = zone.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_short = (1..=4).contains(&name.len()) && zone.len() - name.len() <= 2;
    is_short && name.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// `None` for an address that everybody has.
fn class_of(address: IpAddr) -> Option<&'static str> {
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

/// An address with a scheme, or the part of one after the host.
/// <https://www.rfc-editor.org/rfc/rfc3986#section-3>
pub(super) fn url(text: &str, placeholders: &mut Placeholders) -> String {
    if let Some((scheme, rest)) = text.split_once("://") {
        let scheme = known_or_text(scheme, placeholders);
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (authority, path) = (
            self::authority(authority, placeholders),
            self::path(path, placeholders),
        );
        return format!("{scheme}://{authority}{path}");
    }
    // https://www.rfc-editor.org/rfc/rfc7064 and 7065
    if let Some((scheme, rest)) = text.split_once(':')
        && ["stun", "stuns", "turn", "turns"].contains(&&*scheme.to_ascii_lowercase())
    {
        let end = rest.find('?').unwrap_or(rest.len());
        let (authority, query) = rest.split_at(end);
        let (authority, query) = (
            self::authority(authority, placeholders),
            path(query, placeholders),
        );
        return format!("{scheme}:{authority}{query}");
    }
    path(text, placeholders)
}

/// A host without a scheme, perhaps with a port, a path and a namespace: `host:port/path (namespace)`.
pub(super) fn host(text: &str, placeholders: &mut Placeholders) -> String {
    let (name, namespace) = match text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once(" ("))
    {
        Some((name, namespace)) => (name, Some(namespace)),
        None => (text, None),
    };
    let end = name.find('/').unwrap_or(name.len());
    let (authority, path) = name.split_at(end);
    let mut shown = self::authority(authority, placeholders) + &self::path(path, placeholders);
    if let Some(namespace) = namespace {
        shown += &format!(" ({})", placeholders.of("host", namespace));
    }
    shown
}

fn authority(text: &str, placeholders: &mut Placeholders) -> String {
    let (user, host) = match text.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, text),
    };
    let mut shown = String::new();
    if let Some(user) = user {
        let parts = user.split(':').map(|part| placeholders.of("secret", part));
        shown += &parts.collect::<Vec<_>>().join(":");
        shown.push('@');
    }
    let is_port = |text: &str| text.len() < 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if is_port(port) && (host.ends_with(']') || !host.contains(':')) => {
            (host, Some(port))
        }
        _ => (host, None),
    };
    match host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        Some(host) => shown += &format!("[{}]", address(host, placeholders)),
        None => shown += &address(host, placeholders),
    }
    if let Some(port) = port {
        shown += &format!(":{port}");
    }
    shown
}

/// Path, query and fragment. A room and those in it have their places in addresses of this site and of
/// its database.
fn path(text: &str, placeholders: &mut Placeholders) -> String {
    let (rest, fragment) = match text.split_once('#') {
        Some((rest, fragment)) => (rest, Some(fragment)),
        None => (text, None),
    };
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    let mut before = ["", ""];
    let segments = path.split('/').map(|segment| {
        let (name, end) = match segment.strip_suffix(".json") {
            Some(name) => (name, ".json"),
            None => (segment, ""),
        };
        let shown = match before {
            [_, "call" | "mesh" | "meet"] => placeholders.of("room", &decoded(name)),
            // Recordings of before have the kind of the room between the two.
            [_, "rooms"] if !matches!(name, "call" | "mesh") => {
                placeholders.of("room", &decoded(name))
            }
            [_, "participants" | "messages"] | ["messages", _] => {
                placeholders.of("peer", &decoded(name))
            }
            _ => known_or_text(name, placeholders),
        };
        before = [before[1], name];
        shown + end
    });
    let mut shown = segments.collect::<Vec<_>>().join("/");
    if let Some(query) = query {
        let pairs = query.split('&').map(|pair| parameter(pair, placeholders));
        shown = shown + "?" + &pairs.collect::<Vec<_>>().join("&");
    }
    if let Some(fragment) = fragment {
        shown = shown + "#" + &known_or_text(fragment, placeholders);
    }
    shown
}

fn parameter(pair: &str, placeholders: &mut Placeholders) -> String {
    let Some((name, value)) = pair.split_once('=') else {
        return known_or_text(pair, placeholders);
    };
    let value = match name {
        "auth" | "access_token" | "id_token" | "token" | "key" | "password" | "credential" => {
            placeholders.of("token", value)
        }
        "ns" => placeholders.of("host", value),
        "room" => placeholders.of("room", &decoded(value)),
        _ => known_or_text(value, placeholders),
    };
    format!("{}={value}", known_or_text(name, placeholders))
}

fn known_or_text(text: &str, placeholders: &mut Placeholders) -> String {
    match text.len() < 2 || allow_list::knows(text) || placeholder::looks_like_one(text) {
        true => text.to_owned(),
        false => placeholders.of("text", text),
    }
}

/// The text of a key of a database, or of a part of an address.
pub(super) fn decoded(segment: &str) -> String {
    let as_key = database::text(segment);
    let as_part = || {
        let mut bytes = Vec::with_capacity(segment.len());
        let mut rest = segment.as_bytes();
        while let Some((first, after)) = rest.split_first() {
            let code = after
                .get(..2)
                .and_then(|code| std::str::from_utf8(code).ok());
            let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
            match (first, code) {
                (b'%', Some(byte)) => {
                    bytes.push(byte);
                    rest = &after[2..];
                }
                _ => {
                    bytes.push(*first);
                    rest = after;
                }
            }
        }
        String::from_utf8(bytes).ok()
    };
    as_key
        .or_else(as_part)
        .unwrap_or_else(|| segment.to_owned())
}
