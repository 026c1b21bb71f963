//! Descriptions and candidates, line by line and attribute by attribute.
//!
//! Owns what of each attribute stays. What is in none that is known here stays only where it is made
//! of words of the standards.

use super::addresses::{address, url};
use super::allow_list;
use super::placeholder;
use super::placeholders::Placeholders;
use crate::sdp::address::Address;
use crate::sdp::candidate::Candidate;
use crate::sdp::explanation::extension;
use crate::sdp::field::{Field, Origin};

/// A description without what tells anything of its writer.
pub(super) fn description(sdp: &str, placeholders: &mut Placeholders) -> String {
    let lines = sdp.split_inclusive('\n').map(|whole| {
        let text = whole.trim_end_matches(['\r', '\n']);
        line(text, placeholders) + &whole[text.len()..]
    });
    lines.collect()
}

/// `candidate:…`; what is none is replaced.
pub(super) fn candidate(text: &str, placeholders: &mut Placeholders) -> String {
    // An empty one ends a generation.
    match Candidate::parse(text) {
        Ok(candidate) => self::parsed(candidate, placeholders).to_string(),
        Err(_) => value(text, placeholders),
    }
}

fn parsed(candidate: Candidate, placeholders: &mut Placeholders) -> Candidate {
    let rest = candidate.rest.into_iter().map(|(name, of)| {
        let of = match &*name {
            // https://www.rfc-editor.org/rfc/rfc8838#section-9 and how browsers do it.
            "ufrag" => placeholders.of("ufrag", &of),
            _ => value(&of, placeholders),
        };
        (value(&name, placeholders), of)
    });
    let rest = rest.collect();
    let related = candidate.related_address;
    Candidate {
        foundation: foundation(&candidate.foundation, placeholders),
        protocol: value(&candidate.protocol, placeholders),
        address: address(&candidate.address, placeholders),
        kind: (&*value(candidate.kind.as_str(), placeholders)).into(),
        related_address: related.map(|related| address(&related, placeholders)),
        tcp_type: candidate.tcp_type.map(|of| value(&of, placeholders)),
        rest,
        ..candidate
    }
}

/// Some make it of the address: <https://www.rfc-editor.org/rfc/rfc8445#section-5.1.1.3>
pub(super) fn foundation(text: &str, placeholders: &mut Placeholders) -> String {
    let is_count = text.len() < 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    match is_count {
        true => text.to_owned(),
        false => placeholders.of("foundation", text),
    }
}

/// What names a section: browsers count them.
pub(super) fn mid(text: &str, placeholders: &mut Placeholders) -> String {
    word("mid", text, placeholders)
}

/// What names an encoding.
pub(super) fn rid(text: &str, placeholders: &mut Placeholders) -> String {
    word("rid", text, placeholders)
}

/// The value of parameters of a format.
pub(super) fn parameters(text: &str, placeholders: &mut Placeholders) -> String {
    match are_known(text) {
        true => text.to_owned(),
        false => placeholders.of("text", text),
    }
}

/// Whether parameters of a format are made of words of a protocol and numbers.
pub(super) fn are_known(parameters: &str) -> bool {
    parameters
        .split(';')
        .all(|parameter| match parameter.trim().split_once('=') {
            // https://www.rfc-editor.org/rfc/rfc6184#section-8.1
            Some(("profile-level-id", level)) => {
                level.len() <= 6 && level.bytes().all(|byte| byte.is_ascii_hexdigit())
            }
            _ => allow_list::knows_value(parameter),
        })
}

/// What stays if it is made of words of a protocol.
pub(super) fn value(text: &str, placeholders: &mut Placeholders) -> String {
    word("text", text, placeholders)
}

fn word(class: &'static str, text: &str, placeholders: &mut Placeholders) -> String {
    match allow_list::knows_value(text) {
        true => text.to_owned(),
        false => placeholders.of(class, text),
    }
}

