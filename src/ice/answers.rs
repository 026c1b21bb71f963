//! What ICE servers did not give, in words. Pure.
//!
//! Browsers tell of a server once for each of the machine's addresses and ways to ask, and
//! Chromium names a TURN server `stun:` where it asked for the public address first. A person
//! entered one server and wants one sentence about it.

use crate::advice::Advice;

/// Where the server could not be reached:
/// <https://www.w3.org/TR/webrtc/#dom-rtcpeerconnectioniceerrorevent-errorcode>
const UNREACHABLE: u16 = 701;

/// User name and password are not the server's:
/// <https://www.rfc-editor.org/rfc/rfc8489#section-14.8>
const UNAUTHENTICATED: u16 = 401;

/// What is told of STUN servers, too: that none answered, Try Alternate, Bad Request, Unknown
/// Attribute, Server Error. The other codes are for those who have to say who they are, or what they
/// want of a relay.
/// <https://www.rfc-editor.org/rfc/rfc8489#section-14.8>
const OF_ANY_SERVER: [u16; 5] = [UNREACHABLE, 300, 400, 420, 500];

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The addresses of the servers as they were entered.
    pub(crate) urls: Vec<String>,
    /// `iceTransportPolicy: "relay"`
    pub(crate) relay_only: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Whether there is nothing more to come.
    pub(crate) is_complete: bool,
    pub(crate) candidates: usize,
    pub(crate) relayed: usize,
    pub(crate) server_reflexive: usize,
}

/// One `icecandidateerror`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer<'a> {
    pub(crate) url: &'a str,
    pub(crate) code: u16,
    pub(crate) text: &'a str,
}

/// One sentence for each server that did not help, and what to do.
pub(crate) fn failure_advice<'a>(
    answers: impl IntoIterator<Item = Answer<'a>>,
    asked: &Asked,
    outcome: Outcome,
) -> Option<Advice> {
    // From one of its addresses a machine may not reach a server that it does reach from another.
    let helped = match asked.urls.iter().any(|url| is_relay(url)) {
        true => outcome.relayed > 0,
        false => outcome.server_reflexive > 0,
    };
    let is_only = asked.urls.len() == 1;
    let mut servers: Vec<(&str, Answer)> = Vec::new();
    for answer in answers {
        if is_only && helped && answer.code == UNREACHABLE {
            continue;
        }
        let name = entered(&answer, asked);
        let known = servers.iter_mut().find(|(known, _)| *known == name);
        match known {
            // A server that refuses says more than a way on which it was not reached.
            Some((_, known)) if known.code == UNREACHABLE => *known = answer,
            Some(_) => {}
            None => servers.push((name, answer)),
        }
    }
    if servers.is_empty() {
        return None;
    }
    let any = |code| servers.iter().any(|(_, answer)| answer.code == code);
    let (refused, unreachable) = (any(UNAUTHENTICATED), any(UNREACHABLE));
    let what: Vec<_> = servers
        .iter()
        .map(|(name, answer)| sentence(name, answer, helped || outcome.server_reflexive > 0))
        .collect();
    let mut remedy = Vec::new();
    if refused {
        remedy.push("Compare user name and password with those of the server.");
    }
    if unreachable {
        remedy.push(
            "Check address and port of what cannot be reached, whether it runs, and whether a firewall stands in between.",
        );
    }
    if !refused && !unreachable {
        remedy.push("The number is the server’s own: its log or its manual says more.");
    }
    let without_server = outcome.candidates > outcome.relayed + outcome.server_reflexive;
    match (asked.relay_only, outcome.candidates) {
        (false, _) if without_server => remedy.push("Candidates that need no server are found all the same."),
        (true, 0) if outcome.is_complete => remedy.push(
            "All other candidates are left out, so a connection made like this could not reach anybody.",
        ),
        _ => {}
    }
    Some(Advice::new(what.join(" "), remedy.join(" ")))
}

/// Why gathering is complete without what was asked for, where no server says it. `is_told` says
/// that [`failure_advice`] tells what servers answered.
pub(crate) fn nothing(asked: &Asked, outcome: Outcome, is_told: bool) -> Option<Advice> {
    if !outcome.is_complete {
        return None;
    }
    let relays = asked.urls.iter().any(|url| is_relay(url));
    let (what, remedy) = match (asked.relay_only, outcome.candidates) {
        (true, 0) if is_told => return None,
        (true, 0) if !relays => (
            "Only a TURN server can give a relay candidate, and none is entered.",
            "Enter one, with user name and password, or switch off “Only through a relay”.",
        ),
        (true, 0) => (
            "No TURN server gave a relay candidate, and none said why. All other candidates are left out.",
            "Check the servers that are entered, or switch off “Only through a relay” to see what there is without.",
        ),
        (false, 0) => (
            "This browser shows no address at all.",
            "The machine has no network, or a setting or an extension of the browser keeps WebRTC from using it.",
        ),
        _ => return None,
    };
    Some(Advice::new(what, remedy))
}

