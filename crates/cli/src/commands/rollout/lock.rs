//! One process drives a rollout at a time.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use super::files::{RolloutFiles, file_error, private_options, require_regular_file};

/// Held while this process drives. The system gives it back when the process ends, however it does, so
/// that a lock is never stale; a file that a killed process has left is taken over.
#[derive(Debug)]
pub(super) struct RolloutLock {
    file: File,
    path: PathBuf,
}

/// Another process that drives a rollout, by its id where that can be read.
#[derive(Debug)]
pub(super) struct LockHolder(Option<u32>);

impl LockHolder {
    fn from_lock_file(file: &File) -> Self {
        // Where locks are mandatory, the file cannot be read either.
        Self(read_process_id(file).ok().flatten())
    }
}

impl std::fmt::Display for LockHolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(id) => write!(f, "the process {id}"),
            None => f.write_str("another process"),
        }
    }
}

impl RolloutLock {
    /// Takes the lock, or says who has it.
    pub(super) fn acquire(files: &RolloutFiles) -> io::Result<Result<Self, LockHolder>> {
        let path = files.lock();
        let mut file = open(&path)?;
        // Another process holds it briefly to read it, or is removing the file.
        for _ in 0..ATTEMPTS {
            match file.try_lock() {
                Ok(()) if is_same_file(&file, &path) => {
                    // A file of another program is not overwritten.
                    read_process_id(&file)?;
                    // From here on the file is ours, and goes away when it cannot be written.
                    let mut lock = Self { file, path };
                    let id = std::process::id().to_string();
                    let written =
                        lock.file.set_len(0).and_then(|()| lock.file.write_all(id.as_bytes()));
                    written.map_err(|error| file_error(&lock.path, &error))?;
                    return Ok(Ok(lock));
                }
                Ok(()) => file = open(&path)?,
                Err(TryLockError::WouldBlock) => sleep(Duration::from_millis(10)),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(Err(LockHolder::from_lock_file(&file)))
    }

    /// The holder of the lock, if there is one.
    pub(super) fn holder(files: &RolloutFiles) -> io::Result<Option<LockHolder>> {
        match private_options().read(true).open(files.lock()) {
            Ok(file) => match file.try_lock_shared() {
                Ok(()) => Ok(None),
                Err(TryLockError::WouldBlock) => Ok(Some(LockHolder::from_lock_file(&file))),
                Err(TryLockError::Error(error)) => Err(error),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Drop for RolloutLock {
    fn drop(&mut self) {
        // While it is locked, no other process removes or replaces it.
        if is_same_file(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// How many times the lock is tried for.
const ATTEMPTS: u32 = 10;

/// The longest id, in digits.
const MAX_ID_DIGITS: u64 = 10;

/// Opens the file, or makes it; never through a link.
fn open(path: &Path) -> io::Result<File> {
    let mut options = private_options();
    let opened = options.read(true).write(true).create(true).truncate(false).open(path);
    let checked = opened.and_then(|file| require_regular_file(&file).map(|()| file));
    checked.map_err(|error| file_error(path, &error))
}

/// The id in a lock file; an error where it is no lock file.
fn read_process_id(mut file: &File) -> io::Result<Option<u32>> {
    use std::io::{Seek as _, SeekFrom};
    let mut text = String::new();
    file.seek(SeekFrom::Start(0))?;
    let is_text = file.take(MAX_ID_DIGITS + 1).read_to_string(&mut text).is_ok();
    file.seek(SeekFrom::Start(0))?;
    match text.parse() {
        _ if is_text && text.is_empty() => Ok(None),
        Ok(id) => Ok(Some(id)),
        Err(_) => Err(io::Error::other(
            "the file with the ending .lock is no lock of a rollout; move it away, or give another --record",
        )),
    }
}

/// Whether the path still leads to the file.
#[cfg(unix)]
fn is_same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let id = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let (Ok(open), Ok(there)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
    id(open) == id(there)
}

/// Elsewhere an open file cannot be replaced.
#[cfg(not(unix))]
fn is_same_file(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn files() -> (tempfile::TempDir, RolloutFiles) {
        let dir = tempfile::tempdir().unwrap();
        let files = RolloutFiles::new(&dir.path().join("record.json"));
        (dir, files)
    }

    #[test]
    fn one_process_has_the_lock_and_takes_its_file_away() {
        let (_dir, files) = files();
        let lock = RolloutLock::acquire(&files).unwrap().unwrap();
        let id = std::process::id();
        let held = format!("the process {id}");
        assert_eq!(RolloutLock::acquire(&files).unwrap().unwrap_err().to_string(), held);
        assert_eq!(RolloutLock::holder(&files).unwrap().unwrap().to_string(), held);
        drop(lock);
        assert!(!files.lock().exists());
        assert!(RolloutLock::holder(&files).unwrap().is_none());
        RolloutLock::acquire(&files).unwrap().unwrap();
    }

    #[test]
    fn a_file_that_a_killed_process_left_is_taken_over() {
        for left in ["", "7", "4294967295"] {
            let (_dir, files) = files();
            fs::write(files.lock(), left).unwrap();
            let _lock = RolloutLock::acquire(&files).unwrap().unwrap();
            let id = std::process::id().to_string();
            assert_eq!(fs::read_to_string(files.lock()).unwrap(), id);
        }
    }

    #[test]
    fn the_file_of_another_program_is_not_touched() {
        for content in ["[[package]]", "12345678901", "\0", "7 of 9", "\u{fffd}"] {
            let (_dir, files) = files();
            fs::write(files.lock(), content).unwrap();
            let error = RolloutLock::acquire(&files).unwrap_err();
            assert!(error.to_string().contains("is no lock"), "{error}");
            assert_eq!(fs::read_to_string(files.lock()).unwrap(), content);
        }
    }

    #[test]
    fn links_pipes_and_folders_are_refused() {
        type Plant = fn(&Path, &Path);
        let plants: [Plant; 4] = [
            |lock, victim| std::os::unix::fs::symlink(victim, lock).unwrap(),
            |lock, _| std::os::unix::fs::symlink("nowhere", lock).unwrap(),
            |lock, _| fs::create_dir(lock).unwrap(),
            |lock, _| {
                assert!(std::process::Command::new("mkfifo").arg(lock).status().unwrap().success());
            },
        ];
        for plant in plants {
            let (dir, files) = files();
            let victim = dir.path().join("victim");
            fs::write(&victim, "7").unwrap();
            plant(&files.lock(), &victim);
            let error = RolloutLock::acquire(&files).unwrap_err().to_string();
            assert!(error.contains("record.json.lock"), "{error}");
            assert!(error.ends_with("; move it away"), "{error}");
            assert_eq!(fs::read_to_string(&victim).unwrap(), "7");
            assert!(!dir.path().join("nowhere").exists());
        }
    }
}
