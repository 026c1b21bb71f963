//! Lines about RTP streams and what goes with their packets.

use super::{Explanation, LineContext, extension, feedback, listed, says};
use crate::sdp::attribute::Attribute;
use crate::sdp::source::{page, rfc};

pub(super) fn attribute(
    attribute: &Attribute,
    line_context: &LineContext<'_>,
) -> Option<Explanation> {
    Some(match attribute {
        Attribute::Extmap { id, direction, uri } => extension::explain(*id, *direction, uri),
        Attribute::RtcpFb { payload, feedback } => {
            feedback::explain(payload, feedback, line_context)
        }
        Attribute::Ssrc { ssrc, name, value } => self::ssrc(*ssrc, name, value),
        Attribute::SsrcGroup { semantics, ssrcs } => ssrc_group(semantics, ssrcs),
        Attribute::Rid {
            id,
            direction,
            restrictions,
        } => rid(id, direction, restrictions),
        Attribute::Simulcast(value) => says(simulcast(value), rfc(8853, "5.1")),
        Attribute::Flag(name) if name == "extmap-allow-mixed" => says(
            "RTP packets of one stream may carry header extensions in the short and in the long form.",
            rfc(8285, "6"),
        ),
        Attribute::Other { name, value } => match name.as_str() {
            "ptime" => says(
                format!("A packet should hold {value} ms of sound."),
                rfc(8866, "6.4"),
            ),
            "maxptime" => says(
                format!("A packet may hold at most {value} ms of sound."),
                rfc(8866, "6.5"),
            ),
            "framerate" => says(
                format!("At most {value} pictures a second."),
                rfc(8866, "6.13"),
            ),
            "imageattr" => says(
                format!("Which sizes of picture this side wants: {value}."),
                rfc(6236, "3"),
            ),
            "rtcp-xr" => says(
                match value.as_str() {
                    "rcvr-rtt=all" => {
                        "Extended reports: who only receives can measure the round-trip time, too."
                            .to_owned()
                    }
                    other => format!("Extended reports of these kinds: {other}."),
                },
                rfc(3611, "5.1"),
            ),
            "x-google-flag" => says(
                "A switch of old Chromium versions for simulcast.",
                page(
                    "libwebrtc",
                    "https://webrtc.googlesource.com/src/+/refs/heads/main/pc/webrtc_sdp.cc",
                ),
            ),
            _ => return None,
        },
        _ => return None,
    })
}

fn ssrc(ssrc: u32, name: &str, value: &str) -> Explanation {
    match name {
        "cname" => says(
            format!(
                "This side sends an RTP stream with the number {ssrc}. Its streams named {value} share one clock, so they can be played in step."
            ),
            rfc(5576, "6.1"),
        ),
        "msid" => says(
            format!(
                "The stream {ssrc} belongs to MediaStream and track {value}. An older way to say what the msid line says."
            ),
            rfc(5576, "4.1"),
        ),
        "mslabel" | "label" => says(
            format!(
                "The oldest way to say to which stream or track {ssrc} belongs. Nobody reads it any more."
            ),
            rfc(5576, "4.1"),
        ),
        _ => says(
            format!("The RTP stream {ssrc} has “{name}” {value}."),
            rfc(5576, "4.1"),
        ),
    }
}

fn ssrc_group(semantics: &str, ssrcs: &[String]) -> Explanation {
    match (semantics, ssrcs) {
        ("FID", [first, second]) => says(
            format!("Lost packets of the stream {first} are sent again in the stream {second}."),
            rfc(5576, "4.2"),
        ),
        ("FEC-FR", [first, second]) => says(
            format!(
                "The stream {second} repairs losses of the stream {first} (forward error correction)."
            ),
            rfc(5956, "4.3"),
        ),
        ("SIM", _) => says(
            format!(
                "The streams {} carry one picture in several sizes: an old form of simulcast.",
                listed(ssrcs)
            ),
            rfc(5576, "4.2"),
        ),
        _ => says(
            format!(
                "The streams {} form a group of the kind {semantics}.",
                listed(ssrcs)
            ),
            rfc(5576, "4.2"),
        ),
    }
}

fn rid(id: &str, direction: &str, restrictions: &str) -> Explanation {
    let does = if direction == "send" {
        "sends"
    } else {
        "wants to receive"
    };
    let limits = match restrictions {
        "" => String::new(),
        limits => format!(" Its limits: {limits}."),
    };
    says(
        format!(
            "“{id}” is one encoding of the picture that this side {does}. Packets carry the name in a header extension.{limits}"
        ),
        rfc(8851, "4"),
    )
}

/// `send q;h;f recv a`: alternatives are separated by commas, `~` marks what begins paused.
fn simulcast(value: &str) -> String {
    let mut text = Vec::new();
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    for pair in words.chunks(2) {
        let [direction, encodings] = pair else {
            continue;
        };
        let names: Vec<&str> = encodings.split(';').collect();
        let verb = if *direction == "send" {
            "sends"
        } else {
            "wants to receive"
        };
        text.push(format!(
            "This side {verb} the same picture in {} encodings: {}.",
            names.len(),
            listed(&names)
        ));
        if encodings.contains('~') {
            text.push("Those with “~” begin paused.".to_owned());
        }
    }
    text.push("A server can pass on the one that fits each receiver.".to_owned());
    text.join(" ")
}
