//! The public addresses that the cloud gives out.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

/// 203.0.113.0/24, which is reserved for documentation, without its first and last address; then
/// 198.18.0.0/15, which is reserved for measurements.
const FIRST: (u32, u32) = (0xcb00_7101, 254);
const THEN: (u32, u32) = (0xc612_0001, (1 << 17) - 2);

/// The addresses in use.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct PublicAddresses {
    taken: BTreeSet<Ipv4Addr>,
}

impl PublicAddresses {
    /// The lowest that is free.
    pub(crate) fn take(&mut self) -> Ipv4Addr {
        let all = [FIRST, THEN].into_iter().flat_map(|(first, count)| first..first + count);
        let mut free = all.map(Ipv4Addr::from_bits).filter(|address| !self.taken.contains(address));
        // When all are gone, one is given out twice.
        let address = free.next().unwrap_or(Ipv4Addr::from_bits(FIRST.0));
        self.taken.insert(address);
        address
    }

    pub(crate) fn give_back(&mut self, address: Ipv4Addr) {
        self.taken.remove(&address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_free_address_is_given_out() {
        let mut addresses = PublicAddresses::default();
        let given: Vec<_> = (0..255).map(|_| addresses.take().to_string()).collect();
        assert_eq!(given[0], "203.0.113.1");
        assert_eq!(given[253..], ["203.0.113.254", "198.18.0.1"]);
        addresses.give_back("203.0.113.7".parse().unwrap());
        assert_eq!(addresses.take().to_string(), "203.0.113.7");
        assert_eq!(addresses.take().to_string(), "198.18.0.2");
    }
}
