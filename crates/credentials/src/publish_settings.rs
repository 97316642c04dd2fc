use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

mod read;
mod write;

use crate::password::KdfBudget;
use crate::{OpenError, Pkcs12};

/// The subscriptions of a `.publishsettings` file, of either version.
///
/// # Example
///
/// ```no_run
/// use azure_classic_credentials::PublishSettings;
///
/// let settings = PublishSettings::read(&std::fs::read("contoso.publishsettings")?)?;
/// for subscription in &settings.subscriptions {
///     println!("{} at {}", subscription.id, subscription.management_url);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct PublishSettings {
    /// In the file's order; at least one.
    pub subscriptions: Vec<PublishedSubscription>,
}

/// A subscription of a `.publishsettings` file. `Debug` does not show its certificate, which comes
/// with the private key.
#[derive(Clone)]
pub struct PublishedSubscription {
    /// A GUID, as it stands in the file.
    pub id: String,
    /// The name that portals showed; may be empty.
    pub name: String,
    /// The endpoint's address, without a slash at its end.
    pub management_url: String,
    /// Shared by all subscriptions of a profile that has one for all.
    pkcs12: Arc<Zeroizing<Vec<u8>>>,
    /// How many subscriptions the file has: all their certificates share one limit of work.
    subscription_count: usize,
}

impl PublishSettings {
    /// Reads a file.
    ///
    /// A subscription's own address and certificate go before those of the profile around it. A file
    /// is a credential as a whole: whoever reads it is an administrator of its subscriptions.
    ///
    /// # Errors
    ///
    /// [`OpenError::WrongKind`] for another file, such as the publish profile of a web site;
    /// [`OpenError::Malformed`] for a damaged one; [`OpenError::Incomplete`] when a subscription has no id,
    /// address or certificate; [`OpenError::TooLarge`] beyond 4 MiB or 500 subscriptions. The
    /// certificates are opened later.
    pub fn read(file: &[u8]) -> Result<Self, OpenError> {
        read::read(file)
    }

    /// The subscription of this id, in any case.
    pub fn subscription(&self, id: &str) -> Option<&PublishedSubscription> {
        self.subscriptions.iter().find(|subscription| subscription.id.eq_ignore_ascii_case(id))
    }
}

impl PublishedSubscription {
    /// A subscription to be written. `pkcs12` is a file without a password, such as
    /// [`Pkcs12Writer::write_portal_compatible`](crate::Pkcs12Writer::write_portal_compatible) makes.
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        management_url: impl Into<String>,
        pkcs12: Vec<u8>,
    ) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            management_url: management_url.into(),
            pkcs12: Arc::new(Zeroizing::new(pkcs12)),
            subscription_count: 1,
        }
    }

    /// Opens the management certificate. It has no password.
    ///
    /// # Errors
    ///
    /// An [`OpenError`]; [`PasswordNeeded`](OpenError::PasswordRequired) also when the file was changed.
    pub fn certificate(&self) -> Result<Pkcs12, OpenError> {
        self.open(true)
    }

    /// Opens the management certificate although its checksum may be wrong; see
    /// [`Pkcs12::open_unverified`].
    ///
    /// # Errors
    ///
    /// An [`OpenError`].
    pub fn certificate_unverified(&self) -> Result<Pkcs12, OpenError> {
        self.open(false)
    }

    fn open(&self, verify: bool) -> Result<Pkcs12, OpenError> {
        Pkcs12::open_with_budget(
            &self.pkcs12,
            "",
            verify,
            &mut KdfBudget::shared_by(self.subscription_count),
        )
    }
}

impl fmt::Debug for PublishedSubscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublishedSubscription")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("management_url", &self.management_url)
            .finish_non_exhaustive()
    }
}
