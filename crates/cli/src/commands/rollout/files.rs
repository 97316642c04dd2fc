//! The files of a rollout: the record, and what lies beside it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use azure_classic::rollout::{Phase, Record};
use azure_classic_text::read_text_file;

use crate::failure::Failure;
use crate::input;

/// Where the files of a rollout are.
#[derive(Debug, Clone)]
pub(super) struct Files {
    record: PathBuf,
}

impl Files {
    pub(super) fn of(record: &Path) -> Self {
        Self { record: record.to_owned() }
    }

    pub(super) fn record(&self) -> &Path {
        &self.record
    }

    /// Everything that happened, one event in each line.
    pub(super) fn events(&self) -> PathBuf {
        self.beside(".events.jsonl")
    }

    /// Held by the process that drives.
    pub(super) fn lock(&self) -> PathBuf {
        self.beside(".lock")
    }

    /// What a person wants of the process that drives.
    pub(super) fn control(&self) -> PathBuf {
        self.beside(".control")
    }

    /// The same, while the process that drives acts on it.
    pub(super) fn control_taken(&self) -> PathBuf {
        self.beside(".control.taken")
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = self.record.as_os_str().to_owned();
        name.push(ending);
        name.into()
    }

    /// The record; `None` where there is none.
    pub(super) fn read(&self) -> Result<Option<Record>, Failure> {
        let cannot = |failure: Failure| {
            failure.while_doing(format!("cannot read the record {}", self.record.display()))
        };
        match read_text_file(&self.record, input::RECORD) {
            Ok(text) => {
                serde_json::from_str(&text).map(Some).map_err(|error| cannot(Failure::usage(error)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot(Failure::usage(error))),
        }
    }

    /// The record of a rollout that must have begun.
    pub(super) fn read_present(&self) -> Result<Record, Failure> {
        self.read()?.ok_or_else(|| {
            Failure::usage(format!("there is no record {}", self.record.display()))
                .hint("`azure-classic rollout start` makes one, and prints its name")
        })
    }

    /// Stores the record for good: whoever reads it finds the old one or the new one, even after a
    /// power cut.
    pub(super) fn keep(&self, record: &Record) -> io::Result<()> {
        replace(&self.record, &serde_json::to_vec_pretty(record)?)
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
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let next = PathBuf::from(name);
    let mut file = private().write(true).create(true).truncate(true).open(&next)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&next, path)?;
    sync_folder_of(path)
}

/// Options for files that hold configurations.
pub(super) fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "only Unix has modes"))]
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A new name is safe when its folder is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if cfg!(unix) { File::open(folder.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

/// Whether the file was there.
pub(super) fn is_there(outcome: io::Result<()>) -> io::Result<bool> {
    match outcome {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
