//! The edges of every range: its first and last address, and the ones beside it.
#![allow(clippy::unwrap_used)]

use super::*;

fn refused(typed: &str, fault: &str) {
    assert_eq!(judge(typed).unwrap_err(), format!("{typed} {fault}. Enter the address that we will see"));
}

fn kept(typed: &str, is_private: bool) {
    assert_eq!(judge(typed), Ok(Judged { address: typed.parse().unwrap(), is_private }), "{typed}");
}

#[test]
fn addresses_that_no_test_can_come_from_are_refused_up_to_their_edges() {
    let ranges = [
        ("is not the address of a machine", "0.0.0.0", "0.255.255.255", "", "1.0.0.0"),
        ("is your own computer", "127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"),
        ("cannot be seen from outside your network", "169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"),
        ("is for sending to many machines at once", "224.0.0.0", "239.255.255.255", "223.255.255.255", ""),
        ("is not the address of a machine", "240.0.0.0", "255.255.255.254", "", ""),
        ("is for sending to many machines at once", "255.255.255.255", "255.255.255.255", "", ""),
        ("is only for examples in documents", "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"),
        ("is only for examples in documents", "198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"),
        ("is only for examples in documents", "203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"),
        ("is not the address of a machine", "::", "::", "", ""),
        ("is your own computer", "::1", "::1", "", "::2"),
        (
            "cannot be seen from outside your network",
            "fe80::",
            "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "fec0::",
        ),
        (
            "is for sending to many machines at once",
            "ff00::",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "",
        ),
        (
            "is only for examples in documents",
            "2001:db8::",
            "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:db9::",
        ),
        (
            "is only for examples in documents",
            "3fff::",
            "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
            "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "3fff:1000::",
        ),
    ];
    for (fault, first, last, before, after) in ranges {
        refused(first, fault);
        refused(last, fault);
        [before, after].into_iter().filter(|beside| !beside.is_empty()).for_each(|beside| kept(beside, false));
    }
}

#[test]
fn private_addresses_are_kept_and_marked_up_to_their_edges() {
    let ranges = [
        ("10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
        ("172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
        ("192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"),
        ("100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"),
        ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe00::"),
    ];
    for (first, last, before, after) in ranges {
        kept(first, true);
        kept(last, true);
        kept(before, false);
        kept(after, false);
    }
}

#[test]
fn an_ipv4_address_in_its_ipv6_form_is_judged_as_ipv4() {
    let public = judge("::ffff:81.2.69.160").unwrap();
    assert_eq!(public, Judged { address: "81.2.69.160".parse().unwrap(), is_private: false });
    assert!(judge("::ffff:10.0.0.4").unwrap().is_private);
    assert_eq!(judge("::ffff:7f00:1").unwrap_err(), "127.0.0.1 is your own computer. Enter the address that we will see");
    assert!(judge("::ffff:192.0.2.1").is_err());
    assert!(judge("::ffff:0.0.0.0").is_err());
}

#[test]
fn what_is_no_address_is_told_what_one_looks_like() {
    for typed in ["", "81.2.69", "256.1.1.1", "81.2.69.160/24", "81.2.69.160:443", "fe80::1%eth0", "[::1]", "localhost", "1::2::3"]
    {
        assert_eq!(judge(typed).unwrap_err(), "Enter an IP address, like 192.0.2.10 or 2001:db8::1", "{typed}");
    }
    kept("2a02:6b8::11", false);
    assert_eq!(judge(" 81.2.69.160 ").unwrap().address.to_string(), "81.2.69.160");
}
