//! Hosts of addresses: which cannot be reached from the internet, and which belong together.

use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Second-level domains below which names are sold or given out, beside every `co.xx`, `com.xx` and so on.
const SHARED: &[&str] = &[
    "nhs.uk",
    "gov.uk",
    "ac.uk",
    "ltd.uk",
    "plc.uk",
    "me.uk",
    "sch.uk",
    "nhs.scot",
    "azurewebsites.net",
    "cloudfront.net",
    "herokuapp.com",
    "github.io",
    "web.app",
];

/// The host of an address, if it cannot be reached from the internet: local, loopback or private.
#[must_use]
pub fn inward_host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let is_inward = match url.host()? {
        Host::Domain(name) => is_inward_name(name),
        Host::Ipv4(ip) => is_inward_v4(ip),
        Host::Ipv6(ip) => is_inward_v6(ip),
    };
    if is_inward { url.host_str().map(str::to_owned) } else { None }
}

fn is_inward_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    !name.contains('.') || matches!(last, "localhost" | "local" | "internal" | "test")
}

fn is_inward_v4(ip: Ipv4Addr) -> bool {
    let [first, second, ..] = ip.octets();
    let is_carrier = first == 100 && (64..128).contains(&second);
    ip.is_loopback() || ip.is_private() || ip.is_link_local() || first == 0 || is_carrier
}

fn is_inward_v6(ip: Ipv6Addr) -> bool {
    let own = ip.is_loopback() || ip.is_unspecified() || ip.is_unique_local() || ip.is_unicast_link_local();
    own || ip.to_ipv4_mapped().is_some_and(is_inward_v4)
}

/// The host in lower case without a final dot.
pub(in crate::domain) fn host(address: &str) -> Option<String> {
    Url::parse(address).ok()?.host_str().map(|host| host.trim_end_matches('.').to_ascii_lowercase())
}

/// Whether the address names the machine that it is opened on.
pub(in crate::domain) fn is_loopback(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Whether the host is written as an IP address.
pub(super) fn is_literal(address: &str) -> bool {
    let url = Url::parse(address).ok();
    url.is_some_and(|url| matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_))))
}

/// The part of a host name that somebody registered, near enough without the public suffix list.
pub(super) fn registered_domain(host: &str) -> String {
    let labels: Vec<&str> = host.split('.').collect();
    let last = |count: usize| labels.get(labels.len().saturating_sub(count)..).unwrap_or(&labels).join(".");
    let two = last(2);
    let is_country_second = two
        .split_once('.')
        .is_some_and(|(second, top)| top.len() == 2 && matches!(second, "co" | "com" | "org" | "net" | "gov" | "ac" | "edu"));
    if is_country_second || SHARED.contains(&two.as_str()) { last(3) } else { two }
}
