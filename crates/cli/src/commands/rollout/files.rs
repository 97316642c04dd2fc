//! The files of a rollout: the record, and what lies beside it.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use azure_classic::rollout::{Phase, Record};
use azure_classic_text::read_text_file;

use crate::cli_error::CliError;
use crate::input;

/// Where the files of a rollout are.
#[derive(Debug, Clone)]
pub(super) struct RolloutFiles {
    record: PathBuf,
}

impl RolloutFiles {
    pub(super) fn new(record: &Path) -> Self {
        Self { record: record.to_owned() }
    }

    pub(super) fn record(&self) -> &Path {
        &self.record
    }

    /// Everything that happened, one event in each line.
    pub(super) fn events(&self) -> PathBuf {
        self.with_suffix(".events.jsonl")
    }

    /// Held by the process that drives.
    pub(super) fn lock(&self) -> PathBuf {
        self.with_suffix(".lock")
    }

    /// The commands to the driving process.
    pub(super) fn control(&self) -> PathBuf {
        self.with_suffix(".control")
    }

    /// The same, while the process that drives acts on it.
    pub(super) fn control_accepted(&self) -> PathBuf {
        self.with_suffix(".control.accepted")
    }

    fn with_suffix(&self, ending: &str) -> PathBuf {
        let mut name = self.record.as_os_str().to_owned();
        name.push(ending);
        name.into()
    }

    /// The record; `None` where there is none.
    pub(super) fn read(&self) -> Result<Option<Record>, CliError> {
        let cannot = |failure: CliError| {
            failure.context(format!("cannot read the record {}", self.record.display()))
        };
        match read_text_file(&self.record, input::MAX_RECORD_BYTES) {
            Ok(text) => serde_json::from_str(&text)
                .map(Some)
                .map_err(|error| cannot(CliError::usage(error))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot(CliError::usage(error))),
        }
    }

    /// The record of a started rollout.
    pub(super) fn read_existing(&self) -> Result<Record, CliError> {
        self.read()?.ok_or_else(|| {
            CliError::usage(format!("there is no record {}", self.record.display()))
                .hint("`azure-classic rollout start` makes one, and prints its name")
        })
    }

    /// Stores the record durably: a reader finds the old one or the new one, even after a power failure.
    pub(super) fn persist(&self, record: &Record) -> io::Result<()> {
        write_atomically(&self.record, &serde_json::to_vec_pretty(record)?)
    }

    /// Takes the record away, when nothing of its rollout is left.
    pub(super) fn discard(&self) {
        // Where it stays, it says that nothing was started.
        let _ = fs::remove_file(&self.record);
        let _ = fs::remove_file(self.events());
    }
}

/// Whether the service may hold something of this rollout that no other rollout should replace.
pub(super) fn is_unfinished(record: &Record) -> bool {
    let is_nothing_sent =
        record.phase() == Phase::Starting && record.sent().is_none() && record.accepted().is_none();
    record.ended().is_none() && !is_nothing_sent
}

/// Writes a file that only its owner can read, in one piece.
///
/// The temporary file beside it is new, whatever else lies there, and is removed when writing fails. A
/// link in the place of the file is replaced, not followed.
pub(super) fn write_atomically(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut next = tempfile::Builder::new()
        .prefix(&temporary_prefix(path))
        .suffix(TEMPORARY_SUFFIX)
        .tempfile_in(parent_of(path))?;
    next.write_all(content)?;
    next.as_file().sync_all()?;
    next.persist(path).map_err(|error| error.error)?;
    sync_parent(path)
}

/// How the names of temporary files end.
const TEMPORARY_SUFFIX: &str = ".tmp";

/// The prefix of the temporary files for this one.
fn temporary_prefix(path: &Path) -> OsString {
    let mut prefix = path.file_name().unwrap_or_default().to_owned();
    prefix.push(".");
    prefix
}

/// Removes what a process that was killed has left of [`replace`]. For the process that has the lock.
pub(super) fn remove_temporary_files(path: &Path) -> io::Result<()> {
    let prefix = temporary_prefix(path);
    for entry in fs::read_dir(parent_of(path))? {
        let entry = entry?;
        let name = entry.file_name();
        let middle = name
            .as_encoded_bytes()
            .strip_prefix(prefix.as_encoded_bytes())
            .and_then(|rest| rest.strip_suffix(TEMPORARY_SUFFIX.as_bytes()));
        // Six letters and digits are tempfile's.
        let is_ours =
            middle.is_some_and(|it| it.len() == 6 && it.iter().all(u8::is_ascii_alphanumeric));
        if is_ours && entry.file_type()?.is_file() {
            was_found(fs::remove_file(entry.path()))?;
        }
    }
    Ok(())
}

/// Options for files that hold configurations: only the owner can read a new one, and a link in its
/// place is an error.
pub(super) fn private_options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut options = File::options();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // A pipe without a reader would keep the program waiting.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    options
}

/// Names the file that an error is about; of a link, the system says no more than that it is a loop.
pub(super) fn file_error(path: &Path, error: &io::Error) -> io::Error {
    let path_text = path.display();
    let text = if path.is_symlink() {
        format!("{path_text} is a symbolic link; move it away")
    } else if path.is_dir() {
        format!("{path_text} is a folder; move it away")
    } else {
        format!("{path_text}: {error}")
    };
    io::Error::new(error.kind(), text)
}

/// An error where the path is another thing than a file.
pub(super) fn require_regular_file(file: &File) -> io::Result<()> {
    if file.metadata()?.is_file() {
        return Ok(());
    }
    Err(io::Error::other("it is a pipe or a device; move it away"))
}

/// A new name is safe when its folder is.
fn sync_parent(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(parent_of(path))?.sync_all() } else { Ok(()) }
}

fn parent_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Whether the file was there.
pub(super) fn was_found(outcome: io::Result<()>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(all(test, unix))]
mod tests;
