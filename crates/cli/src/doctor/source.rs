//! A file to examine.

use std::path::Path;

use azure_classic::credentials::{CredentialFile, FileKind};

use crate::credential::read;
use crate::failure::Failure;

pub(super) struct Source {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) file: CredentialFile,
    /// The permission bits, where others than the owner can read the file.
    pub(super) open_mode: Option<u32>,
}

impl Source {
    pub(super) fn read(path: &Path, what: &str) -> Result<Self, Failure> {
        let bytes = read(path, what)?;
        Ok(Self { open_mode: open_mode(path), ..Self::new(path.display().to_string(), bytes) })
    }

    pub(super) fn new(name: String, bytes: Vec<u8>) -> Self {
        let file = CredentialFile::recognize(&bytes);
        Self { name, bytes, file, open_mode: None }
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

#[cfg(unix)]
fn open_mode(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & 0o044 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_mode(_: &Path) -> Option<u32> {
    None
}
