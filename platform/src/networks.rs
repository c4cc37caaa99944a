//! Networks of addresses, as an operator writes them: `10.0.0.0/8, ::1, 192.168.1.7`.

use std::net::IpAddr;

use crate::settings::{Setting, TomlValue};

/// All addresses that begin alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    /// How many bits are alike.
    length: u32,
}

/// A list of networks, and of single addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<Network>);

impl Networks {
    /// Whether an address lies in one of them. A mapped one (`::ffff:10.0.0.1`) is the address it maps.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(address))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::str::FromStr for Networks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let written = text.split(',').map(str::trim).filter(|each| !each.is_empty());
        written
            .map(|each| {
                Network::read(each)
                    .ok_or_else(|| format!("{each} is neither an address nor a network such as 10.0.0.0/8"))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Network {
    fn read(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse().ok()?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let length = length.unwrap_or(longest);
        (length <= longest).then_some(Self { address, length })
    }

    fn contains(&self, address: IpAddr) -> bool {
        // Of a length of nought nothing is compared; shifting by the whole width would be no shift at all.
        match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                let different = ours.to_bits() ^ theirs.to_bits();
                different.checked_shr(32 - self.length).unwrap_or(0) == 0
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                let different = ours.to_bits() ^ theirs.to_bits();
                different.checked_shr(128 - self.length).unwrap_or(0) == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl Setting for Networks {
    fn read(value: &TomlValue) -> Result<Self, String> {
        value.as_str().ok_or("must be addresses and networks, with commas between them")?.parse()
    }

    fn show(&self) -> String {
        let shown: Vec<String> =
            self.0.iter().map(|each| format!("{}/{}", each.address, each.length)).collect();
        format!("\"{}\"", shown.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_in_a_network_that_begins_like_it() {
        let networks: Networks = "10.0.0.0/8, 192.168.1.7,fd00::/8, ::1".parse().unwrap();
        for inside in ["10.1.2.3", "192.168.1.7", "fd12::9", "::1", "::ffff:10.9.9.9"] {
            assert!(networks.contain(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["11.0.0.1", "192.168.1.8", "fe80::1", "::2", "::ffff:11.0.0.1"] {
            assert!(!networks.contain(outside.parse().unwrap()), "{outside}");
        }
        let all: Networks = "0.0.0.0/0".parse().unwrap();
        assert!(all.contain("203.0.113.9".parse().unwrap()) && !all.contain("2001:db8::1".parse().unwrap()));
        assert!("".parse::<Networks>().unwrap().is_empty());
    }

    #[test]
    fn what_is_no_network_is_named() {
        for wrong in ["10.0.0.0/33", "ten", "::/129", "10.0.0/8", "10.0.0.0/-1"] {
            assert!(wrong.parse::<Networks>().unwrap_err().contains(wrong), "{wrong}");
        }
    }
}
