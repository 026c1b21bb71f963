//! Lines about how packets get there and who may read them: ICE, DTLS, RTCP, SCTP.

use super::{Explanation, LineContext, grouped, says, unknown};
use crate::sdp::attribute::Attribute;
use crate::sdp::candidate::{Candidate, CandidateType};
use crate::sdp::source::{page, rfc};

pub(super) fn attribute(
    attribute: &Attribute,
    line_context: &LineContext<'_>,
) -> Option<Explanation> {
    Some(match attribute {
        Attribute::IceUfrag(ufrag) => says(
            format!(
                "This side’s name in ICE checks is “{ufrag}”. Each check carries both names; another name in a later description means an ICE restart.{}",
                shared(line_context)
            ),
            rfc(8839, "5.4"),
        ),
        Attribute::IcePwd(_) => says(
            format!(
                "The secret that goes with the name. It proves that a check comes from someone who got this description.{}",
                shared(line_context)
            ),
            rfc(8839, "5.4"),
        ),
        Attribute::IceOptions(options) => ice_options(options),
        Attribute::Candidate(candidate) => self::candidate(candidate),
        Attribute::Fingerprint { hash, .. } => says(
            format!(
                "The {} hash of the certificate that this side will show in the DTLS handshake. It ties the keys of the media to the signaling: who could change this line on its way could listen in.",
                hash.to_uppercase()
            ),
            rfc(8122, "5"),
        ),
        Attribute::Setup(role) => setup(role),
        Attribute::Rtcp { port, .. } => rtcp(*port, line_context),
        Attribute::SctpPort(port) => says(
            format!(
                "The port number of SCTP, {port}, inside the DTLS connection. No port of the network."
            ),
            rfc(8841, "5"),
        ),
        Attribute::MaxMessageSize(0) => {
            says("This side takes messages of any size.", rfc(8841, "6"))
        }
        Attribute::MaxMessageSize(bytes) => says(
            format!(
                "A message to this side may have up to {} bytes. send() of the other side fails with a longer one.",
                grouped(*bytes)
            ),
            rfc(8841, "6"),
        ),
        Attribute::Flag(name) => flag(name, line_context)?,
        Attribute::Other { name, value } => other(name, value)?,
        _ => return None,
    })
}

