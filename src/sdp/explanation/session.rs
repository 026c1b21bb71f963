//! Lines about the session and about a section as a whole.

use super::{Explanation, LineContext, grouped, listed, says, unknown};
use crate::sdp::address::Address;
use crate::sdp::attribute::{Attribute, Direction};
use crate::sdp::field::{Field, MediaLine, Origin};
use crate::sdp::source::{page, rfc};

pub(super) fn field(field: &Field, line_context: &LineContext<'_>) -> Explanation {
    match field {
        Field::Version(version) if version == "0" => says(
            "The format of this text is version 0 of SDP. There is no other version.",
            rfc(8866, "5.1"),
        ),
        Field::Version(version) => unknown(
            format!("Version {version} of SDP does not exist; readers refuse it."),
            Some(rfc(8866, "5.1")),
        ),
        Field::Origin(origin) => self::origin(origin),
        Field::SessionName(name) if matches!(name.trim(), "-" | "") => says(
            "The session has no name; “-” stands for none.",
            rfc(8866, "5.3"),
        ),
        Field::SessionName(name) => says(
            format!("The session is called “{name}”. WebRTC ignores it."),
            rfc(8866, "5.3"),
        ),
        Field::Timing { start, stop } if start == "0" && stop == "0" => says(
            "The session has no fixed time: it begins now and has no planned end.",
            rfc(8866, "5.9"),
        ),
        Field::Timing { start, stop } => says(
            format!(
                "The session lasts from {start} to {stop}, in seconds since 1900. WebRTC ignores it."
            ),
            rfc(8866, "5.9"),
        ),
        Field::Connection(address) => connection(address),
        Field::Bandwidth { kind, value } => match kind.as_str() {
            "AS" => says(
                format!(
                    "This side wants to receive at most {} kbit/s here, headers counted.",
                    grouped(*value)
                ),
                rfc(8866, "5.8"),
            ),
            "TIAS" => says(
                format!(
                    "This side wants to receive at most {} bit/s here, without counting the headers of lower layers.",
                    grouped(*value)
                ),
                rfc(3890, "6.2"),
            ),
            "CT" => says(
                format!("All media together may use {} kbit/s.", grouped(*value)),
                rfc(8866, "5.8"),
            ),
            _ => unknown(
                format!("A limit of the kind {kind}: {}.", grouped(*value)),
                Some(rfc(8866, "5.8")),
            ),
        },
        Field::Media(media) => self::media(media, line_context),
        Field::Other { letter, .. } => {
            let (what, section) = match letter {
                'i' => ("A title for people", "5.4"),
                'u' => ("A page about the session", "5.5"),
                'e' | 'p' => ("Whom to ask about the session", "5.6"),
                'r' => ("When the session is repeated", "5.10"),
                'z' => ("Shifts of the clock", "5.11"),
                _ => ("A key in plain text, which nobody may use any more", "5.12"),
            };
            says(format!("{what}. WebRTC ignores it."), rfc(8866, section))
        }
        Field::Attribute(_) | Field::Malformed(_) => unknown(String::new(), None),
    }
}

pub(super) fn attribute(
    attribute: &Attribute,
    line_context: &LineContext<'_>,
) -> Option<Explanation> {
    Some(match attribute {
        Attribute::Group { semantics, mids } => group(semantics, mids, line_context),
        Attribute::Mid(mid) => says(
            format!(
                "This section is called “{mid}”. Candidates, bundles and RTCRtpTransceiver.mid name it so, in all rounds."
            ),
            rfc(5888, "4"),
        ),
        Attribute::Direction(direction) => self::direction(*direction, line_context),
        Attribute::MsidSemantic { .. } => says(
            "A leftover of drafts: “WMS” said that msid lines name the MediaStreams of WebRTC. The final standard needs no such line; browsers still write it.",
            page(
                "draft-alvestrand-rtcweb-msid-02, section 3",
                "https://datatracker.ietf.org/doc/html/draft-alvestrand-rtcweb-msid-02#section-3",
            ),
        ),
        Attribute::Msid { stream, track } => msid(stream, track.as_deref(), line_context),
        Attribute::Flag(name) if name == "bundle-only" => says(
            "This section is to be used only within the bundle. That is why its port may be 0 without meaning a refusal.",
            rfc(9143, "6"),
        ),
        Attribute::Other { name, value } if name == "identity" => says(
            format!(
                "An identity provider’s word on who this is, {} characters long. It covers the fingerprints, so nobody on the way can swap those.",
                value.len()
            ),
            rfc(8827, "5"),
        ),
        Attribute::Other { name, value } if name == "tool" => {
            says(format!("Written by {value}."), rfc(8866, "6.3"))
        }
        Attribute::Other { name, .. } if name == "label" => {
            says("A name for this section, for programs.", rfc(4574, "4"))
        }
        Attribute::Other { name, value } if name == "content" => {
            says(format!("What the section shows: {value}."), rfc(4796, "5"))
        }
        _ => return None,
    })
}

fn origin(origin: &Origin) -> Explanation {
    let who = match origin.username.as_str() {
        "-" => String::new(),
        name => format!(" “{name}” is the program that wrote it."),
    };
    says(
        format!(
            "Session {}, version {}: the version grows with each new description of the same connection.{who} The address {} is a placeholder; nothing is sent there.",
            origin.session_id, origin.session_version, origin.address.address
        ),
        rfc(9429, "5.2.1"),
    )
}

