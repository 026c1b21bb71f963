//! What an `a=` line says, as far as WebRTC uses it.
//!
//! Owns the grammar of the attributes. What one means beside others is told by
//! [`explain`](mod@super::explanation).

use super::address::Address;
use super::candidate::Candidate;

/// An attribute by its name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Attribute {
    Rtpmap {
        payload: u8,
        encoding: String,
        clock_rate: u32,
        /// The channels of audio.
        channels: Option<String>,
    },
    Fmtp {
        /// A payload type, or the format of another protocol.
        format: String,
        parameters: String,
    },
    RtcpFb {
        /// A payload type, or `*` for all.
        payload: String,
        feedback: String,
    },
    Extmap {
        id: u16,
        direction: Option<Direction>,
        uri: String,
    },
    Group {
        semantics: String,
        mids: Vec<String>,
    },
    Mid(String),
    Msid {
        stream: String,
        track: Option<String>,
    },
    MsidSemantic {
        semantic: String,
        streams: Vec<String>,
    },
    Ssrc {
        ssrc: u32,
        name: String,
        value: String,
    },
    SsrcGroup {
        semantics: String,
        ssrcs: Vec<String>,
    },
    Rid {
        id: String,
        /// `send` or `recv`.
        direction: String,
        restrictions: String,
    },
    Simulcast(String),
    IceUfrag(String),
    IcePwd(String),
    IceOptions(Vec<String>),
    Fingerprint {
        hash: String,
        value: String,
    },
    Setup(String),
    Candidate(Candidate),
    Rtcp {
        port: u16,
        address: Option<Address>,
    },
    Direction(Direction),
    SctpPort(u16),
    MaxMessageSize(u64),
    /// A name without a value: `rtcp-mux`, `bundle-only`, `ice-lite`, …
    Flag(String),
    /// Any other name with a value.
    Other {
        name: String,
        value: String,
    },
}

/// Which way media flows, seen from who wrote it (RFC 8866, section 6.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    SendRecv,
    SendOnly,
    RecvOnly,
    Inactive,
}

impl Attribute {
    /// Reads what follows `a=`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let Some((name, value)) = text.split_once(':') else {
            return Ok(match Direction::parse(text) {
                Some(direction) => Self::Direction(direction),
                None if text.is_empty() => return Err("a= names no attribute.".into()),
                None => Self::Flag(text.to_owned()),
            });
        };
        if name == "candidate" {
            let candidate = Candidate::parse(value).map(Self::Candidate);
            return candidate.map_err(|error| format!("This candidate is broken: {error}."));
        }
        let known = read(name, value);
        known
            .ok_or_else(|| wanted(name))
            .or_else(|wanted| match wanted {
                Some(wanted) => Err(format!("a={name} wants {wanted}.")),
                None => Ok(Self::Other {
                    name: name.to_owned(),
                    value: value.to_owned(),
                }),
            })
    }

    /// As it stands before the colon.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Rtpmap { .. } => "rtpmap",
            Self::Fmtp { .. } => "fmtp",
            Self::RtcpFb { .. } => "rtcp-fb",
            Self::Extmap { .. } => "extmap",
            Self::Group { .. } => "group",
            Self::Mid(_) => "mid",
            Self::Msid { .. } => "msid",
            Self::MsidSemantic { .. } => "msid-semantic",
            Self::Ssrc { .. } => "ssrc",
            Self::SsrcGroup { .. } => "ssrc-group",
            Self::Rid { .. } => "rid",
            Self::Simulcast(_) => "simulcast",
            Self::IceUfrag(_) => "ice-ufrag",
            Self::IcePwd(_) => "ice-pwd",
            Self::IceOptions(_) => "ice-options",
            Self::Fingerprint { .. } => "fingerprint",
            Self::Setup(_) => "setup",
            Self::Candidate(_) => "candidate",
            Self::Rtcp { .. } => "rtcp",
            Self::Direction(direction) => direction.as_str(),
            Self::SctpPort(_) => "sctp-port",
            Self::MaxMessageSize(_) => "max-message-size",
            Self::Flag(name) | Self::Other { name, .. } => name,
        }
    }
}

