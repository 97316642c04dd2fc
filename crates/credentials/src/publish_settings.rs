use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use roxmltree::{Document, Node};
use zeroize::Zeroizing;

mod writing;

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
    pkcs12: Zeroizing<Vec<u8>>,
}

impl PublishSettings {
    /// Reads a file.
    ///
    /// A subscription's own address and certificate go before those of the profile around it. A file
    /// is a credential as a whole: whoever reads it is an administrator of its subscriptions.
    ///
    /// # Errors
    ///
    /// [`OpenError::Malformed`] for what is no such file, [`OpenError::Incomplete`] when a subscription
    /// has no id, address or certificate. The certificates are opened later.
    pub fn read(file: &[u8]) -> Result<Self, OpenError> {
        let malformed = OpenError::Malformed { what: "a .publishsettings file" };
        let text = std::str::from_utf8(file).map_err(|_| malformed.clone())?;
        // The parser's message quotes the file, and that is all secret.
        let document =
            Document::parse(text.trim_start_matches('\u{feff}')).map_err(|_| malformed.clone())?;
        let root = document.root_element();
        if !root.has_tag_name("PublishData") {
            return Err(malformed);
        }
        let mut subscriptions = Vec::new();
        for profile in children(root, "PublishProfile") {
            for subscription in children(profile, "Subscription") {
                subscriptions.push(PublishedSubscription::read(subscription, profile)?);
            }
        }
        if subscriptions.is_empty() {
            return Err(incomplete("there is no subscription in the .publishsettings file"));
        }
        Ok(Self { subscriptions })
    }

    /// The subscription of this id, in any case.
    pub fn subscription(&self, id: &str) -> Option<&PublishedSubscription> {
        self.subscriptions.iter().find(|subscription| subscription.id.eq_ignore_ascii_case(id))
    }
}

impl PublishedSubscription {
    /// A subscription to be written. `pkcs12` is a file without a password, such as
    /// [`Pkcs12Writer::write_as_portal`](crate::Pkcs12Writer::write_as_portal) makes.
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
            pkcs12: Zeroizing::new(pkcs12),
        }
    }

    fn read(node: Node<'_, '_>, profile: Node<'_, '_>) -> Result<Self, OpenError> {
        let value = |node: Node<'_, '_>, name| {
            node.attribute(name).map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let id = value(node, "Id")
            .ok_or_else(|| incomplete("a subscription of the .publishsettings file has no Id"))?;
        let lacks = |what: &str| {
            incomplete(&format!("the subscription {id} of the .publishsettings file has no {what}"))
        };
        let url = value(node, "ServiceManagementUrl")
            .or_else(|| value(profile, "Url"))
            .ok_or_else(|| lacks("ServiceManagementUrl, and its profile no Url"))?;
        let certificate = value(node, "ManagementCertificate")
            .or_else(|| value(profile, "ManagementCertificate"))
            .map(Zeroizing::new)
            .ok_or_else(|| lacks("ManagementCertificate"))?;
        let mut base64 = Zeroizing::new(Vec::with_capacity(certificate.len()));
        base64.extend(certificate.bytes().filter(|byte| !byte.is_ascii_whitespace()));
        let pkcs12 = STANDARD
            .decode(&*base64)
            .map(Zeroizing::new)
            .map_err(|_| lacks("usable ManagementCertificate: it is not base64"))?;
        let management_url = url.trim_end_matches('/').to_owned();
        Ok(Self { name: value(node, "Name").unwrap_or_default(), id, management_url, pkcs12 })
    }

    /// Opens the management certificate. It has no password.
    ///
    /// # Errors
    ///
    /// An [`OpenError`]; [`PasswordNeeded`](OpenError::PasswordNeeded) also when the file was changed.
    pub fn certificate(&self) -> Result<Pkcs12, OpenError> {
        Pkcs12::open(&self.pkcs12, "")
    }

    /// Opens the management certificate although its checksum may be wrong; see
    /// [`Pkcs12::open_unverified`].
    ///
    /// # Errors
    ///
    /// An [`OpenError`].
    pub fn certificate_unverified(&self) -> Result<Pkcs12, OpenError> {
        Pkcs12::open_unverified(&self.pkcs12, "")
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

fn children<'a, 'input>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

fn incomplete(what: &str) -> OpenError {
    OpenError::Incomplete { what: what.to_owned() }
}
