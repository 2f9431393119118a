//! How far an address reaches: anybody's, of one's own network, or none that a message is ever sent to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who an address belongs to, with its kind in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The public internet.
    Public,
    /// One's own machine or network: only for receivers that are said to be there.
    Private(&'static str),
    /// No place for a message, whatever the operator says.
    Never(&'static str),
}

use Reach::{Never, Private, Public};

const METADATA: Reach = Never("where a cloud tells its machines their secrets");
const EXAMPLE: Reach = Never("an address for documentation");
const PROTOCOL: Reach = Never("an address that protocols keep for themselves");
const MULTICAST: Reach = Never("a multicast address");
const OWN: Reach = Private("a private address");
const LOOPBACK: Reach = Private("a loopback address");
const LINK: Reach = Private("a link-local address");

const fn v4(a: u8, b: u8, c: u8, d: u8) -> u32 {
    Ipv4Addr::new(a, b, c, d).to_bits()
}

/// The special blocks of IPv4, the first that holds an address counts. After the IANA registry of special-purpose
/// addresses (RFC 6890, as of RFC 9637); the metadata services are those that the clouds document.
const V4: &[(u32, u32, Reach)] = &[
    (v4(169, 254, 169, 254), 32, METADATA), // most clouds
    (v4(169, 254, 170, 2), 32, METADATA),   // containers of AWS
    (v4(169, 254, 170, 23), 32, METADATA),  // pods of AWS
    (v4(169, 254, 42, 42), 32, METADATA),   // Scaleway
    (v4(100, 100, 100, 200), 32, METADATA), // Alibaba
    (v4(168, 63, 129, 16), 32, METADATA),   // Azure, although the address is a public one
    (v4(192, 0, 0, 192), 32, METADATA),     // Oracle
    (v4(0, 0, 0, 0), 8, Never("an address of no machine")),
    (v4(10, 0, 0, 0), 8, OWN),
    (v4(100, 64, 0, 0), 10, Private("an address behind a carrier's translation")),
    (v4(127, 0, 0, 0), 8, LOOPBACK),
    (v4(169, 254, 0, 0), 16, LINK),
    (v4(172, 16, 0, 0), 12, OWN),
    (v4(192, 0, 0, 0), 24, PROTOCOL),
    (v4(192, 0, 2, 0), 24, EXAMPLE),
    (v4(192, 88, 99, 0), 24, PROTOCOL),
    (v4(192, 168, 0, 0), 16, OWN),
    (v4(198, 18, 0, 0), 15, Private("an address for benchmarks")),
    (v4(198, 51, 100, 0), 24, EXAMPLE),
    (v4(203, 0, 113, 0), 24, EXAMPLE),
    (v4(224, 0, 0, 0), 4, MULTICAST),
    (v4(255, 255, 255, 255), 32, Never("the broadcast address")),
    (v4(240, 0, 0, 0), 4, Never("a reserved address")),
    (0, 0, Public),
];

const fn v6(a: u16, b: u16, c: u16, g: u16, h: u16) -> u128 {
    Ipv6Addr::new(a, b, c, 0, 0, 0, g, h).to_bits()
}

/// The blocks of IPv6, the first that holds an address counts. Of all of IPv6 only `2000::/3` is given out.
const V6: &[(u128, u32, Reach)] = &[
    (v6(0xfd00, 0xec2, 0, 0, 0x254), 128, METADATA),   // AWS
    (v6(0xfd00, 0xec2, 0, 0, 0x23), 128, METADATA),    // pods of AWS
    (v6(0xfd20, 0xce, 0, 0, 0x254), 128, METADATA),    // Google
    (v6(0xfd00, 0x42, 0, 0, 0x42), 128, METADATA),     // Scaleway
    (v6(0xfe80, 0, 0, 0xa9fe, 0xa9fe), 128, METADATA), // OpenStack
    (v6(0, 0, 0, 0, 0), 128, Never("an address of no machine")),
    (v6(0, 0, 0, 0, 1), 128, LOOPBACK),
    (v6(0xfc00, 0, 0, 0, 0), 7, OWN),
    (v6(0xfe80, 0, 0, 0, 0), 10, LINK),
    (v6(0xfec0, 0, 0, 0, 0), 10, OWN),
    (v6(0xff00, 0, 0, 0, 0), 8, MULTICAST),
    (v6(0x2001, 0, 0, 0, 0), 23, PROTOCOL),
    (v6(0x2001, 0xdb8, 0, 0, 0), 32, EXAMPLE),
    (v6(0x3fff, 0, 0, 0, 0), 20, EXAMPLE),
    (v6(0x2000, 0, 0, 0, 0), 3, Public),
    (0, 0, Never("an address that nobody was given")),
];

/// How far an address reaches. An IPv4 address inside an IPv6 one reaches as far as it does by itself, and is never
/// public: who gives a public address gives it as what it is.
///
/// ```
/// use leadpact::internals::webhook::{Reach, reach};
/// assert_eq!(reach("8.8.8.8".parse().unwrap()), Reach::Public);
/// assert_eq!(reach("10.0.0.7".parse().unwrap()), Reach::Private("a private address"));
/// assert!(matches!(reach("169.254.169.254".parse().unwrap()), Reach::Never(_)));
/// ```
pub fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => match inside(address).map(reach_v4) {
            Some(Public) => Private("an IPv4 address inside an IPv6 one"),
            Some(reach) => reach,
            None => reach_v6(address),
        },
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let bits = address.to_bits();
    let holds = |&&(block, prefix, _): &&(u32, u32, Reach)| (bits ^ block).leading_zeros() >= prefix;
    V4.iter().find(holds).map_or(Public, |(_, _, reach)| *reach)
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    let bits = address.to_bits();
    let holds = |&&(block, prefix, _): &&(u128, u32, Reach)| (bits ^ block).leading_zeros() >= prefix;
    V6.iter().find(holds).map_or(PROTOCOL, |(_, _, reach)| *reach)
}

