//! Which ICE servers a participant is told to use, asked at each join.
//!
//! Owns the question and its simplest answer, the list that the operator writes. That is checked as
//! a browser would check it: a wrong one fails the start of the server rather than every call. It
//! must not know rooms or connections.
//!
//! <https://www.w3.org/TR/webrtc/#dom-rtciceserver>, RFC 7064 (`stun:`), RFC 7065 (`turn:`).

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use serde::Deserialize;
use signaling_protocol::{IceServer, PeerId};

/// The whole list must fit into `joined` with room to spare.
const MAX_BYTES: usize = 16 * 1024;

/// Answers which ICE servers a participant is to use.
///
/// It is asked once a join, also when the join is refused then, and never at a resume: `resumed`
/// has no servers in it, so a participant that comes back uses those of its join. Credentials that expire must
/// therefore be valid for as long as a participant may stay.
pub trait IceServerSource: Send + Sync + fmt::Debug {
    /// The servers for the participant whose id is `peer_id`, which joins at `now`.
    fn servers(&self, peer_id: &PeerId, now: SystemTime) -> Vec<IceServer>;
}

/// A JSON array of `RTCIceServer`, the same for everybody at any time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IceServers(pub Vec<IceServer>);

impl IceServerSource for IceServers {
    fn servers(&self, _: &PeerId, _: SystemTime) -> Vec<IceServer> {
        self.0.clone()
    }
}

impl FromStr for IceServers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Urls {
            One(String),
            Many(Vec<String>),
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Entry {
            urls: Urls,
            username: Option<String>,
            credential: Option<String>,
        }

        if text.len() > MAX_BYTES {
            return Err(format!("at most {MAX_BYTES} bytes"));
        }
        let entries: Vec<Entry> = serde_json::from_str(text)
            .map_err(|error| format!("not a JSON array of RTCIceServer: {error}"))?;
        let servers = entries.into_iter().map(|entry| {
            let server = IceServer {
                urls: match entry.urls {
                    Urls::One(url) => vec![url],
                    Urls::Many(urls) => urls,
                },
                username: entry.username,
                credential: entry.credential,
            };
            check(&server).map(|()| server)
        });
        servers.collect::<Result<_, _>>().map(Self)
    }
}

/// A `stun:` URL, for `--stun`.
pub(crate) fn stun(url: &str) -> Result<String, String> {
    let server = IceServer {
        urls: vec![url.to_owned()],
        username: None,
        credential: None,
    };
    check(&server).map(|()| url.to_owned())
}

fn check(server: &IceServer) -> Result<(), String> {
    if server.urls.is_empty() {
        return Err("an ICE server needs at least one URL".to_owned());
    }
    for url in &server.urls {
        let turn = check_url(url)?;
        if turn && (server.username.is_none() || server.credential.is_none()) {
            return Err(format!("\"{url}\" needs a username and a credential"));
        }
    }
    Ok(())
}

/// Whether it is a TURN server.
fn check_url(url: &str) -> Result<bool, String> {
    let (turn, rest) = match url.split_once(':') {
        Some(("stun" | "stuns", rest)) => (false, rest),
        Some(("turn" | "turns", rest)) => (true, rest),
        _ => {
            return Err(format!(
                "\"{url}\" does not start with stun:, stuns:, turn: or turns:"
            ));
        }
    };
    let (address, query) = match rest.split_once('?') {
        Some((address, query)) => (address, Some(query)),
        None => (rest, None),
    };
    match (turn, query) {
        (_, None) | (true, Some("transport=udp" | "transport=tcp")) => {}
        (true, Some(_)) => {
            return Err(format!(
                "\"{url}\": after ? only transport=udp or transport=tcp"
            ));
        }
        (false, Some(_)) => return Err(format!("\"{url}\": a STUN URL has no ?")),
    }
    let (host, port) = match address.rsplit_once(':') {
        // A colon inside the brackets of an IPv6 address is none before a port.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (address, None),
    };
    let bracketed = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    let good_host = match bracketed {
        Some(ipv6) => ipv6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
        }
    };
    let good_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    if good_host && good_port {
        Ok(turn)
    } else {
        Err(format!("\"{url}\" is not scheme:host or scheme:host:port"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_accept_is_accepted() {
        let text = r#"[
            {"urls": "stun:stun.example"},
            {"urls": ["turn:[::1]:3478?transport=udp", "turns:turn.example:443?transport=tcp"],
             "username": "u", "credential": "c"}
        ]"#;
        let IceServers(servers) = text.parse().unwrap();
        assert_eq!(servers[0].urls, ["stun:stun.example"]);
        assert_eq!(servers[1].urls.len(), 2);
        assert_eq!("[]".parse(), Ok(IceServers(Vec::new())));
    }

    #[test]
    fn what_browsers_refuse_is_refused() {
        for url in [
            "stun.example",
            "stun:",
            "http://stun.example",
            "stun://stun.example",
            "stun:host:port",
            "stun:host:0",
            "stun:host:65536",
            "stun:host?transport=udp",
            "stun:[nonsense]:1",
            "stun:a b",
            "turn:host",
        ] {
            assert!(stun(url).is_err(), "{url}");
        }
        for json in [
            "",
            "{}",
            "[{}]",
            r#"[{"urls": []}]"#,
            r#"[{"urls": "turn:host", "username": "u"}]"#,
            r#"[{"url": "stun:host"}]"#,
        ] {
            assert!(json.parse::<IceServers>().is_err(), "{json}");
        }
    }
}
