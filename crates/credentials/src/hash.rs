//! The hashes of credentials, and their key derivations.

use hmac::digest::{FixedOutput, Update};
use hmac::{Hmac, KeyInit, Mac as _};
use sha1::{Digest, Sha1};
use sha2::{Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::OpenError;
use crate::password::KdfBudget;

#[derive(Clone, Copy)]
pub(crate) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// The purpose of a PKCS#12 key derivation.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Key = 1,
    InitialVector = 2,
    Mac = 3,
}

impl Hash {
    /// Finds the hash by its own identifier, as MACs name it.
    pub(crate) fn from_digest_oid(id: &[u8]) -> Option<Self> {
        Some(match id {
            b"\x2b\x0e\x03\x02\x1a" => Self::Sha1,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x01" => Self::Sha256,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x02" => Self::Sha384,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x03" => Self::Sha512,
            b"\x60\x86\x48\x01\x65\x03\x04\x02\x04" => Self::Sha224,
            _ => return None,
        })
    }

    /// Finds the hash by the identifier of its HMAC, as PBKDF2 names it.
    pub(crate) fn from_hmac_oid(id: &[u8]) -> Option<Self> {
        Some(match id.strip_prefix(b"\x2a\x86\x48\x86\xf7\x0d\x02")? {
            [7] => Self::Sha1,
            [8] => Self::Sha224,
            [9] => Self::Sha256,
            [10] => Self::Sha384,
            [11] => Self::Sha512,
            _ => return None,
        })
    }

    /// Derives a key as PKCS#12 does, RFC 7292 appendix B.2.
    pub(crate) fn pkcs12(
        self,
        purpose: Purpose,
        password: &[u8],
        salt: &[u8],
        rounds: u32,
        length: usize,
        budget: &mut KdfBudget,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let input = password.len().saturating_add(salt.len());
        budget.spend(self.cost(1, rounds, length, input))?;
        Ok(match self {
            Self::Sha1 => pkcs12::<Sha1, 64>(purpose, password, salt, rounds, length),
            Self::Sha224 => pkcs12::<Sha224, 64>(purpose, password, salt, rounds, length),
            Self::Sha256 => pkcs12::<Sha256, 64>(purpose, password, salt, rounds, length),
            Self::Sha384 => pkcs12::<Sha384, 128>(purpose, password, salt, rounds, length),
            Self::Sha512 => pkcs12::<Sha512, 128>(purpose, password, salt, rounds, length),
        })
    }

    pub(crate) fn pbkdf2(
        self,
        password: &[u8],
        salt: &[u8],
        rounds: u32,
        length: usize,
        budget: &mut KdfBudget,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let input = password.len().saturating_add(salt.len());
        budget.spend(self.cost(2, rounds, length, input))?;
        Ok(match self {
            Self::Sha1 => pbkdf2::<Hmac<Sha1>>(password, salt, rounds, length),
            Self::Sha224 => pbkdf2::<Hmac<Sha224>>(password, salt, rounds, length),
            Self::Sha256 => pbkdf2::<Hmac<Sha256>>(password, salt, rounds, length),
            Self::Sha384 => pbkdf2::<Hmac<Sha384>>(password, salt, rounds, length),
            Self::Sha512 => pbkdf2::<Hmac<Sha512>>(password, salt, rounds, length),
        })
    }

    /// The cost of a derivation in hashed blocks of 64 bytes: the calls per round and digest, and the input,
    /// which may be long as well.
    fn cost(self, calls: u64, rounds: u32, length: usize, input: usize) -> u64 {
        // A block of the large hashes has 128 bytes.
        let blocks_per_call = if self.length() > 32 { 2 } else { 1 };
        let blocks = |bytes: usize| u64::try_from(bytes / 64).unwrap_or(u64::MAX);
        let digests = u64::try_from(length.div_ceil(self.length())).unwrap_or(u64::MAX);
        let for_rounds = u64::from(rounds).max(1) * calls * blocks_per_call;
        for_rounds.saturating_add(blocks(input)).saturating_mul(digests)
    }

    /// Returns the length of the digest in bytes.
    pub(crate) fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Whether this is the MAC of the data, compared in constant time.
    pub(crate) fn verify_mac(self, key: &[u8], data: &[u8], mac: &[u8]) -> bool {
        macro_rules! verify {
            ($hash:ty) => {
                Hmac::<$hash>::new_from_slice(key)
                    .is_ok_and(|hmac| hmac.chain_update(data).verify_slice(mac).is_ok())
            };
        }
        match self {
            Self::Sha1 => verify!(Sha1),
            Self::Sha224 => verify!(Sha224),
            Self::Sha256 => verify!(Sha256),
            Self::Sha384 => verify!(Sha384),
            Self::Sha512 => verify!(Sha512),
        }
    }
}

fn pbkdf2<P: KeyInit + Update + FixedOutput + Clone>(
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(vec![0; length]);
    ::pbkdf2::pbkdf2::<P>(password, salt, rounds, &mut key)
        .expect("HMAC takes keys of every length");
    key
}

/// The same without a budget, for files that are written.
pub(crate) fn pkcs12<D: Digest, const BLOCK: usize>(
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let filled = |text: &[u8]| -> Vec<u8> {
        text.iter().copied().cycle().take(text.len().next_multiple_of(BLOCK)).collect()
    };
    let (salt, password) = (filled(salt), Zeroizing::new(filled(password)));
    let mut input = Zeroizing::new([&salt[..], &password].concat());
    let mut output = Zeroizing::new(Vec::with_capacity(length + 64));
    loop {
        let mut digest =
            D::new().chain_update([purpose as u8; BLOCK]).chain_update(&*input).finalize();
        for _ in 1..rounds {
            digest = D::digest(&digest);
        }
        output.extend_from_slice(&digest);
        if output.len() >= length {
            output.truncate(length);
            return output;
        }
        for block in input.chunks_exact_mut(BLOCK) {
            add_digest_and_one(block, &digest);
        }
    }
}

/// Adds the digest, repeated over the length of the block, and 1 to the number in the block.
fn add_digest_and_one(block: &mut [u8], digest: &[u8]) {
    let mut carry = 1_u16;
    for at in (0..block.len()).rev() {
        let sum = u16::from(block[at]) + u16::from(digest[at % digest.len()]) + carry;
        [_, block[at]] = sum.to_be_bytes();
        carry = sum >> 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budget_counts_hash_rounds_length_and_input() {
        let most = u32::try_from(KdfBudget::MAX_BLOCKS).unwrap();
        let derive = |hash: Hash, rounds, length, salt: usize| {
            hash.pbkdf2(b"secret", &vec![0; salt], rounds, length, &mut KdfBudget::new()).err()
        };
        let refused = Some(OpenError::KdfLimitExceeded);
        assert_eq!(derive(Hash::Sha256, most / 2 + 1, 32, 8), refused);
        assert_eq!(derive(Hash::Sha512, most / 4 + 1, 32, 8), refused);
        assert_eq!(derive(Hash::Sha1, most / 4 + 1, 32, 8), refused, "two digests");
        assert_eq!(derive(Hash::Sha1, u32::MAX, 32, 8), refused);
        assert_eq!(derive(Hash::Sha256, 1000, 32, 8), None);

        let mut budget = KdfBudget::shared_by(usize::MAX);
        let long = vec![0; 100 << 10];
        let mut attempts = (0..100)
            .map(|_| Hash::Sha256.pkcs12(Purpose::Key, &long, b"salt", 1, 24, &mut budget).err());
        assert!(attempts.any(|error| error == refused), "a long password for many parts");
    }
}
