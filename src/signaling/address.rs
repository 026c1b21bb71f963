//! Which signaling server a page uses. Pure.

use thiserror::Error;

/// What the page says about it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sources<'a> {
    /// `?server=` in the page's address.
    pub(crate) query: Option<&'a str>,
    /// `<meta name="signaling-server">`.
    pub(crate) meta: Option<&'a str>,
    /// The page's own origin, such as `https://example.org`.
    pub(crate) origin: &'a str,
}

/// A server's address that nobody can connect to.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("\"{0}\" is not the address of a signaling server: write wss://host/ws, or https://host")]
pub(crate) struct InvalidAddress(String);

/// The WebSocket address: from the query, else from the meta tag, else the page's own origin.
/// Where only a host is given, the path is `/ws`.
pub(crate) fn resolve(sources: Sources<'_>) -> Result<String, InvalidAddress> {
    let given = [sources.query, sources.meta]
        .into_iter()
        .flatten()
        .map(str::trim)
        .find(|address| !address.is_empty());
    let address = given.unwrap_or(sources.origin);
    let invalid = || InvalidAddress(address.to_owned());
    let (scheme, rest) = address.split_once("://").ok_or_else(invalid)?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "ws" | "http" => "ws",
        "wss" | "https" => "wss",
        _ => return Err(invalid()),
    };
    // A WebSocket address has no fragment.
    let rest = rest.split('#').next().unwrap_or_default();
    let (host, path) = match rest.split_once('/') {
        Some((host, path)) => (host, path),
        None => (rest, ""),
    };
    if host.is_empty() || host.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(invalid());
    }
    let path = if path.is_empty() { "ws" } else { path };
    Ok(format!("{scheme}://{host}/{path}"))
}

/// Where the server of a WebSocket address has its other services, such as the embedded database:
/// beside the WebSocket, over HTTP. `wss://host/base/ws` makes `https://host/base`.
pub(crate) fn http_root(address: &str) -> String {
    let address = address.split('?').next().unwrap_or_default();
    // `ws://` and `wss://` differ as `http://` and `https://` do.
    let http = address.strip_prefix("ws").unwrap_or(address);
    let (root, _) = http.rsplit_once('/').unwrap_or((http, ""));
    format!("http{root}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORIGIN: &str = "https://tour.example";

    fn resolved(query: Option<&str>, meta: Option<&str>) -> Result<String, InvalidAddress> {
        resolve(Sources {
            query,
            meta,
            origin: ORIGIN,
        })
    }

    #[test]
    fn the_own_origin_is_used_when_nothing_else_is_said() {
        assert_eq!(resolved(None, Some(" ")).unwrap(), "wss://tour.example/ws");
        let local = Sources {
            origin: "http://127.0.0.1:8080",
            ..Sources::default()
        };
        assert_eq!(resolve(local).unwrap(), "ws://127.0.0.1:8080/ws");
    }

    #[test]
    fn the_query_wins_over_the_meta_tag() {
        assert_eq!(
            resolved(Some("ws://a.example:1/x"), Some("wss://b.example/ws")).unwrap(),
            "ws://a.example:1/x"
        );
        assert_eq!(
            resolved(None, Some("https://b.example")).unwrap(),
            "wss://b.example/ws"
        );
    }

    #[test]
    fn other_services_are_beside_the_web_socket() {
        for (given, root) in [
            ("wss://a.example", "https://a.example"),
            ("ws://a.example:1/x/ws", "http://a.example:1/x"),
            ("https://a.example/x/", "https://a.example/x"),
            ("http://a.example/ws?subprotocol=a/b", "http://a.example"),
        ] {
            assert_eq!(http_root(&resolved(Some(given), None).unwrap()), root);
        }
    }

    #[test]
    fn what_cannot_be_connected_to_is_refused() {
        for address in [
            "b.example",
            "ftp://b.example",
            "wss://",
            "wss:///ws",
            "ws://a b",
        ] {
            assert!(resolved(Some(address), None).is_err(), "{address}");
        }
    }
}
