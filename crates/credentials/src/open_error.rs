use std::error::Error as StdError;
use std::fmt;

use crate::FileKind;

/// Why a credential could not be opened. Shows no part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// It is protected, and no password was given.
    PasswordRequired,
    /// The password does not fit. (A file that was changed after it was made looks the same.)
    WrongPassword,
    /// It is something else than it was taken for, or cut short.
    Malformed {
        /// What it was taken for.
        what: &'static str,
    },
    /// It is protected in a way that is not known here.
    Unsupported {
        /// The algorithm's name, or its object identifier.
        algorithm: String,
    },
    /// A PEM text that is cut or changed.
    DamagedPem {
        /// What is wrong with it.
        what: &'static str,
    },
    /// A file that is no credential, or that another reader reads.
    WrongKind {
        /// What it is.
        kind: FileKind,
    },
    /// Trying the password would take very long. No program makes such files; somebody who wants to
    /// keep this one busy does.
    KdfLimitExceeded,
    /// It has more certificates, keys, sections or bytes than any program writes.
    TooLarge,
    /// A `.publishsettings` file without a piece that it needs.
    Incomplete {
        /// What is missing, and where.
        what: String,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PasswordRequired => {
                f.write_str("it is protected by a password, and none was given")
            }
            Self::WrongPassword => f.write_str("the password is wrong"),
            Self::Malformed { what } => write!(f, "it is not {what}, or it is damaged"),
            Self::Unsupported { algorithm } => write!(
                f,
                "it is protected with {algorithm}, which is not supported: open it where it was made \
                 and export it with AES or 3DES"
            ),
            Self::DamagedPem { what } => write!(f, "the PEM text is damaged: {what}"),
            Self::WrongKind { kind } => {
                write!(f, "it is {kind}")?;
                let advice = kind.advice();
                if advice.is_empty() { Ok(()) } else { write!(f, "; {advice}") }
            }
            Self::KdfLimitExceeded => f.write_str(
                "it demands more key derivation than any program writes; export it again with at most \
                 600,000 iterations",
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
