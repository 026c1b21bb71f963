//! Whose requests they are, for bounds that must hold over many connections.

use std::net::{IpAddr, Ipv6Addr};

use axum::http::HeaderMap;

/// Where a client comes from: an IPv4 address, or the /64 of an IPv6 one, because one household has
/// all addresses of such a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Where clients of tests come from.
    #[cfg(test)]
    pub(crate) const TEST: Self = Self(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    pub(crate) fn new(address: IpAddr) -> Self {
        const NETWORK: u128 = !(u64::MAX as u128);
        Self(match address.to_canonical() {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK).into(),
            address @ IpAddr::V4(_) => address,
        })
    }

    /// Of a request over a connection from `peer`. If that is one of the trusted `proxies`, of whoever
    /// asked it, as it says in `X-Forwarded-For`: the last address there that is not another of them.
    pub(crate) fn of_request(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> Self {
        let mut address = peer.to_canonical();
        let values = headers.get_all("x-forwarded-for").iter().rev();
        let texts = values.filter_map(|value| value.to_str().ok());
        for text in texts.flat_map(|text| text.rsplit(',')) {
            if !proxies.contains(&address) {
                break;
            }
            // Whatever is before what cannot be read was not written by a proxy of ours.
            let Ok(before) = text.trim().parse::<IpAddr>() else {
                break;
            };
            address = before.to_canonical();
        }
        Self::new(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &[&str]) -> ClientAddress {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let proxies = ["127.0.0.1", "192.0.2.1"].map(|proxy| proxy.parse().unwrap());
        ClientAddress::of_request(peer.parse().unwrap(), &headers, &proxies)
    }

    fn address(text: &str) -> ClientAddress {
        ClientAddress::new(text.parse().unwrap())
    }

    #[test]
    fn a_household_has_one() {
        assert_eq!(address("2001:db8:1:2::3"), address("2001:db8:1:2:3:4:5:6"));
        assert_ne!(address("2001:db8:1:2::3"), address("2001:db8:1:3::3"));
        assert_eq!(address("::ffff:192.0.2.7"), address("192.0.2.7"));
        assert_ne!(address("192.0.2.7"), address("192.0.2.8"));
    }

    #[test]
    fn only_trusted_proxies_say_for_whom_they_ask() {
        let (proxy, client) = ("127.0.0.1", "198.51.100.7");
        assert_eq!(of(client, &["203.0.113.9"]), address(client));
        assert_eq!(of(proxy, &[client]), address(client));
        assert_eq!(of("::ffff:127.0.0.1", &[client]), address(client));
        assert_eq!(of(proxy, &["203.0.113.9, 198.51.100.7"]), address(client));
        assert_eq!(of(proxy, &["198.51.100.7, 192.0.2.1"]), address(client));
        assert_eq!(of(proxy, &["203.0.113.9", client]), address(client));
        assert_eq!(of(proxy, &[]), address(proxy));
        assert_eq!(of(proxy, &["198.51.100.7, unknown"]), address(proxy));
    }
}
