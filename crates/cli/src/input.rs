//! The files that a command line names, each read up to a limit.

use std::path::Path;

use azure_classic_text::{read_file, read_text_file};

use crate::cli_error::CliError;

/// The most bytes of a file with certificates or keys. The longest bundles of authorities have half a MiB.
pub(crate) const MAX_CREDENTIAL_BYTES: usize = 4 << 20;
/// The most bytes of a text that a person writes: a configuration, faults, a timing.
pub(crate) const MAX_TEXT_BYTES: usize = 16 << 20;
/// The most bytes of a record, which holds two configurations and what it has to know of instances.
pub(crate) const MAX_RECORD_BYTES: usize = 64 << 20;
/// The most bytes of what a program saved or logged over a long time.
pub(crate) const MAX_ARCHIVE_BYTES: usize = 1 << 30;

/// Reads a file; `what` names it in the error: "cannot read the certificate a.pem".
pub(crate) fn read_bytes(path: &Path, limit: usize, what: &str) -> Result<Vec<u8>, CliError> {
    read_file(path, limit).map_err(|error| read_failure(path, what, error))
}

/// Reads a text file: UTF-8, or UTF-16 with a byte order mark.
pub(crate) fn read_text(path: &Path, limit: usize, what: &str) -> Result<String, CliError> {
    read_text_file(path, limit).map_err(|error| read_failure(path, what, error))
}

fn read_failure(path: &Path, what: &str, error: std::io::Error) -> CliError {
    CliError::usage(error).context(format!("cannot read {what} {}", path.display()))
}