/// The IPv4 address that an IPv6 address is another spelling of, or is translated to on its way: mapped and compatible
/// (RFC 4291), translated (RFC 2765), NAT64 (RFC 6052) and 6to4 (RFC 3056).
fn inside(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => join(high, low),
        [0, 0, 0, 0, 0xffff, 0, high, low] => join(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => join(high, low),
        [0x2002, high, low, ..] => join(high, low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> Reach {
        reach(address.parse().unwrap())
    }

    #[test]
    fn public_addresses_are_public() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450::1",
            "2001:200::1",
            "2003::1",
            "3ffe::1",
        ] {
            assert_eq!(of(address), Public, "{address}");
        }
    }

    #[test]
    fn addresses_of_ones_own_are_private() {
        for address in [
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.1",
            "169.254.169.253",
            "172.16.0.0",
            "172.31.255.255",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "::1",
            "fc00::",
            "fdff:ffff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:0:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::8.8.8.8",
            "2002:7f00:1::",
            "2002:808:808::1",
        ] {
            assert!(matches!(of(address), Private(_)), "{address}: {:?}", of(address));
        }
    }

    #[test]
    fn no_message_is_sent_to_metadata_services_and_to_what_is_no_machine() {
        for address in [
            "0.0.0.0",
            "0.255.255.255",
            "169.254.169.254",
            "169.254.170.2",
            "169.254.170.23",
            "169.254.42.42",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254",
            "fd00:42::42",
            "fe80::a9fe:a9fe",
            "::ffff:169.254.169.254",
            "::169.254.169.254",
            "::ffff:0:169.254.169.254",
            "64:ff9b::169.254.169.254",
            "2002:a9fe:a9fe::1",
            "::ffff:0.0.0.0",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:db8::1",
            "3fff::1",
            "4000::1",
            "5f00::1",
            "ff02::1",
        ] {
            assert!(matches!(of(address), Never(_)), "{address}: {:?}", of(address));
        }
    }
}
