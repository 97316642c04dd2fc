use std::fmt::Write as _;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use sha1::{Digest as _, Sha1};

/// The caller of a request: identified by the client certificate, or anonymous.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    thumbprint: Option<String>,
    address: Option<IpAddr>,
}

impl Caller {
    /// A caller without a certificate.
    pub const ANONYMOUS: Self = Self { thumbprint: None, address: None };

    /// A caller with this certificate, in its DER form.
    pub fn certificate(der: &[u8]) -> Self {
        Self { thumbprint: Some(thumbprint(der)), ..Self::ANONYMOUS }
    }

    /// A caller whose certificate has this thumbprint, in hexadecimal digits of any case.
    pub fn thumbprint(thumbprint: &str) -> Self {
        Self { thumbprint: Some(thumbprint.to_ascii_uppercase()), ..Self::ANONYMOUS }
    }

    /// Sets the caller's address, which the operation log shows. Default: unknown.
    pub fn at(self, address: IpAddr) -> Self {
        Self { address: Some(address), ..self }
    }

    /// In upper case.
    pub(crate) fn as_thumbprint(&self) -> Option<&str> {
        self.thumbprint.as_deref()
    }

    pub(crate) fn address(&self) -> Option<IpAddr> {
        self.address
    }
}

/// The name of a certificate: SHA-1 of its DER form, in 40 upper-case hexadecimal digits.
pub(crate) fn thumbprint(der: &[u8]) -> String {
    Sha1::digest(der).iter().fold(String::with_capacity(40), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_the_sha_1_of_the_certificate() {
        assert_eq!(thumbprint(b"abc"), "A9993E364706816ABA3E25717850C26C9CD0D89D");
        assert_eq!(
            Caller::certificate(b"abc"),
            Caller::thumbprint("a9993e364706816aba3e25717850c26c9cd0d89D")
        );
        assert_ne!(Caller::certificate(b"abd"), Caller::certificate(b"abc"));
        assert_ne!(Caller::ANONYMOUS, Caller::certificate(b"abc"));
    }
}
