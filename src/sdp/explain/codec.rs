//! Payload types: which codec each is, and its parameters.

use std::collections::HashMap;

use super::{Explanation, Place, grouped, says};
use crate::sdp::attribute::Attribute;
use crate::sdp::parse::Section;
use crate::sdp::source::{Source, page, rfc};

/// What a payload type stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codec<'a> {
    pub payload: &'a str,
    /// `VP8`, `opus`, `rtx`, …; empty if the section does not say.
    pub name: &'a str,
    pub clock_rate: u32,
    pub parameters: &'a str,
    pub role: Role,
}

/// What it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Picture or sound.
    Media,
    /// Sends lost packets of another payload type again.
    Retransmission { of: String },
    /// Repairs losses, or fills silence, or carries tones: of no use alone.
    Helper,
}

/// The payload types of a section in the order of preference.
pub fn codecs(section: &Section) -> Vec<Codec<'_>> {
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
    pub fn title(&self) -> String {
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
    pub fn is_media(&self) -> bool {
        self.role == Role::Media
    }
}

pub(super) fn attribute(attribute: &Attribute, place: &Place<'_>) -> Option<Explanation> {
    Some(match attribute {
        Attribute::Rtpmap {
            payload,
            encoding,
            clock_rate,
            channels,
        } => rtpmap(*payload, encoding, *clock_rate, channels.as_deref(), place),
        Attribute::Fmtp { format, parameters } => fmtp(format, parameters, place),
        _ => return None,
    })
}

fn rtpmap(
    payload: u8,
    encoding: &str,
    clock_rate: u32,
    channels: Option<&str>,
    place: &Place<'_>,
) -> Explanation {
    let payload = payload.to_string();
    let (what, source) = codec_of(encoding);
    let hertz = grouped(u64::from(clock_rate));
    let mut text = format!("Payload type {payload} is {encoding} at {hertz} Hz: {what}.");
    if encoding.eq_ignore_ascii_case("opus") {
        text += " It always says 48 000 Hz and two channels, whatever is sent.";
    } else if let Some(channels) = channels.filter(|&channels| channels != "1") {
        text += &format!(" It has {channels} channels.");
    }
    if let Some(repair) = place.repaired_as.get(&payload) {
        text += &format!(" Lost packets may be sent again as {repair}.");
    }
    says(text, source)
}

fn fmtp(format: &str, parameters: &str, place: &Place<'_>) -> Explanation {
    let Some(codec) = place.codecs.get(format) else {
        return says(
            format!("Parameters of {format}: {parameters}."),
            rfc(8866, "6.15"),
        );
    };
    let (_, source) = codec_of(codec.name);
    let title = codec.title();
    match codec.name.to_ascii_lowercase().as_str() {
        "rtx" => {
            let of = parameter(parameters, "apt").unwrap_or("?");
            let kept = parameter(parameters, "rtx-time").map_or(String::new(), |ms| {
                format!(" The sender keeps packets for {ms} ms.")
            });
            let text = format!(
                "Packets of type {format} repeat lost packets of type {of}, {}.{kept}",
                place.codec_name(of)
            );
            says(text, source)
        }
        "red" => {
            let types: Vec<&str> = parameters.split('/').collect();
            let text = format!(
                "Each packet also holds what earlier ones held, all of type {}: {}.",
                types.first().unwrap_or(&"?"),
                place.codec_name(types.first().unwrap_or(&"")),
            );
            says(text, source)
        }
        "telephone-event" => says(
            format!(
                "The tones {parameters} are understood: 0 to 9 are the digits, 10 is *, 11 is #, 12 to 15 are A to D."
            ),
            rfc(4733, "3.2"),
        ),
        _ => {
            let meanings: Vec<String> = parameters
                .split(';')
                .filter(|pair| !pair.trim().is_empty())
                .map(|pair| {
                    let (name, value) = pair.trim().split_once('=').unwrap_or((pair.trim(), ""));
                    super::parameter::meaning(codec.name, name, value)
                })
                .collect();
            says(format!("For {title}: {}.", meanings.join("; ")), source)
        }
    }
}

/// What a codec is, and where its form in RTP is written down.
fn codec_of(name: &str) -> (&'static str, Source) {
    match name.to_ascii_lowercase().as_str() {
        "opus" => (
            "sound of any quality, which every WebRTC browser knows",
            rfc(7587, "6.1"),
        ),
        "vp8" => ("video, which every WebRTC browser knows", rfc(7741, "6.1")),
        "h264" => (
            "video, which every WebRTC browser knows, often in hardware",
            rfc(6184, "8.1"),
        ),
        "h265" => (
            "video, smaller than H.264, where hardware has it",
            rfc(7798, "7.1"),
        ),
        "vp9" => ("video, smaller than VP8", rfc(9628, "6.1")),
        "av1" => (
            "video, the smallest of all, for more computing",
            page(
                "RTP Payload Format For AV1",
                "https://aomediacodec.github.io/av1-rtp-spec/#sdp-parameters",
            ),
        ),
        "rtx" => ("retransmissions in a stream of their own", rfc(4588, "8.6")),
        "red" => (
            "packets that repeat earlier ones, against loss",
            rfc(2198, "5"),
        ),
        "ulpfec" => ("packets from which lost ones are computed", rfc(5109, "")),
        "flexfec-03" | "flexfec" => (
            "packets from which lost ones are computed, flexibly",
            rfc(8627, ""),
        ),
        "pcmu" | "pcma" => (
            "sound as digital telephones have it, 64 kbit/s",
            rfc(3551, "4.5.14"),
        ),
        "g722" => (
            "sound of wide telephony. It says 8 000 Hz by an old mistake; it has 16 000",
            rfc(3551, "4.5.2"),
        ),
        "cn" => ("comfort noise, for silence", rfc(3389, "")),
        "telephone-event" => ("the tones of telephone keys", rfc(4733, "2.4.1")),
        "l16" => ("sound without compression", rfc(3551, "4.5.11")),
        _ => ("a codec", rfc(8866, "6.6")),
    }
}

/// The value of a parameter in `name=value;name=value`.
pub(in crate::sdp) fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
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
