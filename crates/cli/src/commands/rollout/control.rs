//! How a person reaches the process that drives: by a small file with one word.
//!
//! Whoever asks writes `….control`. The process that drives makes it `….control.taken`, and removes that
//! when the rollout has taken the word and its record is kept. So a word is lost neither by a crash, nor
//! by another word that comes meanwhile.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use azure_classic::rollout::Input;

use super::files::{Files, about, is_there, private, replace};

pub(super) struct Control {
    asked: PathBuf,
    taken: PathBuf,
}

/// In bytes, with what an editor adds.
const LONGEST_WORD: u64 = 4 << 10;

const WORDS: [(&str, Input); 4] = [
    ("pause", Input::Pause),
    ("resume", Input::Resume),
    ("promote", Input::Promote),
    ("abort", Input::Abort),
];

pub(super) fn word(input: Input) -> &'static str {
    let found = WORDS.iter().find(|(_, listed)| *listed == input);
    found.map_or("", |(word, _)| word)
}

impl Control {
    pub(super) fn of(files: &Files) -> Self {
        Self { asked: files.control(), taken: files.control_taken() }
    }

    pub(super) fn ask(&self, input: Input) -> io::Result<()> {
        replace(&self.asked, word(input).as_bytes())
    }

    /// Whether a word waits for its effect.
    pub(super) fn is_open(&self) -> bool {
        self.asked.exists() || self.taken.exists()
    }

    /// Takes the next word, for the process that drives. What is no word is thrown away.
    pub(super) fn take(&self) -> io::Result<Option<Input>> {
        if !self.taken.exists() && !is_there(fs::rename(&self.asked, &self.taken))? {
            return Ok(None);
        }
        let text = read(&self.taken)?;
        let input = WORDS
            .iter()
            .find(|(word, _)| word.as_bytes() == text.trim_ascii())
            .map(|(_, input)| *input);
        if input.is_none() {
            self.done()?;
        }
        Ok(input)
    }

    /// The word that was taken has had its effect.
    pub(super) fn done(&self) -> io::Result<()> {
        remove(&self.taken)
    }

    /// Takes back whatever was asked.
    pub(super) fn clear(&self) -> io::Result<()> {
        remove(&self.asked)?;
        self.done()
    }
}

fn remove(path: &Path) -> io::Result<()> {
    is_there(fs::remove_file(path)).map(drop).map_err(|error| about(path, &error))
}

/// The content of a file that this user or root has written; of any other file nothing.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    match private().read(true).open(path) {
        Ok(file) if is_trusted(&file)? => {
            file.take(LONGEST_WORD).read_to_end(&mut text)?;
        }
        Ok(_) => {}
        // It is a link, which is not followed.
        Err(_) if path.is_symlink() => {}
        Err(error) => return Err(error),
    }
    Ok(text)
}

#[cfg(unix)]
fn is_trusted(file: &File) -> io::Result<bool> {
    let metadata = file.metadata()?;
    let owner = std::os::unix::fs::MetadataExt::uid(&metadata);
    let is_ours = owner == rustix::process::geteuid().as_raw() || owner == 0;
    Ok(metadata.is_file() && is_ours)
}

#[cfg(not(unix))]
fn is_trusted(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.is_file())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn only_a_file_with_a_word_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        let control = Control::of(&Files::of(&dir.path().join("record.json")));
        control.ask(Input::Pause).unwrap();
        assert_eq!(control.take().unwrap(), Some(Input::Pause));
        control.done().unwrap();

        let elsewhere = dir.path().join("elsewhere");
        fs::write(&elsewhere, "abort").unwrap();
        let plants: [&dyn Fn(&Path); 4] = [
            &|path| symlink(&elsewhere, path).unwrap(),
            &|path| symlink("/dev/zero", path).unwrap(),
            &|path| fs::write(path, "abort everything").unwrap(),
            &|path| fs::write(path, vec![b'x'; 1 << 20]).unwrap(),
        ];
        for plant in plants {
            plant(&control.asked);
            assert_eq!(control.take().unwrap(), None);
            assert!(!control.is_open());
        }
        assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "abort");

        fs::create_dir(&control.asked).unwrap();
        let error = control.clear().unwrap_err().to_string();
        assert!(error.ends_with("record.json.control is a folder; move it away"), "{error}");
    }
}
