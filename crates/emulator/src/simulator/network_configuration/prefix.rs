//! Ranges of addresses.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A network and the length of its prefix: `10.0.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Prefix {
    address: Ipv4Addr,
    length: u32,
}

impl Prefix {
    pub(super) fn contains(self, address: Ipv4Addr) -> bool {
        let bits = address.to_bits();
        self.first() <= bits && bits <= self.last()
    }

    pub(super) fn covers(self, other: Self) -> bool {
        self.first() <= other.first() && other.last() <= self.last()
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.first() <= other.last() && other.first() <= self.last()
    }

    /// The addresses that machines can have: the platform keeps the first four and the last one.
    pub(super) fn usable_addresses(self) -> impl Iterator<Item = Ipv4Addr> {
        let (first, last) = (self.first(), self.last());
        (first.saturating_add(4)..last).map(Ipv4Addr::from_bits)
    }

    pub(super) fn is_usable(self, address: Ipv4Addr) -> bool {
        let bits = address.to_bits();
        self.contains(address) && bits >= self.first().saturating_add(4) && bits < self.last()
    }

    fn first(self) -> u32 {
        self.address.to_bits()
    }

    fn last(self) -> u32 {
        self.first() | u32::MAX.checked_shr(self.length).unwrap_or(0)
    }
}

/// Only a network's own address has a prefix: `10.0.0.1/16` is none.
impl FromStr for Prefix {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, length) = text.trim().split_once('/').ok_or(())?;
        let address: Ipv4Addr = address.parse().map_err(|_| ())?;
        let length: u32 = length.parse().map_err(|_| ())?;
        let hosts = u32::MAX.checked_shr(length).unwrap_or(0);
        let is_network = length <= 32 && address.to_bits() & hosts == 0;
        is_network.then_some(Self { address, length }).ok_or(())
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(text: &str) -> Prefix {
        text.parse().unwrap()
    }

    #[test]
    fn accepts_only_network_addresses() {
        for text in ["10.0.0.0/8", "0.0.0.0/0", "192.168.1.4/30", "10.0.0.1/32"] {
            assert_eq!(prefix(text).to_string(), text);
        }
        for text in ["", "10.0.0.0", "10.0.0.0/", "10.0.0.1/8", "10.0.0.0/33", "10.0.0/8", "::/8"] {
            assert!(text.parse::<Prefix>().is_err(), "{text}");
        }
    }

    #[test]
    fn computes_containment_overlap_and_usable_addresses() {
        let wide = prefix("10.0.0.0/8");
        let narrow = prefix("10.1.0.0/29");
        assert!(wide.covers(narrow) && !narrow.covers(wide) && wide.overlaps(narrow));
        assert!(!narrow.overlaps(prefix("10.1.0.8/29")));
        let usable: Vec<_> = narrow.usable_addresses().map(|address| address.to_string()).collect();
        assert_eq!(usable, ["10.1.0.4", "10.1.0.5", "10.1.0.6"]);
        for (address, is_usable) in [("10.1.0.3", false), ("10.1.0.4", true), ("10.1.0.7", false)] {
            assert_eq!(narrow.is_usable(address.parse().unwrap()), is_usable, "{address}");
        }
        assert_eq!(prefix("10.0.0.1/32").usable_addresses().count(), 0);
        assert!(prefix("0.0.0.0/0").contains(Ipv4Addr::BROADCAST));
    }
}