/// Which of the entered servers it was, or what the browser calls it. Several may have one host:
/// only a TURN server asks who one is, and each is asked in its own way.
fn entered<'a>(answer: &Answer<'a>, asked: &'a Asked) -> &'a str {
    let same_host = asked
        .urls
        .iter()
        .filter(|url| host(url) == host(answer.url));
    let differs = |url: &&String| {
        (
            !OF_ANY_SERVER.contains(&answer.code) && !is_relay(url),
            is_relay(url) != is_relay(answer.url),
            transport(url) != transport(answer.url),
        )
    };
    same_host.min_by_key(differs).map_or(answer.url, |url| url)
}

/// `elsewhere`: some server was reached, perhaps this one.
fn sentence(name: &str, answer: &Answer, elsewhere: bool) -> String {
    // Browsers end some of these texts with a full stop; Firefox has none at all.
    let text = answer.text.trim_end_matches(['.', ' ']);
    let told = match text {
        "" => answer.code.to_string(),
        text => format!("{}: {text}", answer.code),
    };
    match answer.code {
        UNREACHABLE if elsewhere => format!(
            "{name} could not be reached, at least not from each address of this machine ({told})."
        ),
        UNREACHABLE => format!("{name} could not be reached ({told})."),
        UNAUTHENTICATED => format!("{name} does not accept this user name and password ({told})."),
        _ => format!("{name} answered with an error ({told})."),
    }
}

fn is_relay(url: &str) -> bool {
    url.get(..4)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("turn"))
}

/// How it is asked: over UDP where nothing is said, over TCP for TLS (RFC 7065).
fn transport(url: &str) -> &str {
    let is_tls = url
        .split_once(':')
        .is_some_and(|(scheme, _)| scheme.ends_with(['s', 'S']));
    match url.split_once("?transport=") {
        Some((_, transport)) => transport,
        None if is_tls => "tcp",
        None => "udp",
    }
}

