//! The state file itself: a small database.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use redb::{Builder, Database, ReadableDatabase as _, ReadableTable as _, TableDefinition};

use super::{Input, StateError};
use crate::directory::{Access, create};

/// The members of the cloud's state, by name.
const STATE: TableDefinition<&str, &str> = TableDefinition::new("cloud");
/// The cloud as JSON, as it was before the first of the inputs.
const SAVED: &str = "saved";
/// There when the emulator that wrote the file was stopped, and did not just end.
const STOPPED: &str = "stopped";
/// The inputs since then, by number: JSON, and the body of a request.
const INPUTS: TableDefinition<u64, (&str, &[u8])> = TableDefinition::new("inputs");

#[derive(Debug)]
pub(crate) struct StateFile {
    database: Database,
    /// Where it is, and which file that was when it was opened.
    path: Option<(PathBuf, FileId)>,
}

/// The content of a state file.
pub(super) struct StoredState {
    pub(super) saved: String,
    pub(super) inputs: Vec<(u64, Input)>,
    pub(super) was_stopped: bool,
}

/// The content of one atomic write.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) checkpoint: Option<Checkpoint>,
    /// The inputs after the checkpoint.
    pub(super) inputs: Vec<NumberedInput>,
}

pub(super) struct Checkpoint {
    pub(super) saved: String,
    pub(super) is_stopped: bool,
}

pub(super) struct NumberedInput {
    pub(super) number: u64,
    pub(super) input: String,
    pub(super) body: Bytes,
}

impl From<Checkpoint> for Batch {
    fn from(snapshot: Checkpoint) -> Self {
        Self { checkpoint: Some(snapshot), inputs: Vec::new() }
    }
}

impl StateFile {
    /// Creates a file that only its owner can read. It is complete from the first time it has its name.
    pub(super) fn create(path: &Path, saved: &str) -> Result<Self, StateError> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let beside = Path::new(&beside);
        create(beside, Access::Owner).map_err(StateError::Io)?;
        let database = Database::create(beside).map_err(StateError::of)?;
        let new = Self { database, path: None };
        let snapshot = Checkpoint { saved: saved.to_owned(), is_stopped: false };
        new.write(&Batch::from(snapshot)).map_err(StateError::of)?;
        new.database.close().map_err(StateError::of)?;
        fs::rename(beside, path).and_then(|()| sync_folder_of(path)).map_err(StateError::Io)?;
        Self::at(path)
    }

    fn at(path: &Path) -> Result<Self, StateError> {
        let database = open(path)?;
        let id = file_id(path).map_err(StateError::Io)?;
        Ok(Self { database, path: Some((path.to_owned(), id)) })
    }

    pub(super) fn open(path: &Path) -> Result<(Self, StoredState), StateError> {
        let file = Self::at(path)?;
        let kept = file.read()?;
        Ok((file, kept))
    }

    #[cfg(test)]
    pub(super) fn with_backend(backend: impl redb::StorageBackend) -> Self {
        Self { database: Builder::new().create_with_backend(backend).unwrap(), path: None }
    }

    fn read(&self) -> Result<StoredState, StateError> {
        let read = self.database.begin_read().map_err(StateError::of)?;
        let simulator = read.open_table(STATE).map_err(StateError::of)?;
        let text = |name| match simulator.get(name) {
            Ok(found) => Ok(found.map(|text| text.value().to_owned())),
            Err(error) => Err(StateError::of(error)),
        };
        let saved = text(SAVED)?.ok_or_else(|| StateError::damaged("it holds no cloud"))?;
        let was_stopped = text(STOPPED)?.is_some();

        let table = read.open_table(INPUTS).map_err(StateError::of)?;
        let mut inputs: Vec<(u64, Input)> = Vec::new();
        for entry in table.iter().map_err(StateError::of)? {
            let (number, input) = entry.map_err(StateError::of)?;
            let (number, (text, body)) = (number.value(), input.value());
            if inputs.last().is_some_and(|(last, _)| last + 1 != number) {
                return Err(StateError::damaged(format!("the input before {number} is missing")));
            }
            inputs.push((number, Input::read(text, body)?));
        }
        Ok(StoredState { saved, inputs, was_stopped })
    }

    /// Whether the path still names this file: what is written to a removed one is lost.
    pub(super) fn is_in_place(&self) -> bool {
        self.path.as_ref().is_none_or(|(path, id)| file_id(path).is_ok_and(|it| it == *id))
    }

    /// When this returns without error, the batch is on the disk.
    pub(super) fn write(&self, batch: &Batch) -> Result<(), redb::Error> {
        let mut write = self.database.begin_write()?;
        // Otherwise damage to the last commit could not be distinguished from an interrupted commit, and
        // would be dropped silently.
        write.set_two_phase_commit(true);
        if let Some(snapshot) = &batch.checkpoint {
            write.delete_table(INPUTS)?;
            let mut simulator = write.open_table(STATE)?;
            simulator.insert(SAVED, snapshot.saved.as_str())?;
            if snapshot.is_stopped {
                simulator.insert(STOPPED, "")?;
            } else {
                simulator.remove(STOPPED)?;
            }
        }
        let mut inputs = write.open_table(INPUTS)?;
        for NumberedInput { number, input, body } in &batch.inputs {
            inputs.insert(number, (input.as_str(), &body[..]))?;
        }
        drop(inputs);
        Ok(write.commit()?)
    }
}

/// Every page is looked at, whether or not the file was closed in order.
fn open(path: &Path) -> Result<Database, StateError> {
    Builder::new().set_check_integrity_on_open(true).open(path).map_err(StateError::of)
}

/// The identity of a file, which distinguishes it from another one with the same name.
#[cfg(unix)]
type FileId = (u64, u64);

#[cfg(unix)]
fn file_id(path: &Path) -> io::Result<FileId> {
    use std::os::unix::fs::MetadataExt as _;

    fs::metadata(path).map(|it| (it.dev(), it.ino()))
}

/// Elsewhere nothing does.
#[cfg(not(unix))]
type FileId = ();

#[cfg(not(unix))]
fn file_id(path: &Path) -> io::Result<FileId> {
    fs::metadata(path).map(drop)
}

/// A new name is on the disk when its folder is.
#[cfg(unix)]
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Elsewhere folders cannot be opened.
#[cfg(not(unix))]
fn sync_folder_of(_: &Path) -> io::Result<()> {
    Ok(())
}