/// Of a stream, a track or a participant (CNAME), perhaps in braces.
pub(super) fn identifier(
    class: &'static str,
    text: &str,
    placeholders: &mut Placeholders,
) -> String {
    let bare = text.trim_matches(['{', '}']);
    let tells_nothing = bare.len() < 3 || allow_list::knows_value(bare);
    match tells_nothing && !placeholder::looks_like_one(bare) {
        true => text.to_owned(),
        false => text.replacen(bare, &placeholders.of(class, bare), 1),
    }
}

fn line(text: &str, placeholders: &mut Placeholders) -> String {
    match Field::parse(text) {
        Field::Origin(of) => origin(&of, placeholders),
        Field::Connection(of) => format!("c={}", of_network(&of, placeholders)),
        Field::Attribute(of) => attribute(of.name(), &text[2..], placeholders),
        Field::Malformed(_) if text.starts_with("a=") => value(text, placeholders),
        _ => match text.split_at_checked(2) {
            Some((letter, rest)) => value(letter, placeholders) + &each(rest, placeholders, part),
            None => value(text, placeholders),
        },
    }
}

/// A word with colons in it, as in `AS:500`.
fn part(word: &str, placeholders: &mut Placeholders) -> String {
    match word.split(':').all(allow_list::knows_value) && word.matches(':').count() < 2 {
        true => word.to_owned(),
        false => placeholders.of("text", word),
    }
}

/// <https://www.rfc-editor.org/rfc/rfc8866#section-5.2>
fn origin(of: &Origin, placeholders: &mut Placeholders) -> String {
    // Firefox says so, and which version it is.
    let user = match of.username.strip_prefix("mozilla...THIS_IS_SDPARTA-") {
        Some(version)
            if version
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.') =>
        {
            of.username.clone()
        }
        _ => word("user", &of.username, placeholders),
    };
    let is_short = of.session_id.len() < 7 && allow_list::knows_value(&of.session_id);
    let session = match is_short {
        true => of.session_id.clone(),
        false => placeholders.of("session", &of.session_id),
    };
    let version = value(&of.session_version, placeholders);
    let address = of_network(&of.address, placeholders);
    format!("o={user} {session} {version} {address}")
}

fn of_network(of: &Address, placeholders: &mut Placeholders) -> String {
    let [network, kind] = [&of.network, &of.kind].map(|word| value(word, placeholders));
    format!("{network} {kind} {}", address(&of.address, placeholders))
}

/// A line of an attribute, after `a=`.
fn attribute(name: &str, text: &str, placeholders: &mut Placeholders) -> String {
    let shown = value(name, placeholders);
    let Some((_, rest)) = text.split_once(':') else {
        return format!("a={shown}");
    };
    let bare = rest.trim_start();
    let space = &rest[..rest.len() - bare.len()];
    let mut words = bare.split(' ');
    let mut first = || words.next().unwrap_or_default();
    let rest = match name {
        "candidate" => {
            let candidate = candidate(bare, placeholders);
            candidate.trim_start_matches("candidate:").to_owned()
        }
        "remote-candidates" | "rtcp" => each(bare, placeholders, number_or_address),
        "ice-ufrag" => placeholders.of("ufrag", bare),
        "ice-pwd" => placeholders.of("password", bare),
        "fingerprint" => {
            let hash = value(first(), placeholders);
            let of = words.collect::<Vec<_>>().join(" ").to_uppercase();
            format!("{hash} {}", fingerprint(&of, placeholders))
        }
        "identity" => identity(bare, placeholders),
        // https://www.rfc-editor.org/rfc/rfc4568#section-9.2
        "crypto" => each(bare, placeholders, key),
        // https://www.rfc-editor.org/rfc/rfc8830#section-2
        "msid" => stream_and_track(bare, placeholders),
        "msid-semantic" => {
            let semantic = value(first(), placeholders);
            let streams = words.map(|of| format!(" {}", identifier("stream", of, placeholders)));
            semantic + &streams.collect::<String>()
        }
        // https://www.rfc-editor.org/rfc/rfc5576#section-6.1, and what browsers add.
        "ssrc" => {
            let ssrc = value(first(), placeholders);
            let of = words.collect::<Vec<_>>().join(" ");
            format!("{ssrc} {}", of_source(&of, placeholders))
        }
        // https://www.rfc-editor.org/rfc/rfc8285#section-5
        "extmap" => each(bare, placeholders, |word, placeholders| {
            if extension::is_known(word) {
                word.to_owned()
            } else if word.contains("://") {
                url(word, placeholders)
            } else {
                value(word, placeholders)
            }
        }),
        "mid" => mid(bare, placeholders),
        "group" => {
            let semantics = value(first(), placeholders);
            let mids = words.map(|of| format!(" {}", mid(of, placeholders)));
            semantics + &mids.collect::<String>()
        }
        "rid" => {
            let id = rid(first(), placeholders);
            let of = words.map(|word| format!(" {}", value(word, placeholders)));
            id + &of.collect::<String>()
        }
        "simulcast" => each(bare, placeholders, |word, placeholders| {
            let ids = word.split(';').map(|ids| {
                let ids = ids.split(',').map(|id| rid(id, placeholders));
                ids.collect::<Vec<_>>().join(",")
            });
            ids.collect::<Vec<_>>().join(";")
        }),
        "fmtp" => {
            let format = value(first(), placeholders);
            let of = words.collect::<Vec<_>>().join(" ");
            format!("{format} {}", parameters(&of, placeholders))
        }
        _ => each(bare, placeholders, part),
    };
    format!("a={shown}:{space}{rest}")
}

