//! The service configuration (`.cscfg`): the instance count, settings and certificates of each role.
//!
//! The API transfers it as base64-encoded text, and always whole. [`ServiceConfiguration`] parses it, changes
//! it, and writes it with everything else unchanged: unknown elements and attributes, comments, order and
//! layout.

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

/// The maximal number of names in an error.
const LISTED: usize = 20;

/// A service configuration, for parsing, changing and sending.
///
/// Parts without an accessor, such as the network configuration, are kept; [`Display`](fmt::Display) shows
/// them. `Debug` shows only the roles, because settings contain secrets.
///
/// # Example
///
/// Scales a role to five instances:
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
    /// Parses the text of a service configuration.
    ///
    /// It skips a byte order mark. It ignores a declaration of another encoding, such as `utf-16`, because
    /// the text is already decoded.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the text is not a service configuration, exceeds
    /// the default [`Limits`](crate::xml::Limits), or has a role without a unique name or an instance count.
    /// The source names the place.
    pub fn read(text: &str) -> Result<Self, Error> {
        Self::parse(text).map_err(|error| {
            Error::invalid_because("cannot parse the service configuration", error)
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
    /// Unchanged parts are written as they were read, except for a declaration of another encoding, which
    /// becomes UTF-8.
    pub fn write(&self) -> String {
        let mut document = self.document.clone();
        for (element, role) in document.root.children_mut("Role").zip(&self.roles) {
            *element = role.to_element();
        }
        document.write()
    }

    /// Returns the name of the cloud service according to the author of the configuration.
    pub fn service_name(&self) -> Option<&str> {
        self.document.root.attribute("serviceName")
    }

    /// Returns the family of the guest OS, such as `4`.
    pub fn os_family(&self) -> Option<&str> {
        self.document.root.attribute("osFamily")
    }

    /// Returns the version of the guest OS; `*` for the newest of the family, including future ones.
    pub fn os_version(&self) -> Option<&str> {
        self.document.root.attribute("osVersion")
    }

    /// Returns the version of the schema, such as `2015-04.2.6`.
    pub fn schema_version(&self) -> Option<&str> {
        self.document.root.attribute("schemaVersion")
    }

    /// Sets the family of the guest OS.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for characters that XML does not allow.
    pub fn set_os_family(&mut self, family: &str) -> Result<(), Error> {
        self.set("osFamily", family)
    }

    /// Sets the version of the guest OS; `*` for the newest.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for characters that XML does not allow.
    pub fn set_os_version(&mut self, version: &str) -> Result<(), Error> {
        self.set("osVersion", version)
    }

    fn set(&mut self, attribute: &str, value: &str) -> Result<(), Error> {
        self.document.root.set_attribute(attribute, value).map_err(unwritable)
    }

    /// Returns the roles, in the order of the document.
    pub fn roles(&self) -> &[RoleConfiguration] {
        &self.roles
    }

    /// Returns the roles for changes.
    pub fn roles_mut(&mut self) -> &mut [RoleConfiguration] {
        &mut self.roles
    }

    /// Returns the role of this name, compared case-sensitively.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if there is none; the error lists the existing
    /// roles.
    pub fn role(&self, name: &str) -> Result<&RoleConfiguration, Error> {
        let role = self.roles.iter().find(|role| role.name() == name);
        role.ok_or_else(|| self.no_role(name))
    }

    /// Returns the role of this name for changes.
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

/// The name of the root.
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

/// The error for an unknown name, with the known ones.
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

/// Formats a name for display.
fn shown(name: &str) -> String {
    format!("{:?}", name.chars().take(60).collect::<String>())
}

/// The error for a value that no configuration can contain; it does not repeat the value.
fn unwritable(error: crate::xml::WriteError) -> Error {
    Error::invalid_because(
        "the value contains characters that are not allowed in a service configuration",
        error,
    )
}
