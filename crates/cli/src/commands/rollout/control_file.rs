//! Sends a command of an operator to the process that drives, through a small file.
//!
//! The sender writes `….control`. The driving process renames it to `….control.accepted`, and removes that
//! when the rollout has taken the command and has persisted its record. So neither a crash nor another
//! command in the meantime loses a command.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use azure_classic::rollout::Input;

use super::files::{RolloutFiles, file_error, private_options, was_found, write_atomically};

pub(super) struct ControlFile {
    requested: PathBuf,
    accepted: PathBuf,
}

/// In bytes, with what an editor adds.
const MAX_REQUEST_BYTES: u64 = 4 << 10;

const INPUTS: [(&str, Input); 4] = [
    ("pause", Input::Pause),
    ("resume", Input::Resume),
    ("promote", Input::Promote),
    ("abort", Input::Abort),
];

pub(super) fn input_name(input: Input) -> &'static str {
    let found = INPUTS.iter().find(|(_, listed)| *listed == input);
    found.map_or("", |(name, _)| name)
}

impl ControlFile {
    pub(super) fn new(files: &RolloutFiles) -> Self {
        Self { requested: files.control(), accepted: files.control_accepted() }
    }

    pub(super) fn request(&self, input: Input) -> io::Result<()> {
        write_atomically(&self.requested, input_name(input).as_bytes())
    }

    /// Whether a command waits for its effect.
    pub(super) fn is_pending(&self) -> bool {
        self.requested.exists() || self.accepted.exists()
    }

    /// Takes the next command, for the driving process. Invalid ones are discarded.
    pub(super) fn accept(&self) -> io::Result<Option<Input>> {
        if !self.accepted.exists() && !was_found(fs::rename(&self.requested, &self.accepted))? {
            return Ok(None);
        }
        let text = read(&self.accepted)?;
        let input = INPUTS
            .iter()
            .find(|(name, _)| name.as_bytes() == text.trim_ascii())
            .map(|(_, input)| *input);
        if input.is_none() {
            self.acknowledge()?;
        }
        Ok(input)
    }

    /// The taken command has had its effect.
    pub(super) fn acknowledge(&self) -> io::Result<()> {
        remove(&self.accepted)
    }

    /// Withdraws the command.
    pub(super) fn clear(&self) -> io::Result<()> {
        remove(&self.requested)?;
        self.acknowledge()
    }
}

fn remove(path: &Path) -> io::Result<()> {
    was_found(fs::remove_file(path)).map(drop).map_err(|error| file_error(path, &error))
}

/// The content of a file that this user or root has written; of any other file nothing.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    match private_options().read(true).open(path) {
        Ok(file) if is_trusted_file(&file)? => {
            file.take(MAX_REQUEST_BYTES).read_to_end(&mut text)?;
        }
        Ok(_) => {}
        // It is a link, which is not followed.
        Err(_) if path.is_symlink() => {}
        Err(error) => return Err(error),
    }
    Ok(text)
}

#[cfg(unix)]
fn is_trusted_file(file: &File) -> io::Result<bool> {
    let metadata = file.metadata()?;
    let owner = std::os::unix::fs::MetadataExt::uid(&metadata);
    let is_ours = owner == rustix::process::geteuid().as_raw() || owner == 0;
    Ok(metadata.is_file() && is_ours)
}

#[cfg(not(unix))]
fn is_trusted_file(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.is_file())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_a_file_with_an_input_name_is_accepted() {
        let dir = tempfile::tempdir().unwrap();
        let control = ControlFile::new(&RolloutFiles::new(&dir.path().join("record.json")));
        control.request(Input::Pause).unwrap();
        assert_eq!(control.accept().unwrap(), Some(Input::Pause));
        control.acknowledge().unwrap();

        let elsewhere = dir.path().join("elsewhere");
        fs::write(&elsewhere, "abort").unwrap();
        let plants: [&dyn Fn(&Path); 4] = [
            &|path| symlink(&elsewhere, path).unwrap(),
            &|path| symlink("/dev/zero", path).unwrap(),
            &|path| fs::write(path, "abort everything").unwrap(),
            &|path| fs::write(path, vec![b'x'; 1 << 20]).unwrap(),
        ];
        for plant in plants {
            plant(&control.requested);
            assert_eq!(control.accept().unwrap(), None);
            assert!(!control.is_pending());
        }
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "abort");

        fs::create_dir(&control.requested).unwrap();
        let error = control.clear().unwrap_err().to_string();
        assert!(error.ends_with("record.json.control is a folder; move it away"), "{error}");
    }
}