fn connection(address: &Address) -> Explanation {
    match address.address.as_str() {
        "0.0.0.0" | "::" => says(
            format!(
                "No address yet: {} is a placeholder. ICE finds the addresses that work, from the candidates.",
                address.address
            ),
            rfc(9429, "5.2.1"),
        ),
        given => says(
            format!(
                "{given} is the default candidate, for readers without ICE. With ICE, the candidates count."
            ),
            rfc(8839, "4.2.1.2"),
        ),
    }
}

fn media(media: &MediaLine, line_context: &LineContext<'_>) -> Explanation {
    let carried = match media.protocol.as_str() {
        "UDP/TLS/RTP/SAVPF" => {
            "RTP, encrypted with keys from a DTLS handshake, with quick feedback"
        }
        "UDP/DTLS/SCTP" | "TCP/DTLS/SCTP" | "DTLS/SCTP" => {
            "SCTP inside DTLS: all data channels together"
        }
        "RTP/SAVPF" | "RTP/SAVP" => "encrypted RTP",
        "RTP/AVP" | "RTP/AVPF" => "RTP without encryption, which WebRTC refuses",
        other => other,
    };
    let mut text = format!("A section for {}: {carried}.", media.kind);
    if !line_context.is_data() {
        let preferred = media
            .formats
            .first()
            .map(|first| line_context.codec_name(first));
        let count = media.formats.len();
        text += &match (preferred, count) {
            (Some(only), 1) => format!(" One payload type: {only}."),
            (Some(preferred), _) => {
                format!(" {count} payload types, the preferred first: {preferred}.")
            }
            (None, _) => String::new(),
        };
    }
    let (port, source) = match media.port {
        0 if line_context.bundle_only => (
            " Port 0 refuses nothing here, because of bundle-only below.".to_owned(),
            rfc(9143, "6"),
        ),
        0 if line_context.context.is_offer() => (
            " Port 0: the section is not used any more. Its place stays, and may be taken by a new one.".to_owned(),
            rfc(9429, "5.2.2"),
        ),
        0 => (" Port 0: this side refuses the section.".to_owned(), rfc(3264, "6")),
        9 => (
            " Port 9 is a placeholder: ICE finds the real ports.".to_owned(),
            rfc(9429, "5.2.1"),
        ),
        port => (
            format!(" Port {port} belongs to the default candidate; ICE may choose another."),
            rfc(8866, "5.14"),
        ),
    };
    text += &port;
    says(text, source)
}

fn group(semantics: &str, mids: &[String], line_context: &LineContext<'_>) -> Explanation {
    match (semantics, mids) {
        ("BUNDLE", []) => says("No section is in the bundle.", rfc(9143, "5")),
        ("BUNDLE", [only]) => says(
            format!(
                "A bundle of one section, “{only}”. Sections that come later can join its transport."
            ),
            rfc(9143, "5"),
        ),
        ("BUNDLE", [first, ..]) => {
            let share = if line_context.context.is_offer() {
                "are to share"
            } else {
                "share"
            };
            says(
                format!(
                    "The sections {} {share} one transport: one set of candidates, one ICE, one DTLS handshake. Section {first} stands for all.",
                    listed(mids)
                ),
                rfc(9143, "5"),
            )
        }
        ("LS", _) => says(
            format!("The sections {} are to be played in step.", listed(mids)),
            rfc(5888, "7"),
        ),
        _ => says(
            format!(
                "The sections {} form a group of the kind {semantics}.",
                listed(mids)
            ),
            rfc(5888, "5"),
        ),
    }
}

fn direction(direction: Direction, line_context: &LineContext<'_>) -> Explanation {
    if line_context.media.is_none() {
        return says(
            format!(
                "“{}” holds for sections that do not say their own direction.",
                direction.as_str()
            ),
            rfc(8866, "6.7"),
        );
    }
    if line_context.is_data() {
        return says(
            "Data channels always go both ways; this line has no meaning for them.",
            rfc(8841, "9.2"),
        );
    }
    let (text, section) = match (direction, line_context.context.is_offer()) {
        (Direction::SendRecv, true) => ("This side wants to send and to receive.", "6.7.2"),
        (Direction::SendRecv, false) => ("This side will send and receive.", "6.7.2"),
        (Direction::SendOnly, true) => (
            "This side wants to send and not to receive. The answer to it is “recvonly”, or “inactive”.",
            "6.7.3",
        ),
        (Direction::SendOnly, false) => ("This side will send and not receive.", "6.7.3"),
        (Direction::RecvOnly, true) => (
            "This side wants to receive and not to send. The answer to it is “sendonly”, or “inactive”.",
            "6.7.1",
        ),
        (Direction::RecvOnly, false) => ("This side will receive and not send.", "6.7.1"),
        (Direction::Inactive, _) => (
            "No media flows here, in neither direction. The transport stays.",
            "6.7.4",
        ),
    };
    says(text, rfc(8866, section))
}

fn msid(stream: &str, track: Option<&str>, line_context: &LineContext<'_>) -> Explanation {
    let track = track.map_or(String::new(), |track| {
        format!(" The second part, {track}, named the track at this side; readers ignore it.")
    });
    let idle = match line_context.direction {
        Some(direction) if !direction.sends() => " Nothing is sent now.",
        _ => "",
    };
    let text = match stream {
        "-" => {
            format!("The track that this side sends here belongs to no MediaStream.{track}{idle}")
        }
        stream => format!(
            "The track that this side sends here belongs to its MediaStream {stream}. Tracks of one stream are played in step.{track}{idle}"
        ),
    };
    says(text, rfc(8830, "2"))
}
