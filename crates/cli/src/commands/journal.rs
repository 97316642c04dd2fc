//! The emulator's journal in a file.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use azure_classic_emulator::JournalEntry;
use azure_classic_text::escape_json;

use crate::cli_error::CliError;
use crate::output::warn;

/// Appends each entry to the file, as a line of JSON. When that fails, it is said once on stderr.
pub(super) fn journal(
    path: &Path,
) -> Result<impl Fn(&JournalEntry) + Send + Sync + 'static, CliError> {
    let context = format!("the journal {} cannot be written", path.display());
    let file = OpenOptions::new().create(true).append(true).open(path);
    let file = file.map_err(|error| CliError::new(error).context(context.clone()))?;
    let has_failed = AtomicBool::new(false);
    Ok(move |entry: &JournalEntry| {
        if let Err(error) = append(&file, entry)
            && !has_failed.swap(true, Ordering::Relaxed)
        {
            warn(&CliError::new(error).context(context.clone()));
        }
    })
}

fn append(mut file: &File, entry: &JournalEntry) -> io::Result<()> {
    let json = serde_json::to_string(entry)?;
    file.write_all(format!("{}\n", escape_json(&json)).as_bytes())
}
