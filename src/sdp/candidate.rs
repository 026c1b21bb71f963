//! An ICE candidate as text, and its priority taken apart. Pure.
//!
//! Owns the grammar of RFC 8839, section 5.1, and the formula of RFC 8445, section 5.1.2.1.
//! Knows nothing of the descriptions a candidate may stand in, nor of connections.

use std::fmt;

use thiserror::Error;

/// A transport address that a peer may be reached at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Candidate {
    /// Equal for candidates of the same type, base, protocol and server: if one of them works,
    /// the others probably do (RFC 8445, section 5.1.1.3).
    pub(crate) foundation: String,
    /// 1 is RTP, 2 is RTCP when it has a port of its own.
    pub(crate) component: u16,
    /// `udp` or `tcp`, as it was written.
    pub protocol: String,
    pub(crate) priority: Priority,
    /// An IP address, or a name ending in `.local` that hides one.
    pub(crate) address: String,
    pub(crate) port: u16,
    pub kind: CandidateType,
    /// What the address was derived from: `raddr`.
    pub(crate) related_address: Option<String>,
    /// `rport`.
    pub(crate) related_port: Option<u16>,
    /// `active`, `passive` or `so`: RFC 6544, section 4.5.
    pub(crate) tcp_type: Option<String>,
    /// Everything that follows, in pairs of name and value: `generation`, `ufrag`, …
    pub(crate) rest: Vec<(String, String)>,
}

/// How the candidate was found (RFC 8445, section 5.1.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CandidateType {
    /// The address of an own interface.
    Host,
    /// How a STUN server sees this peer.
    ServerReflexive,
    /// How the other peer sees this peer.
    PeerReflexive,
    /// An address of a TURN server that passes on.
    Relayed,
    /// A word the standard does not know.
    Other(String),
}

/// The 32-bit priority; see [`Priority::value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Priority {
    /// Host before reflexive before relayed: recommended are 126, 110 and 100, and 0.
    pub(crate) type_preference: u8,
    /// Which of several interfaces or servers is preferred.
    pub(crate) local_preference: u16,
    /// What the priority says it was computed for; [`Candidate::component`] unless it was made
    /// by another formula.
    pub(crate) component: u16,
}

/// What is wrong with a candidate.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum CandidateError {
    #[error("a candidate ends before its {0}")]
    Missing(&'static str),
    #[error("{1:?} is no {0}")]
    Malformed(&'static str, String),
    #[error("{0:?} has no value; after the type come pairs of name and value")]
    Unpaired(String),
}

impl Candidate {
    /// Reads `candidate:…`, with or without `a=` before it, or what follows the colon.
    pub(crate) fn parse(text: &str) -> Result<Self, CandidateError> {
        let text = text.trim();
        let text = text.strip_prefix("a=").unwrap_or(text);
        let text = text.strip_prefix("candidate:").unwrap_or(text);
        let mut words = text.split_ascii_whitespace();
        let mut next = |what| words.next().ok_or(CandidateError::Missing(what));

        let foundation = next("foundation")?.to_owned();
        let component = number("component id", next("component id")?)?;
        let protocol = next("protocol")?.to_owned();
        let priority: u32 = number("priority", next("priority")?)?;
        let address = next("address")?.to_owned();
        let port = number("port", next("port")?)?;
        match next("type")? {
            "typ" => {}
            other => return Err(CandidateError::Malformed("“typ”", other.to_owned())),
        }
        let kind = CandidateType::from(next("type")?);

        let mut candidate = Self {
            foundation,
            component,
            protocol,
            priority: Priority::from(priority),
            address,
            port,
            kind,
            related_address: None,
            related_port: None,
            tcp_type: None,
            rest: Vec::new(),
        };
        while let Some(name) = words.next() {
            let Some(value) = words.next() else {
                return Err(CandidateError::Unpaired(name.to_owned()));
            };
            match name {
                "raddr" => candidate.related_address = Some(value.to_owned()),
                "rport" => candidate.related_port = Some(number("related port", value)?),
                "tcptype" => candidate.tcp_type = Some(value.to_owned()),
                _ => candidate.rest.push((name.to_owned(), value.to_owned())),
            }
        }
        Ok(candidate)
    }

    /// Whether a name of multicast DNS stands where the address would
    /// (draft-ietf-mmusic-mdns-ice-candidates).
    pub(crate) fn is_hidden(&self) -> bool {
        self.address.to_ascii_lowercase().ends_with(".local")
    }
}

/// `candidate:…` in the order of the grammar; what came in another order moves.
impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "candidate:{} {} {} {} {} {} typ {}",
            self.foundation,
            self.component,
            self.protocol,
            self.priority.value(),
            self.address,
            self.port,
            self.kind,
        )?;
        if let Some(address) = &self.related_address {
            write!(f, " raddr {address}")?;
        }
        if let Some(port) = self.related_port {
            write!(f, " rport {port}")?;
        }
        if let Some(tcp_type) = &self.tcp_type {
            write!(f, " tcptype {tcp_type}")?;
        }
        for (name, value) in &self.rest {
            write!(f, " {name} {value}")?;
        }
        Ok(())
    }
}