/// The attribute, unless its name is another or its value does not fit.
fn read(name: &str, value: &str) -> Option<Attribute> {
    let words: Vec<&str> = value.split(' ').filter(|word| !word.is_empty()).collect();
    let (first, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    Some(match (name, &words[..]) {
        ("rtpmap", [payload, codec]) => {
            let mut parts = codec.splitn(3, '/');
            Attribute::Rtpmap {
                payload: payload.parse().ok().filter(|&payload: &u8| payload < 128)?,
                encoding: parts.next()?.to_owned(),
                clock_rate: parts.next()?.parse().ok()?,
                channels: parts.next().map(str::to_owned),
            }
        }
        ("fmtp", [_, _, ..]) => Attribute::Fmtp {
            format: first.to_owned(),
            parameters: rest.trim().to_owned(),
        },
        ("rtcp-fb", [payload, _, ..]) => Attribute::RtcpFb {
            payload: (*payload == "*" || payload.parse::<u8>().is_ok())
                .then(|| (*payload).to_owned())?,
            feedback: rest.trim().to_owned(),
        },
        ("extmap", [id, uri, ..]) => {
            let (id, direction) = match id.split_once('/') {
                Some((id, direction)) => (id, Some(Direction::parse(direction)?)),
                None => (*id, None),
            };
            Attribute::Extmap {
                id: id.parse().ok()?,
                direction,
                uri: (*uri).to_owned(),
            }
        }
        ("group", [semantics, mids @ ..]) => Attribute::Group {
            semantics: (*semantics).to_owned(),
            mids: owned(mids),
        },
        ("mid", [mid]) => Attribute::Mid((*mid).to_owned()),
        ("msid", [stream]) => Attribute::Msid {
            stream: (*stream).to_owned(),
            track: None,
        },
        ("msid", [stream, track]) => Attribute::Msid {
            stream: (*stream).to_owned(),
            track: Some((*track).to_owned()),
        },
        ("msid-semantic", [semantic, streams @ ..]) => Attribute::MsidSemantic {
            semantic: (*semantic).to_owned(),
            streams: owned(streams),
        },
        ("ssrc", [ssrc, _, ..]) => {
            let (name, value) = rest.trim().split_once(':').unwrap_or((rest.trim(), ""));
            Attribute::Ssrc {
                ssrc: ssrc.parse().ok()?,
                name: name.to_owned(),
                value: value.to_owned(),
            }
        }
        ("ssrc-group", [semantics, ssrcs @ ..]) => Attribute::SsrcGroup {
            semantics: (*semantics).to_owned(),
            ssrcs: owned(ssrcs),
        },
        ("rid", [id, direction @ ("send" | "recv"), rest @ ..]) => Attribute::Rid {
            id: (*id).to_owned(),
            direction: (*direction).to_owned(),
            restrictions: rest.join(" "),
        },
        ("simulcast", [_, _, ..]) => Attribute::Simulcast(value.trim().to_owned()),
        ("ice-ufrag", [ufrag]) => Attribute::IceUfrag((*ufrag).to_owned()),
        ("ice-pwd", [pwd]) => Attribute::IcePwd((*pwd).to_owned()),
        ("ice-options", [_, ..]) => Attribute::IceOptions(owned(&words)),
        ("fingerprint", [hash, value]) => Attribute::Fingerprint {
            hash: (*hash).to_owned(),
            value: (*value).to_owned(),
        },
        ("setup", [role @ ("active" | "passive" | "actpass" | "holdconn")]) => {
            Attribute::Setup((*role).to_owned())
        }
        ("rtcp", [port, address @ ..]) => Attribute::Rtcp {
            port: port.parse().ok()?,
            address: match address {
                [] => None,
                words => Some(Address::of(words).ok()?),
            },
        },
        ("sctp-port", [port]) => Attribute::SctpPort(port.parse().ok()?),
        ("max-message-size", [size]) => Attribute::MaxMessageSize(size.parse().ok()?),
        _ => return None,
    })
}

/// What the value of a known name has to be.
fn wanted(name: &str) -> Option<&'static str> {
    Some(match name {
        "rtpmap" => {
            "a payload type from 0 to 127 and a codec with its clock rate, as in “96 VP8/90000”"
        }
        "fmtp" => "a payload type and parameters, as in “97 apt=96”",
        "rtcp-fb" => "a payload type or “*” and a kind of feedback, as in “96 nack pli”",
        "extmap" => "a number, perhaps a direction, and a URI, as in “3/recvonly urn:…”",
        "group" => "the kind of group and the mids in it, as in “BUNDLE 0 1”",
        "mid" => "one word without spaces",
        "msid" => "a stream and perhaps a track, two words at most",
        "msid-semantic" => "a word and streams, as in “WMS *”",
        "ssrc" => "a number below 2³² and an attribute, as in “1234 cname:…”",
        "ssrc-group" => "the kind of group and numbers, as in “FID 1234 5678”",
        "rid" => "a name, then “send” or “recv”",
        "simulcast" => "“send” or “recv” and the names of encodings, as in “send q;h;f”",
        "ice-ufrag" | "ice-pwd" => "one word without spaces",
        "ice-options" => "at least one word",
        "fingerprint" => "a hash function and bytes in hexadecimal, as in “sha-256 4A:AD:…”",
        "setup" => "“actpass”, “active”, “passive” or “holdconn”",
        "rtcp" => "a port and perhaps an address, as in “9 IN IP4 0.0.0.0”",
        "sctp-port" => "a port from 0 to 65535",
        "max-message-size" => "a number of bytes",
        _ => return None,
    })
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

impl Direction {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        [
            Self::SendRecv,
            Self::SendOnly,
            Self::RecvOnly,
            Self::Inactive,
        ]
        .into_iter()
        .find(|direction| direction.as_str() == word)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    pub(crate) fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    pub(crate) fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }
}
