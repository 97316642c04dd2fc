//! The files by which other programs find the emulator and its certificates.

mod access;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use azure_classic_protocol::SubscriptionId;
use azure_classic_text::read_text_file;
use azure_classic_text::sanitize;
use rustls::pki_types::UnixTime;
use serde::{Deserialize, Serialize};

pub(crate) use self::access::{Access, tighten};
use self::access::{limit, open_to_writers};
use crate::error::StartError;
use crate::identity::Identity;
use crate::management::Management;

/// A directory with the emulator's files, which no other emulator uses meanwhile. When dropped, its own
/// announcement is taken away.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    /// The system gives the lock up with the process, however that ends.
    _lock: fs::File,
    /// The content of the announcement that it has written.
    announced: Mutex<Option<Vec<u8>>>,
    /// Notices for the user about the access of others to files.
    notices: Vec<String>,
}

/// The content of `emulator.json`. Its presence means that the emulator is ready.
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
const ALL: [&str; 7] =
    [CA, SERVER, MANAGEMENT, MANAGEMENT_DER, MANAGEMENT_PFX, PUBLISH_SETTINGS, ANNOUNCEMENT];
/// Those that hold a key.
const SECRET: [&str; 4] = [SERVER, MANAGEMENT, MANAGEMENT_PFX, PUBLISH_SETTINGS];

impl Directory {
    /// Makes the directory where it is missing, locks it, and takes away what an earlier run has left:
    /// its announcement, files half written. Files with keys become their owner's alone.
    pub(crate) fn open(path: &Path) -> Result<Self, StartError> {
        let prepare = || {
            fs::create_dir_all(path)?;
            let path = fs::canonicalize(path)?;
            let lock = lock(&path)?;
            remove(&path.join(ANNOUNCEMENT))?;
            for name in ALL {
                remove(&temporary_path(&path.join(name)))?;
            }
            let mut notices: Vec<String> = open_to_writers(&path).into_iter().collect();
            for name in SECRET {
                notices.extend(tighten(&path.join(name))?);
            }
            Ok(Self { path, _lock: lock, announced: Mutex::default(), notices })
        };
        prepare().map_err(|source| StartError::Directory { directory: path.to_owned(), source })
    }

    pub(crate) fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The certificates of an earlier run while they are whole and valid and old tools can use them,
    /// else new ones.
    pub(crate) fn identity(&self) -> Result<Identity, StartError> {
        let is_good = |kept: &Identity| kept.is_usable(tomorrow()) && kept.is_for_old_tools();
        if let Some(kept) = self.load().filter(is_good) {
            return Ok(kept);
        }
        let identity = Identity::generate_for_old_tools()?;
        self.store(&identity)?;
        Ok(identity)
    }

    fn store(&self, identity: &Identity) -> Result<(), StartError> {
        self.write(CA, identity.ca.as_bytes(), Access::AllUsers)?;
        self.write(SERVER, identity.server.as_bytes(), Access::Owner)?;
        self.write(MANAGEMENT, identity.management.as_bytes(), Access::Owner)
    }

    fn load(&self) -> Option<Identity> {
        let read = |name| read_text_file(&self.path.join(name), MAX_IDENTITY_BYTES).ok();
        Some(Identity { ca: read(CA)?, server: read(SERVER)?, management: read(MANAGEMENT)? })
    }

    /// Announces that the emulator is ready, with its address.
    pub(crate) fn announce(
        &self,
        endpoint: &str,
        admin: Option<&str>,
        subscription: &SubscriptionId,
        management: &Management,
    ) -> Result<(), StartError> {
        self.write(MANAGEMENT_DER, management.der(), Access::AllUsers)?;
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
            .map_err(|error| self.error(io::Error::from(error)))?;
        text.push(b'\n');
        self.write(ANNOUNCEMENT, &text, Access::Owner)?;
        *self.announced.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        Ok(())
    }

    /// Takes the announcement away, unless it is another's by now.
    fn remove_announcement(&self) -> io::Result<()> {
        let announced = self.announced.lock().unwrap_or_else(PoisonError::into_inner).take();
        let path = self.path.join(ANNOUNCEMENT);
        match announced {
            Some(own) if fs::read(&path)? == own => remove(&path),
            _ => Ok(()),
        }
    }

    fn write(&self, name: &str, content: &[u8], access: Access) -> Result<(), StartError> {
        write(&self.path.join(name), content, access).map_err(|source| self.error(source))
    }

    fn error(&self, source: io::Error) -> StartError {
        StartError::Directory { directory: self.path.clone(), source }
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // An error here has no receiver; the next start removes the file as well.
        let _ = self.remove_announcement();
    }
}

