//! Payload types: which codec each is, and its parameters.

use super::parameter::meaning;
use super::{Explanation, LineContext, grouped, says};
use crate::sdp::attribute::Attribute;
use crate::sdp::codec::parameter;
use crate::sdp::source::{Source, page, rfc};

pub(super) fn attribute(
    attribute: &Attribute,
    line_context: &LineContext<'_>,
) -> Option<Explanation> {
    Some(match attribute {
        Attribute::Rtpmap {
            payload,
            encoding,
            clock_rate,
            channels,
        } => rtpmap(
            *payload,
            encoding,
            *clock_rate,
            channels.as_deref(),
            line_context,
        ),
        Attribute::Fmtp { format, parameters } => fmtp(format, parameters, line_context),
        _ => return None,
    })
}

fn rtpmap(
    payload: u8,
    encoding: &str,
    clock_rate: u32,
    channels: Option<&str>,
    line_context: &LineContext<'_>,
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
    if let Some(repair) = line_context.repaired_as.get(&payload) {
        text += &format!(" Lost packets may be sent again as {repair}.");
    }
    says(text, source)
}

fn fmtp(format: &str, parameters: &str, line_context: &LineContext<'_>) -> Explanation {
    let Some(codec) = line_context.codecs.get(format) else {
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
                line_context.codec_name(of)
            );
            says(text, source)
        }
        "red" => {
            let types: Vec<&str> = parameters.split('/').collect();
            let text = format!(
                "Each packet also holds what earlier ones held, all of type {}: {}.",
                types.first().unwrap_or(&"?"),
                line_context.codec_name(types.first().unwrap_or(&"")),
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
                    meaning(codec.name, name, value)
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
