use std::fmt;
use std::mem;

use super::{absent, shown, unwritable};
use crate::Error;
use crate::xml::ReadError;
use crate::xml::tree::Element;

/// A role in a service configuration.
#[derive(Clone, PartialEq, Eq)]
pub struct RoleConfiguration {
    /// The configured number of instances.
    pub instances: u32,
    /// The text in the document, so that an unchanged count is not rewritten.
    instances_read: u32,
    element: Element,
}

/// A setting of a role.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RoleSetting<'c> {
    /// The name of the setting.
    pub name: &'c str,
    /// The value, which may be a secret: `Debug` does not show it.
    pub value: &'c str,
}

/// A certificate that a role uses; its cloud service must have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleCertificate<'c> {
    /// The name in the role.
    pub name: &'c str,
    /// The thumbprint, in hexadecimal digits.
    pub thumbprint: &'c str,
    /// The hash algorithm of the thumbprint, such as `sha1`.
    pub thumbprint_algorithm: &'c str,
}

impl RoleConfiguration {
    /// Takes an element out of the document, and leaves an empty one with the same name.
    pub(super) fn take(element: &mut Element) -> Result<Self, ReadError> {
        if element.attribute("name").is_none_or(str::is_empty) {
            return Err(ReadError::element("it has no name"));
        }
        let mut counts = element.children("Instances").map(|found| found.attribute("count"));
        let instances_read = match (counts.next().flatten(), counts.next()) {
            (Some(count), None) => count.trim_ascii().parse().map_err(|_| {
                ReadError::not_a(count, "a number of instances").inside("@count", None)
            }),
            (Some(_), Some(_)) => Err(ReadError::element("the element occurs twice")),
            (None, _) => Err(ReadError::element("the number of instances (count) is missing")),
        }
        .map_err(|error| error.inside("Instances", None))?;
        drop(counts);
        let stub = element.stub();
        let element = mem::replace(element, stub);
        Ok(Self { instances: instances_read, instances_read, element })
    }

    /// Returns the element with the changes.
    pub(super) fn to_element(&self) -> Element {
        let mut element = self.element.clone();
        if self.instances != self.instances_read {
            let instances = element.child_or_new("Instances");
            instances.set_number("count", self.instances);
        }
        element
    }

    /// Returns the name, which the service definition (`.csdef`) defines.
    pub fn name(&self) -> &str {
        self.element.attribute("name").unwrap_or_default()
    }

