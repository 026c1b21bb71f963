//! `extmap`: what may stand in the header of each RTP packet, beside the media.

use std::borrow::Cow;

use super::{Explanation, says};
use crate::sdp::attribute::Direction;
use crate::sdp::source::{Source, page, rfc};

/// Experiments of libwebrtc are documented in its repository.
const EXPERIMENTS: &str = "http://www.webrtc.org/experiments/rtp-hdrext/";

pub(super) fn explain(id: u16, direction: Option<Direction>, uri: &str) -> Explanation {
    let known = find(uri).map(|(what, source)| (Cow::Borrowed(what), source));
    let (what, source) =
        known.unwrap_or_else(|| (format!("something named {uri}").into(), rfc(8285, "5")));
    let note = match direction {
        Some(Direction::SendOnly) => " Only in packets that this side sends.",
        Some(Direction::RecvOnly) => " Only in packets that this side receives.",
        Some(Direction::Inactive) => " Not used for now.",
        Some(Direction::SendRecv) | None => "",
    };
    says(format!("Header extension {id}: {what}.{note}"), source)
}

/// Whether many have a header extension of this name, so that it tells nothing of anybody.
pub(crate) fn is_known(uri: &str) -> bool {
    find(uri).is_some()
}

/// What it is, where that is written; `None` for one that somebody else made up.
fn find(uri: &str) -> Option<(&'static str, Source)> {
    let known = |text: &'static str, source| (text, source);
    Some(match uri {
        "urn:ietf:params:rtp-hdrext:ssrc-audio-level" => known(
            "how loud the packet is, so that a server can see who speaks",
            rfc(6464, ""),
        ),
        "urn:ietf:params:rtp-hdrext:csrc-audio-level" => {
            known("how loud each speaker in a mixed packet is", rfc(6465, ""))
        }
        "urn:ietf:params:rtp-hdrext:sdes:mid" => known(
            "the mid of its section, so that bundled packets find where they belong",
            rfc(9143, "15"),
        ),
        "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" => {
            known("the rid of the encoding, for simulcast", rfc(8852, ""))
        }
        "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id" => known(
            "the rid of the encoding that a retransmission repairs",
            rfc(8852, ""),
        ),
        "urn:ietf:params:rtp-hdrext:toffset" => {
            known("how long a packet waited before it was sent", rfc(5450, ""))
        }
        "urn:ietf:params:rtp-hdrext:encrypt" => known(
            "header extensions that are encrypted themselves",
            rfc(6904, ""),
        ),
        "urn:3gpp:video-orientation" => known(
            "how the camera is turned, so that the receiver turns the picture",
            rfc(7742, "4"),
        ),
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01" => known(
            "a number that counts all packets of the transport, for transport-cc feedback",
            page(
                "draft-holmer-rmcat-transport-wide-cc-extensions",
                "https://datatracker.ietf.org/doc/html/draft-holmer-rmcat-transport-wide-cc-extensions-01",
            ),
        ),
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension" => {
            known(
                "which pictures need which others, so that a server can leave some out",
                page(
                    "RTP Payload Format For AV1",
                    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension",
                ),
            )
        }
        _ => (experiment(uri.strip_prefix(EXPERIMENTS)?), DOCUMENTATION),
    })
}

const DOCUMENTATION: Source = page(
    "libwebrtc, RTP header extensions",
    "https://webrtc.googlesource.com/src/+/refs/heads/main/docs/native-code/rtp-hdrext/",
);

fn experiment(name: &str) -> &'static str {
    match name {
        "abs-send-time" => {
            "when the packet left, on the sender’s clock, to estimate the bitrate. An experiment of Google’s"
        }
        "abs-capture-time" => {
            "when the camera or microphone took it, to play streams in step. An experiment of Google’s"
        }
        "playout-delay" => {
            "how long the receiver may wait before it shows the picture. An experiment of Google’s"
        }
        "video-content-type" => {
            "whether it is a camera’s picture or a screen. An experiment of Google’s"
        }
        "video-timing" => {
            "how long capturing, encoding and sending took. An experiment of Google’s"
        }
        "color-space" => "the colours of the picture, for HDR. An experiment of Google’s",
        "video-layers-allocation00" => {
            "which sizes and rates of simulcast are sent just now. An experiment of Google’s"
        }
        "video-frame-tracking-id" => {
            "a number for each picture, for tests. An experiment of Google’s"
        }
        "generic-frame-descriptor-00" | "generic-frame-descriptor-01" => {
            "which pictures need which others, in the form before AV1’s. An experiment of Google’s"
        }
        "inband-cn" => "whether the packet is only comfort noise. An experiment of Google’s",
        "corruption-detection" => {
            "samples of the picture, by which the receiver sees whether it was decoded rightly. An experiment of Google’s"
        }
        _ => "an experiment of Google’s",
    }
}
