//! `rtcp-fb`: what a receiver may tell the sender at once.

use super::{Explanation, LineContext, says};
use crate::sdp::source::{Source, page, rfc};

const REMB: Source = page(
    "draft-alvestrand-rmcat-remb",
    "https://datatracker.ietf.org/doc/html/draft-alvestrand-rmcat-remb-03",
);
const TRANSPORT_CC: Source = page(
    "draft-holmer-rmcat-transport-wide-cc-extensions",
    "https://datatracker.ietf.org/doc/html/draft-holmer-rmcat-transport-wide-cc-extensions-01",
);
const LOSS_NOTIFICATION: Source = page(
    "libwebrtc",
    "https://webrtc.googlesource.com/src/+/refs/heads/main/modules/rtp_rtcp/source/rtcp_packet/loss_notification.h",
);

pub(super) fn explain(
    payload: &str,
    feedback: &str,
    line_context: &LineContext<'_>,
) -> Explanation {
    let of = match payload {
        "*" => "all codecs".to_owned(),
        payload => line_context.codec_name(payload),
    };
    let (text, source) = match feedback {
        "nack" => (
            "the receiver may name lost packets, which are then sent again",
            rfc(4585, "6.2.1"),
        ),
        "nack pli" => (
            "the receiver may say that its picture broke, and gets a whole new one",
            rfc(4585, "6.3.1"),
        ),
        "nack sli" => (
            "the receiver may say which part of the picture was lost",
            rfc(4585, "6.3.2"),
        ),
        "nack rpsi" | "ack rpsi" => (
            "the receiver may say which picture to go on from",
            rfc(4585, "6.3.3"),
        ),
        "ccm fir" => (
            "who joins or records may demand a whole picture, a key frame",
            rfc(5104, "4.3.1"),
        ),
        "ccm tmmbr" => ("the receiver may ask for less bitrate", rfc(5104, "4.2.1")),
        "ccm tstr" => (
            "the receiver may choose between sharp and fluent",
            rfc(5104, "4.3.2"),
        ),
        "ccm vbcm" => (
            "the receiver may send commands of H.271",
            rfc(5104, "4.3.4"),
        ),
        "goog-remb" => (
            "the receiver estimates which bitrate gets through, and tells it. Google’s older way; it never became a standard",
            REMB,
        ),
        "transport-cc" => (
            "the receiver reports when each packet arrived, and the sender estimates the bitrate that gets through. A draft of Google’s that all browsers use",
            TRANSPORT_CC,
        ),
        "ack ccfb" => (
            "the receiver reports arrivals in the standard’s form, for congestion control",
            rfc(8888, "6"),
        ),
        "goog-lntf" => (
            "the receiver says from which picture on it cannot decode. An extension of Google’s",
            LOSS_NOTIFICATION,
        ),
        "rrtr" => (
            "who only receives may measure the round-trip time",
            rfc(3611, "4.4"),
        ),
        other => {
            return says(
                format!("For {of}: feedback of the kind “{other}”."),
                rfc(4585, "4.2"),
            );
        }
    };
    says(format!("For {of}: {text}."), source)
}