    /// Returns the settings, in the order of the document.
    pub fn settings(&self) -> impl Iterator<Item = RoleSetting<'_>> {
        self.items(SETTINGS).map(|item| RoleSetting {
            name: item.attribute("name").unwrap_or_default(),
            value: item.attribute("value").unwrap_or_default(),
        })
    }

    /// Returns the value of a setting, or `None` if the role does not have it.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings().find(|setting| setting.name == name).map(|setting| setting.value)
    }

    /// Changes the value of a setting.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the role does not have the setting (the error
    /// lists its settings), or for characters that XML does not allow. Nothing is changed then.
    pub fn set_setting(&mut self, name: &str, value: &str) -> Result<(), Error> {
        self.change(SETTINGS, name, &[("value", value)])
    }

    /// Adds a setting, which the service definition (`.csdef`) of the package must declare.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the role already has the setting, or for
    /// characters that XML does not allow. Nothing is changed then.
    pub fn add_setting(&mut self, name: &str, value: &str) -> Result<(), Error> {
        self.add(SETTINGS, name, &[("value", value)])
    }

    /// Removes a setting, and returns whether it existed.
    pub fn remove_setting(&mut self, name: &str) -> bool {
        self.remove(SETTINGS, name)
    }

    /// Returns the certificates, in the order of the document.
    pub fn certificates(&self) -> impl Iterator<Item = RoleCertificate<'_>> {
        self.items(CERTIFICATES).map(|item| RoleCertificate {
            name: item.attribute("name").unwrap_or_default(),
            thumbprint: item.attribute("thumbprint").unwrap_or_default(),
            thumbprint_algorithm: item.attribute("thumbprintAlgorithm").unwrap_or_default(),
        })
    }

    /// Replaces the certificate with this name, by its SHA-1 thumbprint.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the role does not have the certificate (the error
    /// lists its certificates), or for characters that XML does not allow. Nothing is changed then.
    pub fn set_certificate(&mut self, name: &str, thumbprint: &str) -> Result<(), Error> {
        self.change(CERTIFICATES, name, &sha1(thumbprint))
    }

    /// Adds a certificate, by its SHA-1 thumbprint; the service definition (`.csdef`) of the package must
    /// declare it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) if the role already has the certificate, or for
    /// characters that XML does not allow. Nothing is changed then.
    pub fn add_certificate(&mut self, name: &str, thumbprint: &str) -> Result<(), Error> {
        self.add(CERTIFICATES, name, &sha1(thumbprint))
    }

    /// Removes a certificate, and returns whether it existed.
    pub fn remove_certificate(&mut self, name: &str) -> bool {
        self.remove(CERTIFICATES, name)
    }

    fn items(&self, list: List) -> impl Iterator<Item = &Element> {
        self.element.children(list.element).flat_map(move |found| found.children(list.item))
    }

    fn change(&mut self, list: List, name: &str, attributes: Attributes<'_>) -> Result<(), Error> {
        let names: Vec<&str> =
            self.items(list).map(|item| item.attribute("name").unwrap_or_default()).collect();
        if !names.contains(&name) {
            let whose = format!("the role {}", shown(self.name()));
            return Err(absent(&whose, list.what, name, names.into_iter()));
        }
        // Change a copy, so that an invalid value changes nothing.
        let mut element = self.element.clone();
        for found in element.children_mut(list.element) {
            for item in found.children_mut(list.item) {
                if item.attribute("name") == Some(name) {
                    set_all(item, attributes)?;
                }
            }
        }
        self.element = element;
        Ok(())
    }

    fn add(&mut self, list: List, name: &str, attributes: Attributes<'_>) -> Result<(), Error> {
        if self.items(list).any(|item| item.attribute("name") == Some(name)) {
            return Err(Error::invalid(format!(
                "the role {} already has the {} {}; change it instead",
                shown(self.name()),
                list.what,
                shown(name)
            )));
        }
        // Change a copy, so that an invalid value changes nothing.
        let mut element = self.element.clone();
        let found = element.child_or_new(list.element);
        // Use the prefix of the list: that of the role may have another meaning there.
        let mut item = found.empty(list.item);
        set_all(&mut item, &[("name", name)])?;
        set_all(&mut item, attributes)?;
        found.push(item);
        self.element = element;
        Ok(())
    }

    fn remove(&mut self, list: List, name: &str) -> bool {
        let is_meant = |item: &Element| item.is(list.item) && item.attribute("name") == Some(name);
        let lists = self.element.children_mut(list.element);
        lists.map(|found| found.remove(is_meant)).sum::<usize>() > 0
    }
}

/// The parent element of named items.
#[derive(Clone, Copy)]
struct List {
    element: &'static str,
    item: &'static str,
    /// The kind of the items, for errors.
    what: &'static str,
}

const SETTINGS: List = List { element: "ConfigurationSettings", item: "Setting", what: "setting" };
const CERTIFICATES: List =
    List { element: "Certificates", item: "Certificate", what: "certificate" };

type Attributes<'a> = &'a [(&'static str, &'a str)];

fn sha1(thumbprint: &str) -> [(&'static str, &str); 2] {
    [("thumbprint", thumbprint), ("thumbprintAlgorithm", "sha1")]
}

fn set_all(item: &mut Element, attributes: Attributes<'_>) -> Result<(), Error> {
    attributes
        .iter()
        .try_for_each(|(name, value)| item.set_attribute(name, value))
        .map_err(unwritable)
}

impl fmt::Debug for RoleConfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoleConfiguration")
            .field("name", &self.name())
            .field("instances", &self.instances)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RoleSetting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setting").field("name", &self.name).finish_non_exhaustive()
    }
}
