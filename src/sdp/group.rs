//! Which lines belong together.

use super::attribute::Attribute;
use super::field::Field;

/// What a line is there for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Topic {
    /// The section itself: what it carries and which way.
    General,
    Ice,
    Dtls,
    Rtcp,
    Extensions,
    Data,
    Codec(String),
    Streams,
    Other,
}

impl Topic {
    pub(super) const BEFORE_CODECS: [Self; 5] =
        [Self::General, Self::Ice, Self::Dtls, Self::Data, Self::Rtcp];
    pub(super) const AFTER_CODECS: [Self; 3] = [Self::Extensions, Self::Streams, Self::Other];

    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::General => "What it is",
            Self::Ice => "ICE: where this side can be reached",
            Self::Dtls => "DTLS: how the keys are made",
            Self::Rtcp => "RTCP: how reports are sent",
            Self::Extensions => "Header extensions: what packets say beside the media",
            Self::Data => "Data channels",
            Self::Codec(_) => "Codec",
            Self::Streams => "RTP streams that this side sends",
            Self::Other => "Other lines",
        }
    }

    pub(super) fn payload(&self) -> Option<&str> {
        match self {
            Self::Codec(payload) => Some(payload),
            _ => None,
        }
    }

    /// Whether it is one of so many, or has so many lines, that it is closed at first.
    pub(super) fn is_many(&self, lines: usize) -> bool {
        match self {
            Self::Codec(_) => true,
            Self::Extensions => lines > 2,
            _ => false,
        }
    }
}

pub(super) fn topic(field: &Field) -> Topic {
    match field {
        Field::Attribute(attribute) => of_attribute(attribute),
        Field::Malformed(_) => Topic::Other,
        _ => Topic::General,
    }
}

fn of_attribute(attribute: &Attribute) -> Topic {
    match attribute {
        Attribute::Rtpmap { payload, .. } => Topic::Codec(payload.to_string()),
        Attribute::Fmtp { format, .. } => Topic::Codec(format.clone()),
        Attribute::RtcpFb { payload, .. } if payload == "*" => Topic::Rtcp,
        Attribute::RtcpFb { payload, .. } => Topic::Codec(payload.clone()),
        Attribute::Extmap { .. } => Topic::Extensions,
        Attribute::Ssrc { .. } | Attribute::SsrcGroup { .. } => Topic::Streams,
        attribute => match attribute.name() {
            "ice-ufrag" | "ice-pwd" | "ice-options" | "ice-lite" | "ice-mismatch"
            | "ice-pacing" | "candidate" | "end-of-candidates" | "remote-candidates" => Topic::Ice,
            "fingerprint" | "setup" | "tls-id" | "identity" | "crypto" | "connection" => {
                Topic::Dtls
            }
            "rtcp" | "rtcp-mux" | "rtcp-mux-only" | "rtcp-rsize" | "rtcp-xr" => Topic::Rtcp,
            "extmap-allow-mixed" => Topic::Extensions,
            "msid" | "rid" | "simulcast" => Topic::Streams,
            "sctp-port" | "max-message-size" | "sctpmap" => Topic::Data,
            "group" | "msid-semantic" | "mid" | "sendrecv" | "sendonly" | "recvonly"
            | "inactive" | "bundle-only" | "label" | "content" | "tool" | "ptime" | "maxptime"
            | "framerate" | "imageattr" => Topic::General,
            _ => Topic::Other,
        },
    }
}
