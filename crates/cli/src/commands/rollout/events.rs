//! Everything that happened in a rollout, one line of JSON for each event, over all processes that drove
//! it.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::time::SystemTime;

use azure_classic::rollout::Event;
use azure_classic_text::escape_json;
use serde::{Deserialize, Serialize};

use super::files::{Files, is_there, must_be_a_file, private};

/// An event and when it was.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) at: String,
    pub(super) event: Event,
}

/// The present moment, as it is written everywhere here.
pub(super) fn now() -> String {
    humantime::format_rfc3339_millis(SystemTime::now()).to_string()
}

/// Appends to the file. Before there is a record, nothing has happened that is worth a file.
pub(super) struct Events {
    path: PathBuf,
    /// Of the same rollout; `None` before there is a record.
    file: Option<File>,
    waiting: String,
}

impl Events {
    pub(super) fn of(files: &Files) -> Self {
        Self { path: files.events(), file: None, waiting: String::new() }
    }

    /// Adds one. `is_kept`: whether there is a record; `is_new`: whether the file begins with it.
    pub(super) fn add(&mut self, entry: &Entry, is_kept: bool, is_new: bool) -> io::Result<()> {
        self.waiting.push_str(&escape_json(&serde_json::to_string(entry)?));
        self.waiting.push('\n');
        if !is_kept {
            return Ok(());
        }
        if self.file.is_none() {
            if is_new {
                is_there(fs::remove_file(&self.path))?;
            }
            let mut file = private().read(true).append(true).create(true).open(&self.path)?;
            // A process that was killed may have torn its last line.
            must_be_a_file(&file)?;
            if is_torn(&mut file)? {
                file.write_all(b"\n")?;
            }
            self.file = Some(file);
        }
        if let Some(file) = &mut self.file {
            let before = file.metadata()?.len();
            if let Err(error) = file.write_all(self.waiting.as_bytes()) {
                // On a full disk a part may be there; all of it is written again later.
                file.set_len(before)?;
                return Err(error);
            }
            self.waiting.clear();
        }
        Ok(())
    }
}

/// Whether the last line has no end.
fn is_torn(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// In bytes. The rest is read the next time.
const MOST_AT_ONCE: u64 = 64 << 20;

/// Reads the file as it grows.
pub(super) struct Tail {
    path: PathBuf,
    read: u64,
}

impl Tail {
    pub(super) fn of(files: &Files) -> Self {
        Self { path: files.events(), read: 0 }
    }

    /// The complete lines that are new.
    pub(super) fn news(&mut self) -> io::Result<Vec<String>> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        file.seek(SeekFrom::Start(self.read))?;
        let mut bytes = Vec::new();
        file.take(MOST_AT_ONCE).read_to_end(&mut bytes)?;
        let complete = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        self.read += complete as u64;
        let text = String::from_utf8_lossy(&bytes[..complete]);
        Ok(text.lines().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use azure_classic::rollout::Event;

    use super::*;

    #[test]
    fn what_follows_a_torn_line_stands_on_a_line_of_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let files = Files::of(&dir.path().join("record.json"));
        fs::write(files.events(), "{\"at\":\"2015-").unwrap();
        let mut events = Events::of(&files);
        for event in [Event::Resumed, Event::Promoted] {
            events.add(&Entry { at: now(), event }, true, false).unwrap();
        }
        let lines = Tail::of(&files).news().unwrap();
        let read = |line: &String| serde_json::from_str::<Entry>(line).ok().map(|it| it.event);
        let read: Vec<_> = lines.iter().map(read).collect();
        assert_eq!(read, [None, Some(Event::Resumed), Some(Event::Promoted)]);
    }
}
