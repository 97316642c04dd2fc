//! Ids and jitter from a seed, so that the same requests get the same responses.

use azure_classic_protocol::RequestId;
use serde::{Deserialize, Serialize};

/// `SplitMix64`: small, and good enough for ids that only have to differ.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Random(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Another stream, decided by this one.
    pub(crate) fn split(&mut self) -> Self {
        Self(self.next())
    }

    /// A separate stream for this name, independent of other draws.
    pub(crate) fn for_name(seed: u64, name: &str) -> Self {
        name.bytes().fold(Self(seed), |random, byte| {
            Self((random.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
        })
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Skips this many numbers.
    pub(crate) fn skip(&mut self, count: u64) {
        self.0 = self.0.wrapping_add(STEP.wrapping_mul(count));
    }

    /// A number from 0 up to but not including 1.
    pub(crate) fn draw(&mut self) -> f64 {
        let high = u32::try_from(self.next() >> 32).unwrap_or(u32::MAX);
        f64::from(high) / 4_294_967_296.0
    }

    /// 32 lower-case hexadecimal digits.
    pub(crate) fn hex_id(&mut self) -> String {
        format!("{:016x}{:016x}", self.next(), self.next())
    }

    /// The same with dashes.
    pub(crate) fn guid(&mut self) -> String {
        RequestId::new(&self.hex_id()).hyphenated()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_determines_all_numbers() {
        let (mut one, mut same, mut other) = (Random::new(7), Random::new(7), Random::new(8));
        let id = one.hex_id();
        assert_eq!(id, same.hex_id());
        assert_ne!(id, other.hex_id());
        assert_ne!(id, one.hex_id());
        let mut skipped = one.clone();
        skipped.skip(3);
        for _ in 0..3 {
            one.next();
        }
        assert_eq!(one.next(), skipped.next());
        assert!(id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
    }
}
