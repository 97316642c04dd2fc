//! A file to examine.

use std::path::{Path, PathBuf};

use azure_classic::credentials::{CredentialFile, FileKind};

use crate::cli_error::CliError;
use crate::credential::read_credential_file;

pub(super) struct Source {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) file: CredentialFile,
    /// The permission bits, where others than the owner can read or write the file.
    pub(super) readable_mode: Option<u32>,
    /// The directory with its permission bits, where others can replace the file in it.
    pub(super) open_directory: Option<(PathBuf, u32)>,
}

impl Source {
    pub(super) fn read(path: &Path, what: &str) -> Result<Self, CliError> {
        let bytes = read_credential_file(path, what)?;
        Ok(Self {
            readable_mode: mode(path).filter(|mode| mode & 0o066 != 0),
            open_directory: open_directory(path),
            ..Self::new(path.display().to_string(), bytes)
        })
    }

    pub(super) fn new(name: String, bytes: Vec<u8>) -> Self {
        let file = CredentialFile::recognize(&bytes);
        Self { name, bytes, file, readable_mode: None, open_directory: None }
    }

    /// The kind, as it stands behind the name.
    pub(super) fn kind(&self) -> String {
        let kind = match self.file.kind() {
            FileKind::Pem => "PEM".to_owned(),
            FileKind::Pkcs12 => "PKCS#12".to_owned(),
            FileKind::PublishSettings => "publish settings".to_owned(),
            other => other.to_string(),
        };
        if self.file.is_base64() { format!("{kind}, as base64 text") } else { kind }
    }
}

/// Under the sticky bit, only a file's owner can replace it.
fn open_directory(file: &Path) -> Option<(PathBuf, u32)> {
    const STICKY: u32 = 0o1000;
    let directory = file.parent()?;
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let mode = mode(directory)?;
    (mode & 0o022 != 0 && mode & STICKY == 0).then(|| (directory.to_owned(), mode))
}

#[cfg(unix)]
fn mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;

    Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<u32> {
    None
}
