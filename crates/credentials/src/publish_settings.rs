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
    /// At least one, in the order of the file.
    pub subscriptions: Vec<PublishedSubscription>,
}

/// A subscription of a `.publishsettings` file. `Debug` does not show its certificate, because the private
/// key is part of it.
#[derive(Clone)]
pub struct PublishedSubscription {
    /// A GUID, as written in the file.
    pub id: String,
    /// The display name; may be empty.
    pub name: String,
    /// The address of the endpoint, without a slash at the end.
    pub management_url: String,
    /// All subscriptions of a profile with one certificate share it.
    pkcs12: Arc<Zeroizing<Vec<u8>>>,
    /// The number of subscriptions in the file: their certificates share one budget.
    subscription_count: usize,
}

impl PublishSettings {
    /// Parses a file.
    ///
    /// A subscription's own address and certificate take precedence over those of its profile. The whole file
    /// is a credential: its holder is an administrator of all its subscriptions.
    ///
    /// # Errors
    ///
    /// [`OpenError::WrongKind`] for another file, such as the publish profile of a web site;
    /// [`OpenError::Malformed`] for a damaged one; [`OpenError::Incomplete`] if a subscription has no id,
    /// address or certificate; [`OpenError::TooLarge`] beyond 4 MiB or 500 subscriptions. Certificates are
    /// opened later.
    pub fn read(file: &[u8]) -> Result<Self, OpenError> {
        read::read(file)
    }

    /// Returns the subscription with this id, compared case-insensitively.
    pub fn subscription(&self, id: &str) -> Option<&PublishedSubscription> {
        self.subscriptions.iter().find(|subscription| subscription.id.eq_ignore_ascii_case(id))
    }
}

impl PublishedSubscription {
    /// Creates a subscription for a new file. `pkcs12` is a file without a password, such as the output of
    /// [`Pkcs12Writer::write_portal_compatible`](crate::Pkcs12Writer::write_portal_compatible).
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
    /// An [`OpenError`]; [`PasswordRequired`](OpenError::PasswordRequired) also if the file was changed.
    pub fn certificate(&self) -> Result<Pkcs12, OpenError> {
        self.open(true)
    }

    /// Opens the management certificate even if its checksum is wrong; see [`Pkcs12::open_unverified`].
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
