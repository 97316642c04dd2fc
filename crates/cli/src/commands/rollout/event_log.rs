//! Everything that happened in a rollout, one line of JSON for each event, over all processes that drove
//! it.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::time::SystemTime;

use azure_classic::rollout::Event;
use azure_classic_text::escape_json;
use serde::{Deserialize, Serialize};

use super::files::{RolloutFiles, private_options, require_regular_file, was_found};

/// An event and when it was.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LoggedEvent {
    pub(super) at: String,
    pub(super) event: Event,
}

/// The present time, in the format of all logs.
pub(super) fn current_timestamp() -> String {
    humantime::format_rfc3339_millis(SystemTime::now()).to_string()
}

/// Appends to the file. Before there is a record, nothing has happened that is worth a file.
pub(super) struct EventLog {
    path: PathBuf,
    /// Of the same rollout; `None` before there is a record.
    file: Option<File>,
    buffered: String,
}

impl EventLog {
    pub(super) fn new(files: &RolloutFiles) -> Self {
        Self { path: files.events(), file: None, buffered: String::new() }
    }

    /// Adds one. `is_persisted`: whether there is a record; `is_new`: whether the file begins with it.
    pub(super) fn append(
        &mut self,
        entry: &LoggedEvent,
        is_persisted: bool,
        is_new: bool,
    ) -> io::Result<()> {
        self.buffered.push_str(&escape_json(&serde_json::to_string(entry)?));
        self.buffered.push('\n');
        if !is_persisted {
            return Ok(());
        }
        if self.file.is_none() {
            if is_new {
                was_found(fs::remove_file(&self.path))?;
            }
            let mut file =
                private_options().read(true).append(true).create(true).open(&self.path)?;
            // A process that was killed may have torn its last line.
            require_regular_file(&file)?;
            if has_incomplete_line(&mut file)? {
                file.write_all(b"\n")?;
            }
            self.file = Some(file);
        }
        if let Some(file) = &mut self.file {
            let before = file.metadata()?.len();
            if let Err(error) = file.write_all(self.buffered.as_bytes()) {
                // On a full disk a part may be there; all of it is written again later.
                file.set_len(before)?;
                return Err(error);
            }
            self.buffered.clear();
        }
        Ok(())
    }
}

/// Whether the last line has no end.
fn has_incomplete_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// In bytes. The rest is read the next time.
const MAX_READ_BYTES: u64 = 64 << 20;

/// Reads the file as it grows.
pub(super) struct EventLogTail {
    path: PathBuf,
    offset: u64,
}

impl EventLogTail {
    pub(super) fn new(files: &RolloutFiles) -> Self {
        Self { path: files.events(), offset: 0 }
    }

    /// The complete lines that are new.
    pub(super) fn read_new_lines(&mut self) -> io::Result<Vec<String>> {
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        file.seek(SeekFrom::Start(self.offset))?;
        let mut bytes = Vec::new();
        file.take(MAX_READ_BYTES).read_to_end(&mut bytes)?;
        let complete = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        self.offset += complete as u64;
        let text = String::from_utf8_lossy(&bytes[..complete]);
        Ok(text.lines().map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use azure_classic::rollout::Event;

    use super::*;

    #[test]
    fn event_after_an_incomplete_line_starts_a_new_line() {
        let dir = tempfile::tempdir().unwrap();
        let files = RolloutFiles::new(&dir.path().join("record.json"));
        fs::write(files.events(), "{\"at\":\"2015-").unwrap();
        let mut events = EventLog::new(&files);
        for event in [Event::Resumed, Event::Promoted] {
            events.append(&LoggedEvent { at: current_timestamp(), event }, true, false).unwrap();
        }
        let lines = EventLogTail::new(&files).read_new_lines().unwrap();
        let read =
            |line: &String| serde_json::from_str::<LoggedEvent>(line).ok().map(|it| it.event);
        let read: Vec<_> = lines.iter().map(read).collect();
        assert_eq!(read, [None, Some(Event::Resumed), Some(Event::Promoted)]);
    }
}