impl Priority {
    /// 2²⁴ × type preference + 2⁸ × local preference + (256 − component).
    pub(crate) fn value(self) -> u32 {
        (u32::from(self.type_preference) << 24)
            | (u32::from(self.local_preference) << 8)
            | (256 - u32::from(self.component).clamp(1, 256))
    }
}

impl From<u32> for Priority {
    fn from(value: u32) -> Self {
        let [type_preference, high, low, rest] = value.to_be_bytes();
        Self {
            type_preference,
            local_preference: u16::from_be_bytes([high, low]),
            component: 256 - u16::from(rest),
        }
    }
}

impl CandidateType {
    /// As it stands in a candidate: `host`, `srflx`, `prflx`, `relay`.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Host => "host",
            Self::ServerReflexive => "srflx",
            Self::PeerReflexive => "prflx",
            Self::Relayed => "relay",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for CandidateType {
    fn from(word: &str) -> Self {
        match word {
            "host" => Self::Host,
            "srflx" => Self::ServerReflexive,
            "prflx" => Self::PeerReflexive,
            "relay" => Self::Relayed,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for CandidateType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn number<T: std::str::FromStr>(what: &'static str, word: &str) -> Result<T, CandidateError> {
    // `+5` is a number for Rust, but not for the grammar.
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    let value = word.parse().ok().filter(|_| digits);
    value.ok_or_else(|| CandidateError::Malformed(what, word.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_reflexive_candidate_of_chromium() {
        let text = "candidate:842163049 1 udp 1677729535 203.0.113.7 46154 typ srflx \
                    raddr 10.0.0.17 rport 46154 generation 0 ufrag Yf0T network-cost 999";
        let candidate = Candidate::parse(text).unwrap();
        assert_eq!(candidate.kind, CandidateType::ServerReflexive);
        assert_eq!(candidate.address, "203.0.113.7");
        assert_eq!(candidate.related_address.as_deref(), Some("10.0.0.17"));
        assert_eq!(candidate.related_port, Some(46154));
        let ufrag = ("ufrag".to_owned(), "Yf0T".to_owned());
        assert!(candidate.rest.contains(&ufrag));
        let priority = Priority {
            type_preference: 100,
            local_preference: 30,
            component: 1,
        };
        assert_eq!(candidate.priority, priority);
        assert_eq!(candidate.to_string(), text);
    }

    #[test]
    fn a_tcp_candidate_of_firefox() {
        let text = "candidate:1 1 TCP 2105524479 a1-b2.local 9 typ host tcptype active";
        let candidate = Candidate::parse(&format!("a={text}")).unwrap();
        assert_eq!(candidate.tcp_type.as_deref(), Some("active"));
        assert!(candidate.is_hidden());
        assert_eq!(candidate.to_string(), text);
    }

    #[test]
    fn the_recommended_priorities_of_the_standard() {
        // RFC 8445, section 5.1.2.2: host 126, with one interface 65535.
        let priority = Priority {
            type_preference: 126,
            local_preference: 65535,
            component: 1,
        };
        assert_eq!(priority.value(), 2_130_706_431);
        assert_eq!(Priority::from(2_130_706_431), priority);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let said = |text| Candidate::parse(text).unwrap_err().to_string();
        assert_eq!(said(""), "a candidate ends before its foundation");
        assert_eq!(
            said("candidate:1 1 udp 5"),
            "a candidate ends before its address"
        );
        assert_eq!(said("1 x udp 5 a 9 typ host"), "\"x\" is no component id");
        assert_eq!(said("1 1 udp 5 a 99999 typ host"), "\"99999\" is no port");
        assert_eq!(said("1 1 udp 5 a 9 type host"), "\"type\" is no “typ”");
        assert!(said("1 1 udp 5 a 9 typ host ufrag").contains("\"ufrag\" has no value"));
    }

    proptest! {
        #[test]
        fn any_number_is_a_priority(value: u32) {
            prop_assert_eq!(Priority::from(value).value(), value);
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,200}") {
            let _ = Candidate::parse(&text);
        }

        #[test]
        fn what_is_written_is_read(
            foundation in "[a-zA-Z0-9+/]{1,32}",
            component in 1_u16..=256,
            priority: u32,
            address in "[0-9a-f:.]{1,30}",
            port: u16,
            kind in "host|srflx|prflx|relay|[a-z]{1,5}",
            related in proptest::option::of(("[0-9a-f:.]{1,30}", any::<u16>())),
            tcp_type in proptest::option::of("active|passive|so"),
            rest in proptest::collection::vec(("x-[a-z]{1,5}", "[!-~]{1,9}"), 0..4),
        ) {
            let (related_address, related_port) = related.unzip();
            let candidate = Candidate {
                foundation, component, protocol: "udp".to_owned(),
                priority: priority.into(), address, port, kind: kind.as_str().into(),
                related_address, related_port, tcp_type, rest,
            };
            prop_assert_eq!(Candidate::parse(&candidate.to_string()), Ok(candidate));
        }
    }
}
