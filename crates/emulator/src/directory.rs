//! The files by which other programs find the emulator and its certificates.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use azure_classic_protocol::SubscriptionId;
use azure_classic_text::read_text_file;
use rustls::pki_types::UnixTime;
use serde::Serialize;

use crate::error::StartError;
use crate::identity::Identity;
use crate::management::Management;

/// A directory with the emulator's files. When dropped, the announcement is taken away.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
}

/// What `emulator.json` says. Its presence means that the emulator answers.
#[derive(Serialize)]
struct Announcement<'a> {
    endpoint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    admin: Option<&'a str>,
    subscription: &'a str,
    certificate_authority: PathBuf,
    management_certificate: PathBuf,
    management_certificate_der: PathBuf,
    management_pfx: PathBuf,
    publish_settings: PathBuf,
    thumbprint: String,
}

/// Of each file with certificates.
const MAX_IDENTITY_BYTES: usize = 1 << 20;

const CA: &str = "ca.pem";
const SERVER: &str = "server.pem";
const MANAGEMENT: &str = "management.pem";
const MANAGEMENT_DER: &str = "management.cer";
const MANAGEMENT_PFX: &str = "management.pfx";
const PUBLISH_SETTINGS: &str = "emulator.publishsettings";
const ANNOUNCEMENT: &str = "emulator.json";

/// Who may read a file.
#[derive(Clone, Copy)]
pub(crate) enum Access {
    Everybody,
    /// It holds a key.
    Owner,
}

impl Directory {
    /// Makes the directory where it is missing, and takes the announcement of an earlier run away.
    pub(crate) fn open(path: &Path) -> Result<Self, StartError> {
        let prepare = || {
            fs::create_dir_all(path)?;
            let directory = Self { path: fs::canonicalize(path)? };
            directory.withdraw()?;
            Ok(directory)
        };
        prepare().map_err(|source| StartError::Directory { directory: path.to_owned(), source })
    }

    /// The certificates of an earlier run while they are whole and valid and old tools can use them,
    /// else new ones.
    pub(crate) fn identity(&self) -> Result<Identity, StartError> {
        let is_good = |kept: &Identity| kept.is_usable(tomorrow()) && kept.is_for_old_tools();
        if let Some(kept) = self.load().filter(is_good) {
            return Ok(kept);
        }
        let identity = Identity::make_for_old_tools()?;
        self.keep(&identity)?;
        Ok(identity)
    }

    fn keep(&self, identity: &Identity) -> Result<(), StartError> {
        self.write(CA, identity.ca.as_bytes(), Access::Everybody)?;
        self.write(SERVER, identity.server.as_bytes(), Access::Owner)?;
        self.write(MANAGEMENT, identity.management.as_bytes(), Access::Owner)
    }

    fn load(&self) -> Option<Identity> {
        let read = |name| read_text_file(&self.path.join(name), MAX_IDENTITY_BYTES).ok();
        Some(Identity { ca: read(CA)?, server: read(SERVER)?, management: read(MANAGEMENT)? })
    }

    /// Says that the emulator answers, and where.
    pub(crate) fn announce(
        &self,
        endpoint: &str,
        admin: Option<&str>,
        subscription: &SubscriptionId,
        management: &Management,
    ) -> Result<(), StartError> {
        self.write(MANAGEMENT_DER, management.der(), Access::Everybody)?;
        self.write(MANAGEMENT_PFX, &management.pfx(), Access::Owner)?;
        let settings = management.publish_settings(endpoint, subscription);
        self.write(PUBLISH_SETTINGS, settings.as_bytes(), Access::Owner)?;
        let announcement = Announcement {
            endpoint,
            admin,
            subscription: subscription.as_str(),
            certificate_authority: self.path.join(CA),
            management_certificate: self.path.join(MANAGEMENT),
            management_certificate_der: self.path.join(MANAGEMENT_DER),
            management_pfx: self.path.join(MANAGEMENT_PFX),
            publish_settings: self.path.join(PUBLISH_SETTINGS),
            thumbprint: management.thumbprint(),
        };
        let mut text = serde_json::to_vec_pretty(&announcement)
            .map_err(|error| self.failed(io::Error::from(error)))?;
        text.push(b'\n');
        self.write(ANNOUNCEMENT, &text, Access::Everybody)
    }

    fn withdraw(&self) -> io::Result<()> {
        remove(&self.path.join(ANNOUNCEMENT))
    }

    fn write(&self, name: &str, content: &[u8], access: Access) -> Result<(), StartError> {
        write(&self.path.join(name), content, access).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> StartError {
        StartError::Directory { directory: self.path.clone(), source }
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // Nobody is left to hear that it did not work; the next start takes it away as well.
        let _ = self.withdraw();
    }
}

/// Writes a file whole or not at all: beside its place first, then moved there.
fn write(path: &Path, content: &[u8], access: Access) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = create(&beside, access)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

/// Makes an empty file that only those can read who may, in place of one that was there.
pub(crate) fn create(path: &Path, access: Access) -> io::Result<fs::File> {
    remove(path)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    limit(&mut options, access);
    options.open(path)
}

/// Certificates that end before then are not worth starting with.
fn tomorrow() -> UnixTime {
    const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
    UnixTime::since_unix_epoch(Duration::from_secs(UnixTime::now().as_secs()) + A_DAY)
}

/// Removes a file if it is there.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn limit(options: &mut fs::OpenOptions, access: Access) {
    use std::os::unix::fs::OpenOptionsExt as _;

    options.mode(match access {
        Access::Everybody => 0o644,
        Access::Owner => 0o600,
    });
}

/// Elsewhere a file has the access that its directory gives it.
#[cfg(not(unix))]
fn limit(_: &mut fs::OpenOptions, _: Access) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_that_old_tools_cannot_use_are_replaced_once() {
        let place = tempfile::tempdir().unwrap();
        let directory = Directory::open(place.path()).unwrap();
        let old = Identity::make().unwrap();
        directory.keep(&old).unwrap();

        let made = directory.identity().unwrap();
        assert!(made.is_for_old_tools());
        assert_ne!(made.ca, old.ca);
        assert_eq!(directory.identity().unwrap().management, made.management);
    }
}
