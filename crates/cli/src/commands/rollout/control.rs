//! How a person reaches the process that drives: by a small file with one word.
//!
//! Whoever asks writes `….control`. The process that drives makes it `….control.taken`, and removes that
//! when the rollout has taken the word and its record is kept. So a word is lost neither by a crash, nor
//! by another word that comes meanwhile.

use std::fs;
use std::io;
use std::path::PathBuf;

use azure_classic::rollout::Input;
use azure_classic_text::read_file;

use super::files::{Files, is_there, replace};

pub(super) struct Control {
    asked: PathBuf,
    taken: PathBuf,
}

/// In bytes, with what an editor adds.
const LONGEST_WORD: usize = 4 << 10;

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
        let text = read_file(&self.taken, LONGEST_WORD)?;
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
        is_there(fs::remove_file(&self.taken)).map(drop)
    }

    /// Takes back whatever was asked.
    pub(super) fn clear(&self) -> io::Result<()> {
        is_there(fs::remove_file(&self.asked))?;
        self.done()
    }
}
