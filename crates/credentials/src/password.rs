use zeroize::Zeroizing;

use crate::OpenError;

/// A password in the encodings of the key derivations.
pub(crate) struct Password {
    /// For PKCS#5: UTF-8.
    pub(crate) utf8: Zeroizing<Vec<u8>>,
    /// For PKCS#12: big-endian UTF-16 with two zero bytes at the end, or an empty string.
    pub(crate) utf16: Zeroizing<Vec<u8>>,
}

impl Password {
    /// The possible encodings: programs encode an empty password in two ways, as nothing and as an empty
    /// text, and the file does not say which.
    pub(crate) fn candidates(password: &str) -> Vec<Self> {
        if password.is_empty() {
            vec![Self::null(), Self::text(password)]
        } else {
            vec![Self::text(password)]
        }
    }

    /// No password, which PKCS#12 distinguishes from an empty text.
    pub(crate) fn null() -> Self {
        Self { utf8: Zeroizing::default(), utf16: Zeroizing::default() }
    }

    pub(crate) fn text(password: &str) -> Self {
        let mut utf16 = Zeroizing::new(Vec::with_capacity(password.len() * 2 + 2));
        utf16.extend(password.encode_utf16().flat_map(u16::to_be_bytes));
        utf16.extend([0, 0]);
        Self { utf8: Zeroizing::new(password.as_bytes().to_vec()), utf16 }
    }
}

/// The error for a password that does not fit: required or wrong.
pub(crate) fn password_error(password: &str) -> OpenError {
    if password.is_empty() { OpenError::PasswordRequired } else { OpenError::WrongPassword }
}

/// The budget for key derivation of one call, over all its parts and attempts, in hashed blocks of 64 bytes.
///
/// Programs write 1 to 600,000 rounds for each of three parts, which cost 3 million with SHA-256, and 0.6
/// million more if both encodings of an empty password are tried. The limit takes about a second in an
/// optimized build with any hash.
pub(crate) struct KdfBudget {
    remaining: u64,
}

impl KdfBudget {
    pub(crate) const MAX_BLOCKS: u64 = 4_000_000;

    pub(crate) fn new() -> Self {
        Self { remaining: Self::MAX_BLOCKS }
    }

    /// The share of one file among others that are opened with it; files of portals fit into the smallest
    /// share.
    pub(crate) fn shared_by(files: usize) -> Self {
        const LEAST: u64 = 32_000;
        let files = u64::try_from(files).unwrap_or(u64::MAX).max(1);
        Self { remaining: (Self::MAX_BLOCKS / files).max(LEAST) }
    }

    /// Called before the derivation.
    pub(crate) fn spend(&mut self, blocks: u64) -> Result<(), OpenError> {
        self.remaining = self.remaining.checked_sub(blocks).ok_or(OpenError::KdfLimitExceeded)?;
        Ok(())
    }
}
