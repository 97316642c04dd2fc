use std::error::Error;
use std::io;

use crate::LoadError;

/// Why a state file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// An emulator that runs has it open.
    #[error("another emulator is using it")]
    InUse,
    /// It cannot be opened, read or written.
    #[error("it cannot be read or written")]
    Io(#[source] io::Error),
    /// It is no state file, or not what an emulator has written.
    #[error("not a state file, or corrupt; move it aside to start fresh")]
    Damaged(#[source] Box<dyn Error + Send + Sync>),
    /// The cloud in it cannot be loaded.
    #[error("the cloud in it cannot be loaded; move it aside to start fresh")]
    Load(#[source] LoadError),
    /// The last state was not written; the file holds an earlier one, if it is still there.
    #[error("the last state was not written: {0}")]
    NotWritten(String),
    /// This version of the emulator responds to a stored request differently from the version that wrote the
    /// file, so the state would differ.
    #[error(
        "the request {number} in this file would now get {now} instead of {then}; start the emulator \
         once more with the version of the emulator that wrote it, and stop that with Ctrl-C"
    )]
    Differs {
        /// The number of the request in the file.
        number: u64,
        /// The original response.
        then: u16,
        /// The present response.
        now: u16,
    },
}

impl StateError {
    pub(super) fn damaged(why: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Damaged(why.into())
    }

    pub(super) fn of(error: impl Into<redb::Error>) -> Self {
        use io::ErrorKind::{InvalidData, UnexpectedEof};
        match error.into() {
            redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => Self::InUse,
            redb::Error::Io(error) if !matches!(error.kind(), InvalidData | UnexpectedEof) => {
                Self::Io(error)
            }
            other => Self::damaged(other),
        }
    }
}
