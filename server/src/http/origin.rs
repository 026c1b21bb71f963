//! PURE: what a request's `Origin` and `Host` say of the page behind it: whether it may open a
//! WebSocket here, and whether the name of this server can be another site's.
//!
//! The same-origin policy does not hold for WebSockets (RFC 6455, section 10.2): without this
//! check the pages of any site could use the server through its visitors.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use axum::http::Uri;
use axum::http::uri::Authority;

/// Scheme, host and port (RFC 6454, section 4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

/// Whose pages may use the server besides its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowedOrigin {
    Any,
    One(Origin),
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is not an origin like https://pages.example:8443");
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong());
        };
        let bare = uri.path_and_query().is_none_or(|path| path == "/");
        if !bare || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(wrong());
        }
        let scheme = scheme.to_ascii_lowercase();
        Ok(Self {
            port: authority.port_u16().or(default_port(&scheme)),
            host: authority.host().to_ascii_lowercase(),
            scheme,
        })
    }
}

impl FromStr for AllowedOrigin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "*" => Ok(Self::Any),
            _ => text.parse().map(Self::One),
        }
    }
}

/// `origin` and `host` are the headers of the handshake.
pub(crate) fn is_allowed(
    origin: Option<&str>,
    host: Option<&str>,
    allowed: &[AllowedOrigin],
) -> bool {
    // Only browsers send it, and always; who is none can send what it likes anyway.
    let Some(origin) = origin else {
        return true;
    };
    if allowed.contains(&AllowedOrigin::Any) {
        return true;
    }
    // `null`, of a sandboxed frame or a file, is nobody's.
    let Ok(origin) = origin.parse::<Origin>() else {
        return false;
    };
    let listed = |one: &AllowedOrigin| matches!(one, AllowedOrigin::One(one) if *one == origin);
    if allowed.iter().any(listed) {
        return true;
    }
    let Some(host) = host.and_then(|host| host.parse::<Authority>().ok()) else {
        return false;
    };
    // Whether TLS ends here or at a proxy: where the page came from is where it connects to, so
    // a missing port is that of the page's scheme.
    let port = host.port_u16().or(default_port(&origin.scheme));
    let same = origin.host.eq_ignore_ascii_case(host.host()) && origin.port == port;
    // In development the pages come from another port, that of trunk's server, or from that of a
    // test. What runs on this machine can connect with or without a browser.
    same || (is_loopback(&origin.host) && is_loopback(host.host()))
}

/// Whether a `Host` header is an IP address or a name of this machine. Any other name can be that
/// of a site which makes it an address of ours after its page was loaded (DNS rebinding): for the
/// browser the page and this server are one then, and its requests have no `Origin`.
pub(crate) fn is_unforgeable(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let host = authority.host();
    let v6 = host.strip_prefix('[').and_then(|ip| ip.strip_suffix(']'));
    let is_address =
        host.parse::<Ipv4Addr>().is_ok() || v6.is_some_and(|ip| ip.parse::<Ipv6Addr>().is_ok());
    !authority.as_str().contains('@') && (is_address || is_localhost(host))
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}

/// `localhost`, 127.0.0.0/8, `::1`.
fn is_loopback(host: &str) -> bool {
    let v4 = host.parse::<Ipv4Addr>();
    is_localhost(host) || host == "[::1]" || v4.is_ok_and(|ip| ip.is_loopback())
}

/// `localhost` and everything below it (RFC 6761, section 6.3).
fn is_localhost(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origin: &str, host: &str) -> bool {
        is_allowed(Some(origin), Some(host), &[])
    }

    #[test]
    fn the_same_origin_is_allowed_with_default_ports_written_or_not() {
        for (origin, host) in [
            ("https://tour.example", "tour.example"),
            ("https://tour.example", "tour.example:443"),
            ("https://tour.example:443", "tour.example"),
            ("http://tour.example", "tour.example:80"),
            ("http://tour.example:8080", "Tour.Example:8080"),
            ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443"),
            ("http://192.0.2.1:8080", "192.0.2.1:8080"),
        ] {
            assert!(allowed(origin, host), "{origin} {host}");
        }
    }

    #[test]
    fn other_origins_are_not() {
        for (origin, host) in [
            ("https://evil.example", "tour.example"),
            ("https://tour.example.evil.example", "tour.example"),
            ("https://sub.tour.example", "tour.example"),
            ("https://tour.example:8443", "tour.example"),
            ("http://tour.example", "tour.example:443"),
            ("http://tour.example@evil.example", "tour.example"),
            ("null", "tour.example"),
            ("", "tour.example"),
            ("tour.example", "tour.example"),
            ("file://", "tour.example"),
            ("https://tour.example/path", "tour.example"),
            ("https://tour.example", ""),
        ] {
            assert!(!allowed(origin, host), "{origin} {host}");
        }
        assert!(!is_allowed(Some("https://tour.example"), None, &[]));
    }

    #[test]
    fn who_is_no_browser_sends_no_origin() {
        assert!(is_allowed(None, Some("tour.example"), &[]));
        assert!(is_allowed(None, None, &[]));
    }

    #[test]
    fn on_loopback_any_port_will_do() {
        for origin in [
            "http://localhost:3000",
            "https://app.localhost",
            "http://127.0.0.2:9",
            "http://[::1]:5173",
        ] {
            assert!(allowed(origin, "127.0.0.1:8080"), "{origin}");
            assert!(allowed(origin, "localhost:8080"), "{origin}");
            assert!(!allowed(origin, "tour.example"), "{origin}");
        }
        for origin in ["http://localhost.evil.example", "http://128.0.0.1"] {
            assert!(!allowed(origin, "127.0.0.1:8080"), "{origin}");
        }
    }

    #[test]
    fn addresses_and_localhost_are_no_other_sites_names() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:9000",
            "192.0.2.1:9000",
            "[::1]:9000",
            "[2001:db8::1]",
            "localhost",
            "LocalHost:9000",
            "rtdb.localhost:9000",
        ] {
            assert!(is_unforgeable(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:9000",
            "localhost.evil.example",
            "127.0.0.1.evil.example:9000",
            "evillocalhost",
            "localhost@evil.example",
            "evil.example@localhost",
            "[v1.a]",
            "::1",
            "0x7f000001",
            "2130706433",
        ] {
            assert!(!is_unforgeable(host), "{host}");
        }
    }

    #[test]
    fn others_may_be_listed() {
        let list = ["https://pages.example/", "http://other.example:8080"];
        let list: Vec<_> = list.iter().map(|one| one.parse().unwrap()).collect();
        let allowed = |origin, list: &[_]| is_allowed(Some(origin), Some("tour.example"), list);
        assert!(allowed("https://pages.example", &list));
        assert!(allowed("http://other.example:8080", &list));
        assert!(allowed("https://tour.example", &list));
        assert!(!allowed("http://pages.example", &list));
        assert!(!allowed("https://pages.example:444", &list));
        let any = ["*".parse().unwrap()];
        assert!(allowed("https://anything.example", &any));
        assert!(allowed("null", &any));
    }

    #[test]
    fn what_is_no_origin_cannot_be_listed() {
        for text in ["", "null", "pages.example", "https://", "https://a/b", "**"] {
            assert!(text.parse::<AllowedOrigin>().is_err(), "{text}");
        }
    }
}