/// An address is the third word of each three, or the last.
fn number_or_address(word: &str, placeholders: &mut Placeholders) -> String {
    match word.contains(['.', ':']) {
        true => address(word, placeholders),
        false => value(word, placeholders),
    }
}

/// An assertion of an identity provider, and what follows it.
fn identity(text: &str, placeholders: &mut Placeholders) -> String {
    let (assertion, rest) = text.split_once([' ', ';']).unwrap_or((text, ""));
    let end = &text[assertion.len()..text.len() - rest.len()];
    let assertion = placeholders.of("secret", assertion);
    format!("{assertion}{end}{}", value(rest, placeholders))
}

/// `inline:`, a key, and how it is used; or another word of the attribute.
fn key(word: &str, placeholders: &mut Placeholders) -> String {
    let Some(key) = word.strip_prefix("inline:") else {
        return value(word, placeholders);
    };
    let (key, rest) = key.split_once('|').unwrap_or((key, ""));
    let rest =
        rest.split('|').map(
            |part| match part.split(['^', ':']).all(allow_list::knows_value) {
                true => part.to_owned(),
                false => placeholders.of("text", part),
            },
        );
    let rest: Vec<_> = rest.filter(|part| !part.is_empty()).collect();
    let key = std::iter::once(format!("inline:{}", placeholders.of("key", key)));
    key.chain(rest).collect::<Vec<_>>().join("|")
}

fn each(
    text: &str,
    placeholders: &mut Placeholders,
    f: impl Fn(&str, &mut Placeholders) -> String,
) -> String {
    let words = text.split(' ').map(|word| f(word, placeholders));
    words.collect::<Vec<_>>().join(" ")
}

fn of_source(text: &str, placeholders: &mut Placeholders) -> String {
    let Some((name, of)) = text.split_once(':') else {
        return value(text, placeholders);
    };
    let shown = match name {
        "cname" => identifier("cname", of, placeholders),
        "msid" => stream_and_track(of, placeholders),
        "mslabel" => identifier("stream", of, placeholders),
        "label" => identifier("track", of, placeholders),
        _ => value(of, placeholders),
    };
    format!("{}:{shown}", value(name, placeholders))
}

fn stream_and_track(text: &str, placeholders: &mut Placeholders) -> String {
    let classes = ["stream", "track"]
        .into_iter()
        .chain(std::iter::repeat("text"));
    let words = text.split(' ').zip(classes);
    let words = words.map(|(word, class)| identifier(class, word, placeholders));
    words.collect::<Vec<_>>().join(" ")
}

/// In capitals: some write the same one in small letters.
pub(super) fn fingerprint(text: &str, placeholders: &mut Placeholders) -> String {
    placeholders.of("fingerprint", &text.to_uppercase())
}
