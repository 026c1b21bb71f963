//! From where an address can be reached. Pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// From where packets to an address arrive at its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// From nowhere, or from the same machine only: everybody has these.
    Own,
    /// From one network only: behind NAT, or on one link.
    Private,
    Public,
}

impl Reach {
    pub(crate) fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        let [first, second, third, _] = address.octets();
        // Behind a carrier’s NAT (RFC 6598, section 7).
        let shared = first == 100 && (64..128).contains(&second);
        // Phones without IPv4 have one of these for programs that need it (RFC 7335, section 4).
        let continued = [first, second, third] == [192, 0, 0];
        // For examples (RFC 5737) and for measurements (RFC 2544): the Internet passes neither on, but
        // networks that are closed have them.
        let example = address.is_documentation();
        let measured = first == 198 && second & 0xfe == 18;
        let inside = address.is_private() || address.is_link_local();
        if address.is_unspecified() || address.is_loopback() {
            Self::Own
        } else if inside || shared || continued || example || measured {
            Self::Private
        } else {
            Self::Public
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        if address.is_unspecified() || address.is_loopback() {
            Self::Own
        } else if let Some(inner) = address.to_ipv4_mapped() {
            Self::of_v4(inner)
        } else if address.is_unique_local() || address.is_unicast_link_local() || example(address) {
            Self::Private
        } else {
            Self::Public
        }
    }
}

/// For documentation (RFC 3849 and RFC 9637).
fn example(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    (first, second) == (0x2001, 0xdb8) || (first == 0x3fff && second < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_behind_nat_are_private_and_those_of_everybody_are_own() {
        for (expected, addresses) in [
            (
                Reach::Own,
                "0.0.0.0 127.0.0.1 127.9.9.9 :: ::1 ::ffff:127.0.0.1",
            ),
            (
                Reach::Private,
                "10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.7 169.254.0.1 100.64.0.1 \
                 100.127.255.255 192.0.0.4 192.0.2.2 198.51.100.1 203.0.113.7 198.18.0.1 198.19.9.9 \
                 fe80::1 fc00::1 fd12::1 ::ffff:192.168.1.7 ::ffff:192.0.2.2 2001:db8::1 3fff::1 \
                 3fff:fff::1",
            ),
            (
                Reach::Public,
                "172.32.0.1 100.63.0.1 100.128.0.1 192.0.1.1 192.0.3.1 198.17.0.1 198.20.0.1 \
                 203.0.112.7 8.8.8.8 2001:db9::1 3fff:1000::1 \
                 ::ffff:8.8.8.8 64:ff9b::808:808",
            ),
        ] {
            for address in addresses.split_whitespace() {
                assert_eq!(Reach::of(address.parse().unwrap()), expected, "{address}");
            }
        }
    }
}