/// Writes a file whole or not at all: beside its place first, then moved there.
fn write(path: &Path, content: &[u8], access: Access) -> io::Result<()> {
    let beside = temporary_path(path);
    let mut file = create(&beside, access)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

/// Where a file is before it is whole.
fn temporary_path(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// Makes an empty file that only those can read who may, in place of one that was there. A symbolic
/// link is replaced, and not followed.
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

/// Locks the directory for this process.
fn lock(path: &Path) -> io::Result<fs::File> {
    let file = lockable(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::Error(error)) => Err(error),
        Err(fs::TryLockError::WouldBlock) => {
            let other = fs::read(path.join(ANNOUNCEMENT)).ok();
            let other = other.and_then(|text| serde_json::from_slice::<OtherEmulator>(&text).ok());
            let other = other.map(|it| format!(" at {}", sanitize(&it.endpoint)));
            Err(io::Error::new(
                io::ErrorKind::ResourceBusy,
                format!(
                    "another emulator{} is using it; stop that one, or give this one another directory",
                    other.unwrap_or_default()
                ),
            ))
        }
    }
}

/// The relevant part of another emulator's announcement.
#[derive(Deserialize)]
struct OtherEmulator {
    endpoint: String,
}

#[cfg(unix)]
fn lockable(path: &Path) -> io::Result<fs::File> {
    fs::File::open(path)
}

/// Elsewhere directories cannot be opened.
#[cfg(not(unix))]
fn lockable(path: &Path) -> io::Result<fs::File> {
    let path = path.join("emulator.lock");
    fs::OpenOptions::new().create(true).truncate(false).write(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_unusable_for_old_tools_are_replaced_once() {
        let place = tempfile::tempdir().unwrap();
        let directory = Directory::open(place.path()).unwrap();
        let old = Identity::generate().unwrap();
        directory.store(&old).unwrap();

        let made = directory.identity().unwrap();
        assert!(made.is_for_old_tools());
        assert_ne!(made.ca, old.ca);
        assert_eq!(directory.identity().unwrap().management, made.management);
    }

    #[test]
    fn a_second_emulator_is_rejected_while_the_first_runs() {
        let place = tempfile::tempdir().unwrap();
        let first = Directory::open(place.path()).unwrap();
        for announcement in [None, Some("{}"), Some("{\"endpoint\": \"https://127.0.0.1:1\"}")] {
            let file = place.path().join(ANNOUNCEMENT);
            if let Some(text) = announcement {
                fs::write(&file, text).unwrap();
            }
            let refused = Directory::open(place.path()).unwrap_err();
            let why = std::error::Error::source(&refused).unwrap().to_string();
            assert!(why.contains("is using it"), "{why}");
            let names_it = announcement.is_some_and(|text| text.contains("endpoint"));
            assert_eq!(why.contains("at https://127.0.0.1:1 "), names_it, "{why}");
            assert_eq!(file.exists(), announcement.is_some());
        }
        drop(first);
        // It was not the first one's own.
        assert!(place.path().join(ANNOUNCEMENT).exists());
        drop(Directory::open(place.path()).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_writable_by_others_is_reported_and_unchanged() {
        use std::os::unix::fs::PermissionsExt as _;

        let place = tempfile::tempdir().unwrap();
        for (mode, who) in [
            (0o755, None),
            (0o700, None),
            (0o775, Some("its group (mode 0775)")),
            (0o757, Some("all users (mode 0757)")),
            (0o777, Some("all users (mode 0777)")),
            (0o1777, Some("all users (mode 1777)")),
        ] {
            fs::set_permissions(place.path(), fs::Permissions::from_mode(mode)).unwrap();
            let directory = Directory::open(place.path()).unwrap();
            match (who, directory.notices()) {
                (None, []) => {}
                (Some(who), [notice]) => assert!(notice.contains(who), "{notice}"),
                (_, other) => panic!("{mode:o}: {other:?}"),
            }
            let found = fs::metadata(place.path()).unwrap().permissions().mode() & 0o7777;
            assert_eq!(found, mode);
        }
    }

    #[cfg(unix)]
    #[test]
    fn keys_become_private_and_links_are_not_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let place = tempfile::tempdir().unwrap();
        let elsewhere = place.path().join("elsewhere");
        let own = place.path().join("own");
        fs::create_dir(&own).unwrap();
        fs::write(&elsewhere, "mine").unwrap();
        for name in ALL {
            symlink(&elsewhere, temporary_path(&own.join(name))).ok();
        }
        for (name, mode) in [(SERVER, 0o644), (MANAGEMENT, 0o640), (MANAGEMENT_PFX, 0o606)] {
            fs::write(own.join(name), "key").unwrap();
            fs::set_permissions(own.join(name), fs::Permissions::from_mode(mode)).unwrap();
        }
        let directory = Directory::open(&own).unwrap();
        assert_eq!(directory.notices().len(), 3, "{:?}", directory.notices());
        assert!(directory.notices()[1].contains("had the mode 0640"), "{:?}", directory.notices());
        let mode = |name| fs::metadata(own.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!([SERVER, MANAGEMENT, MANAGEMENT_PFX].map(mode), [0o600; 3]);

        for name in ALL {
            symlink(&elsewhere, temporary_path(&own.join(name))).ok();
            directory.write(name, b"new", Access::Owner).unwrap();
            assert_eq!(mode(name), 0o600);
        }
        assert_eq!(fs::read(&elsewhere).unwrap(), b"mine");
        assert!(ALL.iter().all(|name| !temporary_path(&own.join(name)).exists()));
    }
}
