//! The service configuration (`.cscfg`): how many instances each role has, its settings and its
//! certificates.
//!
//! It travels as text, base64-encoded, and always whole. [`ServiceConfiguration`] reads it, changes
//! what is to be changed, and writes it back with everything else as it was: elements and attributes
//! that it does not know, comments, the order, the layout.

mod role;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

pub use self::role::{RoleCertificate, RoleConfiguration, RoleSetting};
use crate::xml::tree::Document;
use crate::xml::{ReadError, Reader};
use crate::{Base64Text, Error};

/// The namespace of the root and of all known elements.
const NAMESPACE: &str = "http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration";

/// The most names that an error lists.
const LISTED: usize = 20;

/// A service configuration, to be read, changed and sent again.
///
/// Whatever has no accessor here, such as the network configuration, is kept as it is;
/// [`write`](Self::write) shows it. `Debug` shows the roles only, because settings hold secrets.
///
/// # Example
///
/// Scale a role to five instances:
///
/// ```
/// use azure_classic_protocol::configuration::ServiceConfiguration;
/// use azure_classic_protocol::{ChangeDeploymentConfiguration, CloudServiceRef, Deployment, Error};
///
/// fn scale(deployment: &Deployment) -> Result<ChangeDeploymentConfiguration, Error> {
///     let present = deployment.configuration.as_ref().expect("absent only in the first seconds");
///     let release = CloudServiceRef::new("contoso").deployment(&deployment.name);
///
///     let mut configuration = ServiceConfiguration::read(present.as_str())?;
///     configuration.role_mut("Web")?.instances = 5;
///     Ok(release.change_configuration(configuration))
/// }
/// # let text = r#"<ServiceConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration"><Role name="Web"><Instances count="2"/></Role></ServiceConfiguration>"#;
/// # let deployment = Deployment { name: "a".into(), configuration: Some(text.into()), ..Deployment::default() };
/// # scale(&deployment)?;
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceConfiguration {
    /// With an empty element for each role.
    document: Document,
    roles: Vec<RoleConfiguration>,
}

impl ServiceConfiguration {
    /// Reads the text of a service configuration.
    ///
    /// A byte order mark is passed over. A declaration of another encoding, such as `utf-16`, is not
    /// believed: the text has been decoded already.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) when the text is not a service
    /// configuration, exceeds the default [`Limits`](crate::xml::Limits), or has a role without a
    /// name of its own or without a number of instances. The source names the place.
    pub fn read(text: &str) -> Result<Self, Error> {
        Self::parse(text).map_err(|error| {
            Error::invalid_because("the service configuration cannot be read", error)
        })
    }

    fn parse(text: &str) -> Result<Self, ReadError> {
        let reader = Reader::new().namespace(NAMESPACE);
        let mut document = Document::read(&reader, ROOT, text)?;
        let mut roles = Vec::new();
        let mut names = BTreeSet::new();
        for (index, element) in document.root.children_mut("Role").enumerate() {
            let here = |error: ReadError| error.inside("Role", Some(index + 1)).inside(ROOT, None);
            let role = RoleConfiguration::take(element).map_err(here)?;
            if !names.insert(role.name().to_owned()) {
                return Err(here(ReadError::element("another role has the same name")));
            }
            roles.push(role);
        }
        Ok(Self { document, roles })
    }

    /// Writes the text, without a byte order mark.
    ///
    /// What was not changed is written as it was read, but for a declaration of another encoding
    /// than UTF-8, which becomes one of UTF-8.
    pub fn write(&self) -> String {
        let mut document = self.document.clone();
        for (element, role) in document.root.children_mut("Role").zip(&self.roles) {
            *element = role.to_element();
        }
        document.write()
    }

    /// The name of the cloud service, as whoever wrote the configuration called it.
    pub fn service_name(&self) -> Option<&str> {
        self.document.root.attribute("serviceName")
    }

    /// The family of the guest operating system, such as `4`.
    pub fn os_family(&self) -> Option<&str> {
        self.document.root.attribute("osFamily")
    }

    /// The release of the guest operating system; `*` for the newest of the family, whenever one
    /// comes.
    pub fn os_version(&self) -> Option<&str> {
        self.document.root.attribute("osVersion")
    }

    /// The version of the schema, such as `2015-04.2.6`.
    pub fn schema_version(&self) -> Option<&str> {
        self.document.root.attribute("schemaVersion")
    }

    /// Asks for another family of the guest operating system.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for characters that XML cannot carry.
    pub fn set_os_family(&mut self, family: &str) -> Result<(), Error> {
        self.set("osFamily", family)
    }

    /// Asks for another release of the guest operating system; `*` for the newest.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for characters that XML cannot carry.
    pub fn set_os_version(&mut self, version: &str) -> Result<(), Error> {
        self.set("osVersion", version)
    }

    fn set(&mut self, attribute: &str, value: &str) -> Result<(), Error> {
        self.document.root.set_attribute(attribute, value).map_err(unwritable)
    }

    /// The roles, in the order of the document.
    pub fn roles(&self) -> &[RoleConfiguration] {
        &self.roles
    }

    /// The roles, to be changed.
    pub fn roles_mut(&mut self) -> &mut [RoleConfiguration] {
        &mut self.roles
    }

    /// The role of this name, which is compared with its case.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) when there is none; the error lists those
    /// that there are.
    pub fn role(&self, name: &str) -> Result<&RoleConfiguration, Error> {
        let role = self.roles.iter().find(|role| role.name() == name);
        role.ok_or_else(|| self.no_role(name))
    }

    /// The role of this name, to be changed.
    ///
    /// # Errors
    ///
    /// As [`role`](Self::role).
    pub fn role_mut(&mut self, name: &str) -> Result<&mut RoleConfiguration, Error> {
        match self.roles.iter().position(|role| role.name() == name) {
            Some(at) => Ok(&mut self.roles[at]),
            None => Err(self.no_role(name)),
        }
    }

    fn no_role(&self, name: &str) -> Error {
        let names = self.roles.iter().map(RoleConfiguration::name);
        absent("the service configuration", "role", name, names)
    }
}

/// The root's name.
const ROOT: &str = "ServiceConfiguration";

impl fmt::Debug for ServiceConfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceConfiguration").field("roles", &self.roles).finish_non_exhaustive()
    }
}

impl From<ServiceConfiguration> for Base64Text {
    fn from(configuration: ServiceConfiguration) -> Self {
        Self::new(configuration.write())
    }
}

impl From<&ServiceConfiguration> for Base64Text {
    fn from(configuration: &ServiceConfiguration) -> Self {
        Self::new(configuration.write())
    }
}

/// The error for a name that does not exist, with those that do.
fn absent<'n>(
    whose: &str,
    what: &str,
    name: &str,
    names: impl ExactSizeIterator<Item = &'n str>,
) -> Error {
    let count = names.len();
    let mut listed: Vec<String> = names.take(LISTED).map(shown).collect();
    if count > LISTED {
        listed.push(format!("{} more", count - LISTED));
    }
    let has = match listed.pop() {
        None => "none at all".to_owned(),
        Some(only) if listed.is_empty() => only,
        Some(last) => format!("{} and {last}", listed.join(", ")),
    };
    Error::invalid(format!("{whose} has no {what} {}; it has {has}", shown(name)))
}

/// A name fit to be printed.
fn shown(name: &str) -> String {
    format!("{:?}", name.chars().take(60).collect::<String>())
}

/// The error for a value that no configuration can hold; it does not repeat the value.
fn unwritable(error: crate::xml::WriteError) -> Error {
    Error::invalid_because("the value cannot stand in a service configuration", error)
}
