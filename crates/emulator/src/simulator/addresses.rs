//! The public addresses that the cloud gives out.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

/// 203.0.113.0/24, which is reserved for documentation, without its first and last address; then
/// 198.18.0.0/15, which is reserved for measurements.
const FIRST: (u32, u32) = (0xcb00_7101, 254);
const SECOND: (u32, u32) = (0xc612_0001, (1 << 17) - 2);

/// The addresses in use.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct PublicAddresses {
    allocated: BTreeSet<Ipv4Addr>,
}

impl PublicAddresses {
    /// The lowest that is free.
    pub(crate) fn allocate(&mut self) -> Ipv4Addr {
        let all = [FIRST, SECOND].into_iter().flat_map(|(first, count)| first..first + count);
        let mut free =
            all.map(Ipv4Addr::from_bits).filter(|address| !self.allocated.contains(address));
        // When all are gone, one is given out twice.
        let address = free.next().unwrap_or(Ipv4Addr::from_bits(FIRST.0));
        self.allocated.insert(address);
        address
    }

    pub(crate) fn release(&mut self, address: Ipv4Addr) {
        self.allocated.remove(&address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocates_the_lowest_free_address() {
        let mut addresses = PublicAddresses::default();
        let given: Vec<_> = (0..255).map(|_| addresses.allocate().to_string()).collect();
        assert_eq!(given[0], "203.0.113.1");
        assert_eq!(given[253..], ["203.0.113.254", "198.18.0.1"]);
        addresses.release("203.0.113.7".parse().unwrap());
        assert_eq!(addresses.allocate().to_string(), "203.0.113.7");
        assert_eq!(addresses.allocate().to_string(), "198.18.0.2");
    }
}
