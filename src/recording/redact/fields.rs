//! Messages, options and statistics, member by member.
//!
//! Owns what a member holds, by its key. A text in one that is not known here stays only if it is made
//! of words of the allow-list.

use serde_json::Value;

use super::addresses::{address, url};
use super::description::{
    are_known, candidate, description, fingerprint, foundation, identifier, mid, parameters, rid,
    value,
};
use super::placeholders::Placeholders;
use super::{allow_list, placeholder, text};

/// Where the members are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// A signaling message: it names people.
    Message,
    /// Arguments and options.
    Options,
    /// What `getStats()` gave.
    Statistics,
}

/// What a member holds.
#[derive(Clone, Copy)]
enum Content {
    /// A value that is always replaced, by a placeholder of this class.
    Secret(&'static str),
    /// Of a stream or a track.
    Identifier(&'static str),
    Address,
    Url,
    Description,
    Candidate,
    Fingerprint,
    Foundation,
    Mid,
    Rid,
    Label,
    /// Parameters of a format.
    Parameters,
    /// What tells one entry of statistics from others.
    Id,
    /// A word of a protocol, also where a person has that name.
    Word,
    Text,
}

impl Content {
    fn of(key: &str, scope: Scope) -> Self {
        match key {
            "usernameFragment" | "ufrag" | "iceLocalUsernameFragment" => Self::Secret("ufrag"),
            "password" | "passphrase" | "pwd" | "credential" | "username" => Self::Secret("secret"),
            "base64Certificate" => Self::Secret("certificate"),
            "token" => Self::Secret("token"),
            "room" => Self::Secret("room"),
            "name" if scope == Scope::Message => Self::Secret("name"),
            "peerId" | "from" | "to" => Self::Secret("peer"),
            "connection" | "remoteConnection" => Self::Secret("connection"),
            "deviceId" | "groupId" => Self::Secret("device"),
            "trackIdentifier" => Self::Identifier("track"),
            "streamIdentifier" => Self::Identifier("stream"),
            "fingerprint" => Self::Fingerprint,
            "foundation" => Self::Foundation,
            "address" | "ip" | "relatedAddress" => Self::Address,
            "url" | "urls" => Self::Url,
            "sdp" => Self::Description,
            "candidate" => Self::Candidate,
            "mid" | "sdpMid" => Self::Mid,
            "rid" => Self::Rid,
            "label" => Self::Label,
            "sdpFmtpLine" => Self::Parameters,
            "type" | "kind" | "code" => Self::Word,
            _ if scope == Scope::Statistics && (key == "id" || key.ends_with("Id")) => Self::Id,
            _ if scope == Scope::Statistics => Self::Word,
            _ => Self::Text,
        }
    }

    fn redacted(self, of: &str, placeholders: &mut Placeholders) -> String {
        match self {
            Self::Secret(class) => placeholders.of(class, of),
            Self::Identifier(class) => identifier(class, of, placeholders),
            Self::Address => address(of, placeholders),
            Self::Url => url(of, placeholders),
            Self::Description => description(of, placeholders),
            Self::Candidate => candidate(of, placeholders),
            Self::Fingerprint => fingerprint(of, placeholders),
            Self::Foundation => foundation(of, placeholders),
            Self::Mid => mid(of, placeholders),
            Self::Rid => rid(of, placeholders),
            Self::Label => label(of, placeholders),
            Self::Parameters => parameters(of, placeholders),
            Self::Id => id(of, placeholders),
            Self::Word => value(of, placeholders),
            Self::Text => text(of, placeholders),
        }
    }
}

/// The same without what tells anything.
pub(super) fn fields(value: &Value, scope: Scope, placeholders: &mut Placeholders) -> Value {
    member(value, Content::Text, scope, placeholders)
}

fn member(value: &Value, content: Content, scope: Scope, placeholders: &mut Placeholders) -> Value {
    match value {
        Value::String(of) => Value::String(content.redacted(of, placeholders)),
        Value::Array(values) => {
            let values = values.iter();
            let values = values.map(|value| member(value, content, scope, placeholders));
            values.collect()
        }
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                let value = member(value, Content::of(key, scope), scope, placeholders);
                (self::key(key, scope, placeholders), value)
            });
            members.collect()
        }
        other => other.clone(),
    }
}

/// A key of an object may be the id of a peer, and in a file anything.
fn key(key: &str, scope: Scope, placeholders: &mut Placeholders) -> String {
    let has_content = !matches!(
        Content::of(key, scope),
        Content::Text | Content::Word | Content::Id
    );
    let is_word = matches!(key, "type" | "kind" | "code" | "id");
    let is_known = allow_list::knows_name(key);
    if has_content || is_word || (scope == Scope::Statistics && is_known) {
        return key.to_owned();
    }
    let id = placeholders.of_id(key);
    id.unwrap_or_else(|| match is_known {
        true => key.to_owned(),
        false => placeholders.of("field", key),
    })
}

/// A label of a data channel: those of this site stay.
pub(super) fn label(of: &str, placeholders: &mut Placeholders) -> String {
    match allow_list::knows(of) {
        true => of.to_owned(),
        false => placeholders.of("label", of),
    }
}

/// An id in a report: Chromium makes some of the fingerprint of a certificate.
/// <https://source.chromium.org/chromium/chromium/src/+/main:third_party/webrtc/pc/rtc_stats_collector.cc>
fn id(of: &str, placeholders: &mut Placeholders) -> String {
    if let Some(certificate) = of.strip_prefix("CF").filter(|rest| !rest.is_empty()) {
        return match placeholder::looks_like_one(certificate) {
            true => of.to_owned(),
            false => format!("CF{}", fingerprint(certificate, placeholders)),
        };
    }
    match is_counted(of) {
        true => of.to_owned(),
        false => placeholders.of("id", of),
    }
}

/// Whether an id is made as Chromium makes them, of a kind, of numbers and of random letters.
fn is_counted(id: &str) -> bool {
    let is_number = |text: &str| text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_random = |text: &str| {
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        text.len() == 8 && text.bytes().all(is_base64)
    };
    let numbered = ["ROV", "ROA", "RIV", "RIA", "SA", "SV", "D", "T", "P", "AP"];
    let is_numbered = |kind: &&str| id.strip_prefix(*kind).is_some_and(is_number);
    if id.len() < 3 || numbered.iter().any(is_numbered) {
        return true;
    }
    let of_stream = ["IT", "OT"].iter().find_map(|kind| id.strip_prefix(kind));
    let of_codec = ["CIT", "COT"].iter().find_map(|kind| id.strip_prefix(kind));
    let of_pair = id.strip_prefix("CP").and_then(|rest| rest.split_once('_'));
    if let Some((transport, ssrc)) = of_stream.and_then(|rest| rest.split_once(['A', 'V'])) {
        is_number(transport) && is_number(ssrc)
    } else if let Some((transport, codec)) = of_codec.and_then(|rest| rest.split_once('_')) {
        let (payload, format) = codec.split_once('_').unwrap_or((codec, ""));
        is_number(transport) && is_number(payload) && are_known(format)
    } else if let Some((local, remote)) = of_pair {
        is_random(local) && is_random(remote)
    } else {
        id.strip_prefix('I').is_some_and(is_random)
    }
}
