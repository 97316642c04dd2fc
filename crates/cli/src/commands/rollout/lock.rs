//! One process drives a rollout at a time.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::thread::sleep;
use std::time::Duration;

use super::files::{Files, private};

/// Held while this process drives. The system gives it back when the process ends, however it does, so
/// that a lock is never stale.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Another process that drives a rollout, by its id where that can be read.
#[derive(Debug)]
pub(super) struct Driver(Option<u32>);

impl Driver {
    fn named_in(file: &mut File) -> Self {
        let mut id = String::new();
        // Where locks are mandatory, the file cannot be read either.
        let _ = file.take(LONGEST_ID).read_to_string(&mut id);
        Self(id.trim().parse().ok())
    }
}

impl std::fmt::Display for Driver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(id) => write!(f, "the process {id}"),
            None => f.write_str("another process"),
        }
    }
}

impl Lock {
    /// Takes the lock, or says who has it.
    pub(super) fn take(files: &Files) -> io::Result<Result<Self, Driver>> {
        let mut file =
            private().read(true).write(true).create(true).truncate(false).open(files.lock())?;
        // Whoever only looks holds it for a moment.
        for _ in 0..LOOKS {
            match file.try_lock() {
                Ok(()) => {
                    file.set_len(0)?;
                    file.write_all(std::process::id().to_string().as_bytes())?;
                    return Ok(Ok(Self { _file: file }));
                }
                Err(TryLockError::WouldBlock) => sleep(Duration::from_millis(10)),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(Err(Driver::named_in(&mut file)))
    }

    /// Who has the lock, if somebody has.
    pub(super) fn holder(files: &Files) -> io::Result<Option<Driver>> {
        match File::open(files.lock()) {
            Ok(mut file) => match file.try_lock_shared() {
                Ok(()) => Ok(None),
                Err(TryLockError::WouldBlock) => Ok(Some(Driver::named_in(&mut file))),
                Err(TryLockError::Error(error)) => Err(error),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// In bytes.
const LONGEST_ID: u64 = 20;

/// How many times the lock is tried for.
const LOOKS: u32 = 10;
