use zeroize::Zeroizing;

use crate::OpenError;

/// A password in the forms in which key derivations take it.
pub(crate) struct Password {
    /// For PKCS#5: UTF-8.
    pub(crate) utf8: Zeroizing<Vec<u8>>,
    /// For PKCS#12: UTF-16, most significant byte first, with two zeros at the end; or nothing at all.
    pub(crate) utf16: Zeroizing<Vec<u8>>,
}

impl Password {
    /// What may be meant: no password is written in two ways, as nothing and as an empty text, and
    /// which one a file's maker took is not written in the file.
    pub(crate) fn candidates(password: &str) -> Vec<Self> {
        if password.is_empty() {
            vec![Self::null(), Self::text(password)]
        } else {
            vec![Self::text(password)]
        }
    }

    /// None at all, which PKCS#12 tells from an empty text.
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

/// The refusal that fits what was given.
pub(crate) fn password_error(password: &str) -> OpenError {
    if password.is_empty() { OpenError::PasswordRequired } else { OpenError::WrongPassword }
}

/// How much key derivation one call may cost, over all its parts and attempts, in blocks of 64 bytes that
/// are hashed.
///
/// Programs write 1 to 600,000 rounds for each of three parts, which cost 3 million with SHA-256, and 0.6
/// million more where no password is tried in two ways. The limit takes about a second in an optimised
/// program, whatever the hash.
pub(crate) struct KdfBudget {
    remaining: u64,
}

impl KdfBudget {
    pub(crate) const MAX_BLOCKS: u64 = 4_000_000;

    pub(crate) fn new() -> Self {
        Self { remaining: Self::MAX_BLOCKS }
    }

    /// The share of one file among others that are opened with it; what portals wrote fits into the least.
    pub(crate) fn shared_by(files: usize) -> Self {
        const LEAST: u64 = 32_000;
        let files = u64::try_from(files).unwrap_or(u64::MAX).max(1);
        Self { remaining: (Self::MAX_BLOCKS / files).max(LEAST) }
    }

    /// Before the work is done.
    pub(crate) fn spend(&mut self, blocks: u64) -> Result<(), OpenError> {
        self.remaining = self.remaining.checked_sub(blocks).ok_or(OpenError::KdfLimitExceeded)?;
        Ok(())
    }
}
