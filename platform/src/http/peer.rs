//! From which address a request comes.

use std::net::{IpAddr, Ipv6Addr};

use http::HeaderMap;

use crate::networks::Networks;

/// Who is at the other end of the connection: the client, or the last proxy before us. The server puts it into every
/// request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// The address that a request comes from. What a proxy says of it is believed only where the proxy is one of
/// `trusted`, and only as far as the first that is not: whoever is asked further away may have written anything.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &Networks) -> IpAddr {
    let mut address = peer.to_canonical();
    if trusted.is_empty() || !trusted.contain(address) {
        return address;
    }
    let said = headers.get_all("x-forwarded-for");
    let lines: Vec<&str> = said.iter().filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(next) = read(hop.trim()) else { break };
        address = next;
        if !trusted.contain(next) {
            break;
        }
    }
    address
}

/// An address as proxies write it, some with a port.
fn read(text: &str) -> Option<IpAddr> {
    let bare =
        text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(text, |(inside, _)| inside);
    let read = bare.parse().or_else(|_| text.parse().map(|with_port: std::net::SocketAddr| with_port.ip()));
    read.ok().map(|address: IpAddr| address.to_canonical())
}

/// What one subscriber of the net is given: an address of the old kind, of the new kind half of one. Who counts by
/// whole addresses of the new kind counts nothing, for everybody has as many as they like.
pub fn subscriber(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&str]) -> String {
        let trusted: Networks = "10.0.0.0/8, ::1".parse().unwrap();
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_proxies_that_were_named_are_believed() {
        for (peer, forwarded, expected) in [
            ("203.0.113.9", vec![], "203.0.113.9"),
            ("203.0.113.9", vec!["198.51.100.1"], "203.0.113.9"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            // Whatever the client itself wrote stands further left.
            ("10.0.0.1", vec!["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["1.2.3.4, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", vec!["1.2.3.4", "198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["198.51.100.1:4711"], "198.51.100.1"),
            ("::1", vec!["[2001:db8::7]:4711"], "2001:db8::7"),
            ("10.0.0.1", vec!["unknown"], "10.0.0.1"),
            ("10.0.0.1", vec!["1.2.3.4, unknown, 10.0.0.2"], "10.0.0.2"),
        ] {
            assert_eq!(from(peer, &forwarded), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn of_the_new_addresses_a_subscriber_has_very_many() {
        let of = |text: &str| subscriber(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2:ffff::"));
        assert_ne!(of("2001:db8:1:2::"), of("2001:db8:1:3::"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
