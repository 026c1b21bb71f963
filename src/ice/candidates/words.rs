//! Types of candidates and of connections, in the tutorial's words.

use super::candidate::Candidate;
use super::tables::Tables;
use crate::ice::reach::Reach;
use crate::sdp::candidate::CandidateType;

/// A name and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

/// What a candidate of this type is (RFC 8445, section 5.1.1).
pub(crate) fn meaning(kind: &CandidateType) -> Meaning {
    let (name, text) = match kind {
        CandidateType::Host => (
            "Host",
            "An address of one of the peer’s own network interfaces.",
        ),
        CandidateType::ServerReflexive => (
            "Server reflexive",
            "The public address and port that a STUN server saw.",
        ),
        CandidateType::PeerReflexive => (
            "Peer reflexive",
            "The address from which a check came that no signaled candidate had.",
        ),
        CandidateType::Relayed => (
            "Relay",
            "An address of a TURN server, which passes everything on.",
        ),
        CandidateType::Other(_) => ("Unknown", "A word of this browser’s own."),
    };
    Meaning { name, text }
}

/// What kind of connection the selected pair makes, and what that means; `None` while there is
/// none.
pub(crate) fn connection_type(tables: &Tables) -> Option<Meaning> {
    let pair = tables.selected()?;
    let local = tables.candidate(&pair.local)?;
    let remote = tables.candidate(&pair.remote)?;
    let any = |kind: &CandidateType| local.kind == *kind || remote.kind == *kind;
    let (name, text) = if local.kind == CandidateType::Relayed
        && remote.kind == CandidateType::Relayed
    {
        (
            "Relay",
            "Both ends go through TURN servers: no direct way was found or allowed. The servers pay for every byte, but cannot read it.",
        )
    } else if local.kind == CandidateType::Relayed {
        (
            "Relay",
            "This end goes through a TURN server: no direct way was found or allowed. The server pays for every byte, but cannot read it.",
        )
    } else if remote.kind == CandidateType::Relayed {
        (
            "Relay",
            "The other end goes through a TURN server: no direct way was found or allowed. The server pays for every byte, but cannot read it.",
        )
    } else if any(&CandidateType::ServerReflexive) {
        (
            "Server reflexive",
            "Direct, through NAT: a STUN server told an end its public address, and the NAT lets the other end’s packets in. No server carries media.",
        )
    } else if any(&CandidateType::PeerReflexive) && behind_nat(tables, local, remote) {
        (
            "Peer reflexive",
            "Direct, through NAT: the address was found by the checks themselves, which happens where a NAT gives each destination a port of its own. No server carries media.",
        )
    } else if any(&CandidateType::PeerReflexive) {
        (
            "Peer reflexive",
            "Direct: a check arrived before the signaled candidate it belongs to, or the candidate’s address was hidden. On one network or one machine that is common. No server carries media.",
        )
    } else if any(&CandidateType::Host) {
        (
            "Host",
            "Direct, from host to host: both ends are on one network or one machine, or have public addresses. No server is needed.",
        )
    } else {
        (
            "Unknown",
            "This browser does not say of which types the candidates are.",
        )
    };
    Some(Meaning { name, text })
}

/// Whether a peer reflexive candidate shows a public address that no end has itself, so that it
/// was made by a NAT.
fn behind_nat(tables: &Tables, local: &Candidate, remote: &Candidate) -> bool {
    [local, remote].into_iter().any(|candidate| {
        let Some(address) = candidate.address.as_deref() else {
            return false;
        };
        let is_public = address
            .parse()
            .is_ok_and(|address| Reach::of(address) == Reach::Public);
        // A machine on the open Internet has a public address of its own.
        let is_own = tables.candidates.iter().any(|other| {
            other.kind == CandidateType::Host && other.address.as_deref() == Some(address)
        });
        candidate.kind == CandidateType::PeerReflexive && is_public && !is_own
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Report;

    fn named(local: (&str, &str), remote: (&str, &str)) -> Meaning {
        let report = format!(
            r#"[{{"id":"l","type":"local-candidate","candidateType":"{}","address":"{}"}},
                {{"id":"r","type":"remote-candidate","candidateType":"{}","address":"{}"}},
                {{"id":"p","type":"candidate-pair","selected":true,"localCandidateId":"l","remoteCandidateId":"r"}}]"#,
            local.0, local.1, remote.0, remote.1
        );
        connection_type(&Tables::new(&Report::from_json(&report).unwrap(), &[])).unwrap()
    }

    #[test]
    fn the_connection_is_named_after_its_least_direct_candidate() {
        let host = ("host", "192.168.1.2");
        assert_eq!(named(host, host).name, "Host");
        assert_eq!(
            named(host, ("srflx", "203.0.113.7")).name,
            "Server reflexive"
        );
        assert_eq!(named(("prflx", ""), ("srflx", "")).name, "Server reflexive");
        assert_eq!(named(("prflx", ""), ("relay", "")).name, "Relay");
        assert!(named(host, ("relay", "")).text.starts_with("The other end"));
        assert!(named(("relay", ""), host).text.starts_with("This end"));
        assert!(
            named(("relay", ""), ("relay", ""))
                .text
                .starts_with("Both ends")
        );
    }

    #[test]
    fn peer_reflexive_means_nat_only_with_a_public_address() {
        let host = ("host", "192.168.1.2");
        assert!(
            named(host, ("prflx", "8.8.8.8"))
                .text
                .contains("through NAT")
        );
        assert!(
            named(host, ("prflx", "2001:4860::1"))
                .text
                .contains("through NAT")
        );
        let near = [
            "192.168.1.9",
            "",
            "a.local",
            "100.64.0.1",
            "192.0.2.2",
            "fe80::1",
        ];
        for address in near {
            assert!(named(host, ("prflx", address)).text.contains("one network"));
        }
    }

    #[test]
    fn an_address_of_an_end_itself_was_not_made_by_a_nat() {
        let own = ("host", "8.8.8.8");
        assert!(
            named(own, ("prflx", "8.8.8.8"))
                .text
                .contains("one network")
        );
        assert!(
            named(own, ("prflx", "8.8.4.4"))
                .text
                .contains("through NAT")
        );
    }

    #[test]
    fn without_a_selected_pair_there_is_no_connection() {
        assert_eq!(connection_type(&Tables::default()), None);
    }
}
