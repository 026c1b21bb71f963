//! Payload types: which codec each stands for, and what that one is for.
//!
//! Owns what the lines about one payload type say together; what each line means is told by
//! [`explain`](mod@super::explanation).

use std::collections::HashMap;

use super::attribute::Attribute;
use super::description::Section;

/// What a payload type stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Codec<'a> {
    pub(crate) payload: &'a str,
    /// `VP8`, `opus`, `rtx`, …; empty if the section does not say.
    pub(crate) name: &'a str,
    pub(crate) clock_rate: u32,
    pub(crate) parameters: &'a str,
    pub(crate) role: Role,
}

/// What it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Picture or sound.
    Media,
    /// Sends lost packets of another payload type again.
    Retransmission { of: String },
    /// Repairs losses, or fills silence, or carries tones: of no use alone.
    Helper,
}

/// The payload types of a section in the order of preference.
pub(crate) fn codecs(section: &Section) -> Vec<Codec<'_>> {
    let Some(media) = section.media().filter(|media| media.kind != "application") else {
        return Vec::new();
    };
    let mut names = HashMap::new();
    let mut parameters = HashMap::new();
    for line in &section.lines {
        match line.field.attribute() {
            Some(Attribute::Rtpmap {
                payload,
                encoding,
                clock_rate,
                ..
            }) => {
                names.insert(payload.to_string(), (encoding.as_str(), *clock_rate));
            }
            Some(Attribute::Fmtp {
                format,
                parameters: given,
            }) => {
                parameters.insert(format.as_str(), given.as_str());
            }
            _ => {}
        }
    }
    let codecs = media.formats.iter().map(|payload| {
        let (name, clock_rate) = names
            .get(payload)
            .copied()
            .unwrap_or_else(|| fixed(payload));
        let parameters = parameters
            .get(payload.as_str())
            .copied()
            .unwrap_or_default();
        Codec {
            payload,
            name,
            clock_rate,
            parameters,
            role: role(name, parameters),
        }
    });
    codecs.collect()
}

/// Numbers that mean the same everywhere need no rtpmap (RFC 3551, section 6).
fn fixed(payload: &str) -> (&'static str, u32) {
    match payload {
        "0" => ("PCMU", 8_000),
        "8" => ("PCMA", 8_000),
        "9" => ("G722", 8_000),
        "13" => ("CN", 8_000),
        _ => ("", 0),
    }
}

fn role(name: &str, parameters: &str) -> Role {
    match name.to_ascii_lowercase().as_str() {
        "rtx" => Role::Retransmission {
            of: parameter(parameters, "apt").unwrap_or_default().to_owned(),
        },
        "red" | "ulpfec" | "flexfec-03" | "flexfec" | "cn" | "telephone-event" => Role::Helper,
        _ => Role::Media,
    }
}

impl Codec<'_> {
    /// As people call it: with what tells it from others of the same name.
    pub(crate) fn title(&self) -> String {
        let name = match self.name {
            "" => return format!("payload type {}", self.payload),
            "opus" => "Opus",
            "H264" => "H.264",
            "H265" => "H.265",
            "CN" => "comfort noise",
            "telephone-event" => "telephone tones",
            "red" => "RED",
            "ulpfec" => "ULPFEC",
            other => other,
        };
        let detail = match &self.role {
            Role::Retransmission { of } => return format!("retransmission of {of}"),
            _ => match self.name {
                "H264" => parameter(self.parameters, "profile-level-id").map(h264_profile),
                "VP9" | "AV1" => parameter(self.parameters, "profile-id")
                    .or_else(|| parameter(self.parameters, "profile"))
                    .filter(|&profile| profile != "0")
                    .map(|profile| format!("profile {profile}")),
                _ => None,
            },
        };
        match detail {
            Some(detail) => format!("{name} ({detail})"),
            None => name.to_owned(),
        }
    }

    /// Whether a video conference would be possible with this alone.
    pub(crate) fn is_media(&self) -> bool {
        self.role == Role::Media
    }
}

/// The value of a parameter in `name=value;name=value`.
pub(super) fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    parameters
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(known, value)| (known == name).then_some(value))
}

/// RFC 6184, section 8.1, table 5: `42e01f` is Constrained Baseline, level 3.1.
pub(super) fn h264_profile(id: &str) -> String {
    let byte = |at: usize| {
        id.get(at..at + 2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
    };
    let (Some(profile), Some(constraints), Some(level)) = (byte(0), byte(2), byte(4)) else {
        return format!("profile {id}");
    };
    let name = match (profile, constraints) {
        (0x42, constraints) if constraints & 0x40 != 0 => "Constrained Baseline",
        (0x42, _) => "Baseline",
        (0x4d, constraints) if constraints & 0x80 != 0 => "Constrained Baseline",
        (0x4d, _) => "Main",
        (0x58, _) => "Extended",
        (0x64, constraints) if constraints & 0x0c == 0x0c => "Constrained High",
        (0x64, _) => "High",
        (0xf4, _) => "High 4:4:4",
        _ => return format!("profile {id}"),
    };
    format!("{name}, level {}.{}", level / 10, level % 10)
}