/// Name and port, which is 3478 where none is said, or 5349 for TLS (RFC 7064 and RFC 7065).
fn host(url: &str) -> String {
    let (scheme, rest) = url.split_once(':').unwrap_or(("", url));
    let host = rest.split('?').next().unwrap_or_default();
    let has_port = host
        .rsplit_once(':')
        .is_some_and(|(name, _)| !name.contains(':') || name.ends_with(']'));
    let port = match (has_port, scheme.ends_with(['s', 'S'])) {
        (true, _) => "",
        (false, true) => ":5349",
        (false, false) => ":3478",
    };
    host.to_ascii_lowercase() + port
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(urls: &[&str], relay_only: bool) -> Asked {
        Asked {
            urls: urls.iter().map(|&url| url.to_owned()).collect(),
            relay_only,
        }
    }

    fn answer<'a>(url: &'a str, code: u16, text: &'a str) -> Answer<'a> {
        Answer { url, code, text }
    }

    fn found(relayed: usize) -> Outcome {
        Outcome {
            is_complete: true,
            candidates: relayed,
            relayed,
            server_reflexive: 0,
        }
    }

    #[test]
    fn a_wrong_password_is_said_once_for_the_server_that_was_entered() {
        let asked = asked(&["turn:127.0.0.1:34780"], true);
        let twice = [answer("turn:127.0.0.1:34780?transport=udp", 401, "Unauthorized"); 2];
        let advice = failure_advice(twice, &asked, found(0)).unwrap();
        assert_eq!(
            advice.what,
            "turn:127.0.0.1:34780 does not accept this user name and password (401: Unauthorized)."
        );
        assert_eq!(
            advice.remedy,
            "Compare user name and password with those of the server. All other candidates are left out, so a connection made like this could not reach anybody."
        );
    }

    #[test]
    fn a_dead_turn_server_is_not_called_stun() {
        let asked = asked(&["turn:one.example", "turn:two.example"], true);
        let answers = [
            answer(
                "stun:two.example:3478",
                701,
                "STUN binding request timed out.",
            ),
            answer("turn:one.example:3478?transport=udp", 401, ""),
            answer(
                "turn:two.example:3478?transport=udp",
                701,
                "TURN allocate request timed out.",
            ),
        ];
        let advice = failure_advice(answers, &asked, found(0)).unwrap();
        assert_eq!(
            advice.what,
            "turn:two.example could not be reached (701: TURN allocate request timed out). turn:one.example does not accept this user name and password (401)."
        );
        assert!(advice.remedy.contains("firewall"), "{advice:?}");
    }

    #[test]
    fn of_several_servers_at_one_host_the_right_one_is_named() {
        let asked = asked(
            &[
                "stun:a.example",
                "turn:a.example",
                "turn:a.example?transport=tcp",
            ],
            false,
        );
        let named = |url, code| {
            let advice = failure_advice([answer(url, code, "")], &asked, found(0)).unwrap();
            advice.what.split(' ').next().unwrap().to_owned()
        };
        assert_eq!(named("stun:a.example:3478", 701), "stun:a.example");
        assert_eq!(named("stun:a.example:3478", 401), "turn:a.example");
        assert_eq!(named("stun:a.example:3478", 500), "stun:a.example");
        assert_eq!(
            named("turn:a.example:3478?transport=udp", 401),
            "turn:a.example"
        );
        assert_eq!(
            named("turn:a.example:3478?transport=tcp", 701),
            "turn:a.example?transport=tcp"
        );
        assert_eq!(named("turn:b.example:3478", 701), "turn:b.example:3478");
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let two = asked(&["stun:a.example", "stun:b.example"], false);
        let answers = [answer("stun:a.example", 701, "timed out")];
        // One of the two helped. Perhaps it was this one, from another address.
        let outcome = Outcome {
            candidates: 2,
            server_reflexive: 1,
            ..Outcome::default()
        };
        let advice = failure_advice(answers, &two, outcome).unwrap();
        assert_eq!(
            advice.what,
            "stun:a.example could not be reached, at least not from each address of this machine (701: timed out)."
        );
        // More may come.
        let relay = asked(&["turn:a.example", "turn:b.example"], true);
        let advice = failure_advice(answers, &relay, Outcome::default()).unwrap();
        assert!(!advice.remedy.contains("anybody"), "{advice:?}");
        assert_eq!(nothing(&relay, Outcome::default(), false), None);
        // Not even a candidate that needs no server.
        let advice = failure_advice(answers, &two, found(0)).unwrap();
        assert!(!advice.remedy.contains("all the same"), "{advice:?}");
        let some = asked(&["turn:a.example", "turn:b.example"], false);
        let advice = failure_advice(answers, &some, found(1)).unwrap();
        assert!(!advice.remedy.contains("all the same"), "{advice:?}");
        let advice = nothing(&two, found(0), true).unwrap();
        assert!(advice.what.contains("no address at all"), "{advice:?}");
        // Something else than a password.
        let answers = [answer("turn:a.example", 403, "Forbidden")];
        let advice = failure_advice(answers, &relay, found(0)).unwrap();
        assert!(!advice.what.contains("password"), "{advice:?}");
        assert!(!advice.remedy.contains("password"), "{advice:?}");
    }

    #[test]
    fn a_server_that_helped_is_not_blamed_for_an_address_that_cannot_reach_it() {
        let asked = asked(&["turn:127.0.0.1:34780"], false);
        let answers = [answer("turn:127.0.0.1:34780", 701, "no route")];
        assert_eq!(failure_advice(answers, &asked, found(1)), None);
        let outcome = Outcome {
            candidates: 1,
            ..found(0)
        };
        let advice = failure_advice(answers, &asked, outcome).unwrap();
        assert!(advice.remedy.ends_with("all the same."), "{advice:?}");
    }

    #[test]
    fn an_empty_list_has_a_reason() {
        let turn = ["turn:a"];
        for (urls, relay_only, word) in [
            (&[] as &[&str], true, "none is entered"),
            (&["stun:a"], true, "none is entered"),
            (&turn, true, "No TURN server gave"),
            (&turn, false, "no address at all"),
        ] {
            let advice = nothing(&asked(urls, relay_only), found(0), false).unwrap();
            assert!(advice.what.contains(word), "{advice:?}");
        }
        assert_eq!(nothing(&asked(&turn, true), found(1), false), None);
    }

    #[test]
    fn hosts_are_compared_with_their_ports() {
        for (one, other) in [
            ("turn:a.example", "stun:A.example:3478"),
            ("turns:a.example", "turns:a.example:5349?transport=tcp"),
            ("turn:[::1]", "turn:[::1]:3478"),
        ] {
            assert_eq!(host(one), host(other));
        }
        assert_ne!(host("turn:a:1"), host("turn:a:2"));
    }
}
