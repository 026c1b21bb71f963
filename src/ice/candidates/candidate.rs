//! One candidate, from a report and from its text.

use super::texts::Text;
use crate::sdp::candidate::{self, CandidateType, Priority};
use crate::statistics::Stat;
use crate::trace::Side;

/// One candidate. What is `None` the browser does not tell, and nor does the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    pub(crate) id: String,
    pub(crate) side: Side,
    pub kind: CandidateType,
    /// `udp` or `tcp`
    pub protocol: Option<String>,
    pub(crate) tcp_type: Option<String>,
    /// Between this peer and the TURN server: `udp`, `tcp` or `tls`.
    pub(crate) relay_protocol: Option<String>,
    /// `None` where the browser hides it; it may be a name that hides it, ending in `.local`.
    pub(crate) address: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) priority: Option<Priority>,
    pub(crate) related_address: Option<String>,
    pub(crate) related_port: Option<u16>,
    /// The STUN or TURN server that it came from.
    pub(crate) url: Option<String>,
    /// `wifi`, `ethernet`, …
    pub(crate) network: Option<String>,
}

impl Candidate {
    pub(super) fn new(stat: &Stat, side: Side, texts: &[&Text]) -> Self {
        let text = |member| stat.text(member).map(str::to_owned);
        let port = |member| {
            let number = stat.number(member)?;
            (0.0..65536.0).contains(&number).then_some(number as u16)
        };
        let priority = stat.number("priority");
        let priority = priority.filter(|number| (1.0..=f64::from(u32::MAX)).contains(number));
        let mut candidate = Self {
            id: stat.id().to_owned(),
            side,
            kind: CandidateType::from(stat.text("candidateType").unwrap_or("unknown")),
            protocol: text("protocol"),
            tcp_type: text("tcpType"),
            relay_protocol: text("relayProtocol"),
            address: text("address")
                .or(text("ip"))
                .filter(|address| address != REDACTED),
            port: port("port"),
            priority: priority.map(|number| Priority::from(number as u32)),
            related_address: text("relatedAddress"),
            related_port: port("relatedPort"),
            url: text("url"),
            network: text("networkType").filter(|network| network != "unknown"),
        };
        let known = texts
            .iter()
            .find(|text| text.side == side && candidate.is(&text.candidate));
        if let Some(Text {
            candidate: known, ..
        }) = known
        {
            candidate
                .address
                .get_or_insert_with(|| known.address.clone());
            let related = known.related_address.clone();
            candidate.related_address = candidate.related_address.or(related);
            candidate.related_port = candidate.related_port.or(known.related_port);
        }
        candidate
    }

    /// “example.local” says no more than nothing, but it is what the other end was told.
    pub(crate) fn is_hidden(&self) -> bool {
        let address = self.address.as_deref();
        address.is_none_or(|address| address.ends_with(".local"))
    }

    fn is(&self, text: &candidate::Candidate) -> bool {
        self.kind == text.kind
            && self.port == Some(text.port)
            && self.priority == Some(text.priority)
            && self
                .protocol
                .as_deref()
                .is_none_or(|p| p.eq_ignore_ascii_case(&text.protocol))
            && self
                .address
                .as_deref()
                .is_none_or(|address| address == text.address)
    }
}

/// What Firefox writes in place of an address.
const REDACTED: &str = "(redacted)";
