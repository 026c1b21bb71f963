//! Under which addresses other devices reach this machine.

use std::net::{IpAddr, SocketAddr};

/// The machine's own addresses that another device may use: no loopback, no link-local IPv6
/// (browsers accept no zone in a URL).
pub fn own_addresses() -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "cannot list the network interfaces");
        Vec::new()
    });
    let mut addresses: Vec<IpAddr> = interfaces
        .into_iter()
        .map(|interface| interface.ip())
        .filter(is_reachable)
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

/// The addresses to open on other devices for a server that listens on `address`; none if it
/// listens on loopback.
pub fn reachable_at(address: SocketAddr) -> Vec<SocketAddr> {
    let ip = address.ip();
    if ip.is_loopback() {
        return Vec::new();
    }
    if !ip.is_unspecified() {
        return vec![address];
    }
    own_addresses()
        .into_iter()
        // An IPv6 socket takes IPv4 as well, an IPv4 socket takes no IPv6.
        .filter(|own| own.is_ipv4() || ip.is_ipv6())
        .map(|own| SocketAddr::new(own, address.port()))
        .collect()
}

fn is_reachable(ip: &IpAddr) -> bool {
    let link_local = matches!(ip, IpAddr::V6(ip) if ip.is_unicast_link_local());
    !ip.is_loopback() && !ip.is_unspecified() && !link_local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_for_nobody_else() {
        assert!(reachable_at("127.0.0.1:80".parse().unwrap()).is_empty());
        assert!(reachable_at("[::1]:80".parse().unwrap()).is_empty());
    }

    #[test]
    fn a_given_address_is_the_only_one() {
        let address = "192.0.2.7:8080".parse().unwrap();
        assert_eq!(reachable_at(address), [address]);
    }

    #[test]
    fn any_address_means_the_machines_own() {
        for address in reachable_at("0.0.0.0:8080".parse().unwrap()) {
            assert!(address.is_ipv4() && is_reachable(&address.ip()));
            assert_eq!(address.port(), 8080);
        }
    }
}
