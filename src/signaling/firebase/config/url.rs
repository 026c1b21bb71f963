//! The address of a database. Pure.

use super::InvalidConfig;

/// An address that a database can have.
pub(super) struct DatabaseUrl {
    /// Without a slash at its end.
    pub(super) root: String,
    pub(super) namespace: Option<String>,
}

impl DatabaseUrl {
    /// `.json` and slashes at the end go; what is no address, or not safe, is refused.
    pub(super) fn parse(given: &str) -> Result<Self, InvalidConfig> {
        let not_url = || InvalidConfig::NotUrl(given.to_owned());
        let (scheme, rest) = given.split_once("://").ok_or_else(not_url)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if authority.contains('@') {
            return Err(InvalidConfig::Secret);
        }
        let authority = authority.to_ascii_lowercase();
        let host = host(&authority).ok_or_else(not_url)?;
        if host == "console.firebase.google.com" {
            return Err(InvalidConfig::Console);
        }
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" => "https",
            "http" if is_loopback(host) => "http",
            "http" => return Err(InvalidConfig::Insecure(host.to_owned())),
            _ => return Err(not_url()),
        };
        let mut root = format!("{scheme}://{authority}");
        let path = path.trim_end_matches('/');
        let path = path.strip_suffix(".json").unwrap_or(path);
        for key in path.split('/').filter(|key| !key.is_empty()) {
            let unfit =
                |c: char| ".$#[]\"<>\\^`{|}".contains(c) || c.is_whitespace() || c.is_control();
            if key.contains(unfit) || !is_escaped(key) {
                return Err(InvalidConfig::Path(key.to_owned()));
            }
            root.push('/');
            root += key;
        }
        Ok(Self {
            root,
            namespace: namespace(query)?,
        })
    }
}

/// Whether each `%` is followed by two hexadecimal digits.
fn is_escaped(key: &str) -> bool {
    key.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

fn namespace(query: &str) -> Result<Option<String>, InvalidConfig> {
    let mut namespace = None;
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        match name {
            "ns" if !value.is_empty() && value.chars().all(is_name) => {
                namespace = Some(value.to_owned());
            }
            "auth" | "access_token" => return Err(InvalidConfig::Secret),
            _ => return Err(InvalidConfig::Query(parameter.to_owned())),
        }
    }
    Ok(namespace)
}

/// The host of `host:port`, if it can be one.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return None;
    }
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let fits = match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let is_label = |label: &str| {
                let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
                !label.is_empty() && label.chars().all(fits)
            };
            host.split('.').all(is_label)
        }
    };
    fits.then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A path of keys as an address has it: a `%` in a key stays one.
pub(super) fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => encoded.push(char::from(byte)),
            _ => encoded += &format!("%{byte:02X}"),
        }
    }
    encoded
}