/// In a bundle the same stands in every section, but only one transport uses it.
fn shared(line_context: &LineContext<'_>) -> &'static str {
    match (line_context.context.first_in_bundle, line_context.mid) {
        (Some(first), Some(mid)) if first != mid && line_context.context.bundle.contains(mid) => {
            " Within the bundle, that of the first section counts."
        }
        _ => "",
    }
}

fn ice_options(options: &[String]) -> Explanation {
    let mut text = Vec::new();
    for option in options {
        text.push(match option.as_str() {
            "trickle" => "“trickle”: this side can take candidates one by one, after the description.".to_owned(),
            "renomination" => "“renomination”: the selected pair may be changed later, an extension that never became a standard.".to_owned(),
            "ice2" => "“ice2”: this side follows the ICE of 2018.".to_owned(),
            other => format!("“{other}”: an extension of ICE."),
        });
    }
    let source = match options.first().map(String::as_str) {
        Some("trickle") => rfc(8838, "3"),
        _ => rfc(8839, "5.6"),
    };
    says(text.join(" "), source)
}

fn candidate(candidate: &Candidate) -> Explanation {
    let kind = match &candidate.kind {
        CandidateType::Host => "an address of its own network interface (host)",
        CandidateType::ServerReflexive => {
            "how a STUN server sees it from outside (server reflexive)"
        }
        CandidateType::PeerReflexive => "how the other side saw it (peer reflexive)",
        CandidateType::Relayed => "an address at a TURN server that passes everything on (relay)",
        CandidateType::Other(_) => "an address of an unknown kind",
    };
    let hidden = if candidate.is_hidden() {
        " The name stands for an address that the browser hides; it is resolved by multicast DNS."
    } else {
        ""
    };
    let tcp = match candidate.tcp_type.as_deref() {
        Some("active") => " For TCP this side only opens connections, so 9 stands for no port.",
        Some("passive") => " For TCP this side waits for connections.",
        Some(_) => " For TCP both sides open the connection at once.",
        None => "",
    };
    let related = match (&candidate.related_address, candidate.related_port) {
        (Some(address), Some(port)) if address != "0.0.0.0" && address != "::" => {
            format!(" It was found from {address} port {port}.")
        }
        _ => String::new(),
    };
    let component = match candidate.component {
        1 => "1, RTP or everything".to_owned(),
        2 => "2, RTCP of its own".to_owned(),
        other => other.to_string(),
    };
    let priority = candidate.priority;
    says(
        format!(
            "This side may be reached at {} port {} over {}: {kind}.{hidden}{tcp}{related} Priority {}: type preference {}, local preference {}, component {component}.",
            candidate.address,
            candidate.port,
            candidate.protocol.to_uppercase(),
            grouped(u64::from(priority.value())),
            priority.type_preference,
            grouped(u64::from(priority.local_preference)),
        ),
        if candidate.tcp_type.is_some() {
            rfc(6544, "4.5")
        } else {
            rfc(8839, "5.1")
        },
    )
}

fn setup(role: &str) -> Explanation {
    match role {
        "actpass" => says(
            "This side can be client or server of the DTLS handshake: the answer decides.",
            rfc(8842, "5.2"),
        ),
        "active" => says(
            "This side is the DTLS client: it begins the handshake, as soon as ICE has found a way.",
            rfc(8842, "5.3"),
        ),
        "passive" => says(
            "This side is the DTLS server: it waits for the other’s handshake.",
            rfc(8842, "5.3"),
        ),
        _ => says("No connection is to be made for now.", rfc(4145, "4")),
    }
}

fn rtcp(port: u16, line_context: &LineContext<'_>) -> Explanation {
    let text = match (port, line_context.rtcp_mux) {
        (_, true) => format!(
            "Where RTCP would go if it had a port of its own; {port} is a placeholder. With rtcp-mux it goes where RTP goes."
        ),
        (9, false) => "Where RTCP goes; 9 is a placeholder, ICE finds the port.".to_owned(),
        (port, false) => format!("RTCP goes to port {port}."),
    };
    says(text, rfc(3605, "2.1"))
}

fn flag(name: &str, line_context: &LineContext<'_>) -> Option<Explanation> {
    Some(match name {
        "end-of-candidates" => says(
            "All candidates of this side are in here; none will follow, unless ICE restarts.",
            rfc(8840, "8"),
        ),
        "ice-lite" => says(
            "This side answers ICE checks but makes none. Servers with a public address do so.",
            rfc(8839, "5.3"),
        ),
        "ice-mismatch" => says(
            "The offer’s default address was not among its candidates: something on the way changed it, and ICE is not used.",
            rfc(8839, "5.3"),
        ),
        "rtcp-mux" => says(
            if line_context.context.is_offer() {
                "RTP and its control messages, RTCP, can share one port."
            } else {
                "RTP and its control messages, RTCP, share one port."
            },
            rfc(5761, "5.1.1"),
        ),
        "rtcp-mux-only" => says(
            "RTP and RTCP have to share one port: no other is kept for RTCP.",
            rfc(8858, "3"),
        ),
        "rtcp-rsize" => says(
            "RTCP messages may be sent alone and short, without the reports around them, so that feedback comes sooner.",
            rfc(5506, "5"),
        ),
        _ => return None,
    })
}

fn other(name: &str, value: &str) -> Option<Explanation> {
    Some(match name {
        "ice-pacing" => says(format!("This side makes a new ICE check every {value} ms."), rfc(8839, "5.5")),
        "remote-candidates" => says("Which candidates of the other side this side has selected.", rfc(8839, "5.2")),
        "tls-id" => says(
            "Names the DTLS connection: another value asks for a new handshake.",
            rfc(8842, "4"),
        ),
        "connection" => says(
            match value {
                "new" => "A new transport is to be made.",
                _ => "The transport that is there is used on.",
            },
            rfc(4145, "5"),
        ),
        "sctpmap" => says(
            "How drafts wrote the port of SCTP and the number of its streams. Now it is sctp-port.",
            page("draft-ietf-mmusic-sctp-sdp-05", "https://datatracker.ietf.org/doc/html/draft-ietf-mmusic-sctp-sdp-05"),
        ),
        "crypto" => unknown(
            "A key in plain text for SRTP (SDES). WebRTC must not use it: whoever reads the signaling could decrypt the media.".to_owned(),
            Some(rfc(8827, "6.5")),
        ),
        _ => return None,
    })
}
