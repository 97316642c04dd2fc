use std::error::Error as StdError;
use std::fmt;

/// Why a credential could not be opened. Shows no part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OpenError {
    /// It is protected, and no password was given.
    PasswordNeeded,
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
    /// Trying the password would take very long. No program makes such files; somebody who wants to
    /// keep this one busy does.
    TooMuchWork,
    /// A `.publishsettings` file without a piece that it needs.
    Incomplete {
        /// What is missing, and where.
        what: String,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PasswordNeeded => {
                f.write_str("it is protected by a password, and none was given")
            }
            Self::WrongPassword => f.write_str("the password is wrong"),
            Self::Malformed { what } => write!(f, "it is not {what}, or it is damaged"),
            Self::Unsupported { algorithm } => write!(
                f,
                "it is protected with {algorithm}, which is not supported: open it where it was made \
                 and export it with AES or 3DES"
            ),
            Self::TooMuchWork => {
                f.write_str("it demands more than 10 million rounds of key derivation")
            }
            Self::Incomplete { what } => f.write_str(what),
        }
    }
}

impl StdError for OpenError {}
