//! IP addresses of a conformance test: the test is found by them in the national logs, so they must be what CIS2 sees.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What to say about a text that is no IP address.
const NO_ADDRESS: &str = "Enter an IP address, like 192.0.2.10 or 2001:db8::1";

/// An address that may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The address; an IPv4 address in its IPv6 form is given as IPv4.
    pub address: IpAddr,
    /// Whether it is used only inside networks, so that CIS2 will see another one.
    pub is_private: bool,
}

/// What a range of addresses is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// No machine's address.
    Nobody,
    /// The machine itself.
    Itself,
    /// One cable or one wireless network.
    Link,
    /// Many machines at once.
    Many,
    /// Examples in documents.
    Example,
    /// Inside networks.
    Private,
}

/// A range: its first address, the number of leading bits that are fixed, and its purpose.
type Range<A> = (A, u32, Purpose);

/// The ranges that CIS2 never sees (IANA IPv4 special-purpose address registry, RFC 6890). The first that fits counts.
const V4: &[Range<Ipv4Addr>] = &[
    (Ipv4Addr::UNSPECIFIED, 8, Purpose::Nobody),
    (Ipv4Addr::new(127, 0, 0, 0), 8, Purpose::Itself),
    (Ipv4Addr::new(169, 254, 0, 0), 16, Purpose::Link),
    (Ipv4Addr::new(224, 0, 0, 0), 4, Purpose::Many),
    (Ipv4Addr::BROADCAST, 32, Purpose::Many),
    (Ipv4Addr::new(240, 0, 0, 0), 4, Purpose::Nobody),
    (Ipv4Addr::new(192, 0, 2, 0), 24, Purpose::Example),
    (Ipv4Addr::new(198, 51, 100, 0), 24, Purpose::Example),
    (Ipv4Addr::new(203, 0, 113, 0), 24, Purpose::Example),
    (Ipv4Addr::new(10, 0, 0, 0), 8, Purpose::Private),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Purpose::Private),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Purpose::Private),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Purpose::Private),
];

/// The same for IPv6 (IANA IPv6 special-purpose address registry, RFC 6890 and RFC 9637).
const V6: &[Range<Ipv6Addr>] = &[
    (Ipv6Addr::UNSPECIFIED, 128, Purpose::Nobody),
    (Ipv6Addr::LOCALHOST, 128, Purpose::Itself),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, Purpose::Link),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, Purpose::Many),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, Purpose::Example),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, Purpose::Example),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, Purpose::Private),
];

/// An address as typed: kept, kept as one that CIS2 will not see, or refused.
///
/// # Errors
/// The sentence to show beside the field.
pub fn judge(typed: &str) -> Result<Judged, String> {
    let address: IpAddr = typed.trim().parse().map_err(|_| NO_ADDRESS.to_owned())?;
    let address = address.to_canonical();
    let fault = match purpose(address) {
        None => return Ok(Judged { address, is_private: false }),
        Some(Purpose::Private) => return Ok(Judged { address, is_private: true }),
        Some(Purpose::Nobody) => "is not the address of a machine",
        Some(Purpose::Itself) => "is your own computer",
        Some(Purpose::Link) => "cannot be seen from outside your network",
        Some(Purpose::Many) => "is for sending to many machines at once",
        Some(Purpose::Example) => "is only for examples in documents",
    };
    Err(format!("{address} {fault}. Enter the address that we will see"))
}

fn purpose(address: IpAddr) -> Option<Purpose> {
    match address {
        IpAddr::V4(address) => {
            let is_in = |(first, fixed, _): &&Range<Ipv4Addr>| (address.to_bits() ^ first.to_bits()).leading_zeros() >= *fixed;
            V4.iter().find(is_in).map(|(_, _, purpose)| *purpose)
        }
        IpAddr::V6(address) => {
            let is_in = |(first, fixed, _): &&Range<Ipv6Addr>| (address.to_bits() ^ first.to_bits()).leading_zeros() >= *fixed;
            V6.iter().find(is_in).map(|(_, _, purpose)| *purpose)
        }
    }
}

#[cfg(test)]
mod tests;
