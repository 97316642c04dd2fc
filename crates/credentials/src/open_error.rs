use std::error::Error as StdError;
use std::fmt;

use crate::FileKind;

/// The reason why a credential could not be opened. It shows no part of the credential.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// It is encrypted, and no password was given.
    PasswordRequired,
    /// The password is wrong. (A file that was changed afterwards looks the same.)
    WrongPassword,
    /// It is not of the expected kind, or is truncated.
    Malformed {
        /// The expected kind.
        what: &'static str,
    },
    /// It is encrypted with an unsupported algorithm.
    Unsupported {
        /// The name of the algorithm, or its object identifier.
        algorithm: String,
    },
    /// A truncated or changed PEM text.
    DamagedPem {
        /// The problem.
        what: &'static str,
    },
    /// A file without a credential, or one for another reader.
    WrongKind {
        /// The kind of the file.
        kind: FileKind,
    },
    /// Checking the password would take very long. No program writes such files; they are a denial of
    /// service.
    KdfLimitExceeded,
    /// It has more certificates, keys, sections or bytes than any program writes.
    TooLarge,
    /// A `.publishsettings` file without a required part.
    Incomplete {
        /// The missing part and its place.
        what: String,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PasswordRequired => {
                f.write_str("it is encrypted, and no password was given")
            }
            Self::WrongPassword => f.write_str("the password is wrong"),
            Self::Malformed { what } => write!(f, "it is not {what}, or it is damaged"),
            Self::Unsupported { algorithm } => write!(
                f,
                "it is encrypted with {algorithm}, which is not supported; open it where it was created and export it with AES or 3DES"
            ),
            Self::DamagedPem { what } => write!(f, "the PEM text is damaged: {what}"),
            Self::WrongKind { kind } => {
                write!(f, "it is {kind}")?;
                let advice = kind.advice();
                if advice.is_empty() { Ok(()) } else { write!(f, "; {advice}") }
            }
            Self::KdfLimitExceeded => f.write_str(
                "it requires more key derivation than any program writes; export it again with at most 600,000 iterations",
            ),
            Self::TooLarge => f.write_str(
                "it is larger or has more parts than any credential; give a file with one certificate, \
                 its private key and its chain",
            ),
            Self::Incomplete { what } => f.write_str(what),
        }
    }
}

impl StdError for OpenError {}
