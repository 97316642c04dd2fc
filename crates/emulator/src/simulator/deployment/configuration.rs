//! The service configuration (`.cscfg`): which roles there are, and how many instances of each.

pub(super) mod network;
mod rewrite;

use std::collections::HashSet;
use std::fmt::Display;

use roxmltree::Node;
use serde::{Deserialize, Serialize};

use self::network::Network;
use crate::simulator::api_error::ApiError;
use crate::simulator::contract::parse;
use crate::simulator::operating_system::newest_release;
use crate::simulator::service_certificate::SHA1;
use crate::simulator::values;

const SERVICE_CONFIGURATION: &str =
    "http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration";

/// More instances than any settings allow: what a limit once let in can be read under any other.
const MAX_INSTANCES: u32 = u32::MAX / 2;

/// Written down as the document alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Configuration {
    /// The document as the service gives it back: with plain line feeds.
    pub(crate) text: String,
    pub(crate) roles: Vec<RoleSettings>,
    /// The guest OS release that it names, or the newest of its family; empty if there is none.
    pub(crate) os_version: String,
    pub(crate) network: Network,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoleSettings {
    pub(crate) name: String,
    /// What the names of its machines begin with.
    pub(crate) machine_name: Option<String>,
    pub(crate) instances: u32,
    /// The thumbprints of the certificates that it names, in the case in which it does.
    pub(crate) certificates: Vec<String>,
}

impl Configuration {
    pub(crate) fn uses_certificate(&self, thumbprint: &str) -> bool {
        self.roles
            .iter()
            .any(|role| role.certificates.iter().any(|own| own.eq_ignore_ascii_case(thumbprint)))
    }

    /// What the names of a role's machines begin with.
    pub(crate) fn machine_name(&self, role: &str) -> Option<&str> {
        let settings = self.roles.iter().find(|settings| settings.name == role)?;
        settings.machine_name.as_deref()
    }

    pub(crate) fn role_names(&self) -> Vec<&str> {
        self.roles.iter().map(|role| role.name.as_str()).collect()
    }

    /// How many instances there are of all roles.
    pub(crate) fn instances(&self) -> u32 {
        self.roles.iter().fold(0, |sum, role| sum.saturating_add(role.instances))
    }

    pub(crate) fn check_instances(&self, most: u32) -> Result<(), ApiError> {
        check_total(self.instances(), most)
    }

    /// Reads the bytes that were inside the base64.
    ///
    /// A request is read here and a saved state too, so that what the one accepts the other opens.
    /// Reading the text that is kept once more makes the same again.
    pub(crate) fn parse(bytes: &[u8], most_instances: u32) -> Result<Self, ApiError> {
        if [b"\xef\xbb\xbf".as_slice(), b"\xff\xfe", b"\xfe\xff"]
            .iter()
            .any(|mark| bytes.starts_with(mark))
        {
            return Err(invalid("it begins with a byte order mark"));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| invalid(format!("it is not UTF-8: {error}")))?;
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let document = parse(text.as_bytes()).map_err(invalid)?;
        let root = document.root_element();
        if !root.has_tag_name((SERVICE_CONFIGURATION, "ServiceConfiguration")) {
            return Err(invalid(format!(
                "its root is not ServiceConfiguration in {SERVICE_CONFIGURATION}"
            )));
        }
        let roles = roles(root, most_instances)?;
        let names: Vec<_> = roles.iter().map(|role| role.name.as_str()).collect();
        let network =
            Network::parse(child(root, "NetworkConfiguration"), &names).map_err(invalid)?;
        let os_version = match root.attribute("osVersion") {
            None | Some("" | "*") => newest_release(root.attribute("osFamily").unwrap_or("1")),
            Some(version) => version.to_owned(),
        };
        drop(document);
        Ok(Self { text, roles, os_version, network })
    }
}

impl TryFrom<String> for Configuration {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(text.as_bytes(), MAX_INSTANCES).map_err(|error| error.body().message)
    }
}

impl From<Configuration> for String {
    fn from(configuration: Configuration) -> Self {
        configuration.text
    }
}

fn roles(root: Node<'_, '_>, most_instances: u32) -> Result<Vec<RoleSettings>, ApiError> {
    let mut roles = Vec::new();
    let mut names = HashSet::new();
    let mut total = 0_u32;
    for role in root.children().filter(|node| node.has_tag_name((SERVICE_CONFIGURATION, "Role"))) {
        let name = role.attribute("name").unwrap_or_default();
        if !is_valid_role_name(name) {
            return Err(invalid("a Role has no usable name"));
        }
        if !names.insert(name) {
            return Err(invalid(format!("the role {name} is given twice")));
        }
        let instances = child(role, "Instances")
            .and_then(|node| node.attribute("count"))
            .and_then(|count| count.trim().parse().ok())
            .filter(|count| *count >= 1)
            .ok_or_else(|| {
                invalid(format!("the role {name} has no instance count of 1 or more"))
            })?;
        total = total.saturating_add(instances);
        let certificates = certificates(role).map_err(|of| {
            invalid(format!(
                "the certificate '{of}' of the role {name} has no thumbprint of 40 hexadecimal \
                 digits by sha1"
            ))
        })?;
        let machine_name = role.attribute("vmName").filter(|name| !name.is_empty());
        if machine_name.is_some_and(|name| !is_valid_machine_name(name)) {
            return Err(invalid(format!(
                "the vmName of the role {name} is not a letter and at most nine more letters, digits \
                 and hyphens"
            )));
        }
        roles.push(RoleSettings {
            name: name.to_owned(),
            machine_name: machine_name.map(str::to_owned),
            instances,
            certificates,
        });
    }
    if roles.is_empty() {
        return Err(invalid("it has no Role"));
    }
    check_total(total, most_instances)?;
    Ok(roles)
}

fn check_total(instances: u32, most: u32) -> Result<(), ApiError> {
    if instances > most {
        return Err(invalid(format!(
            "it requests for {instances} instances, and at most {most} are possible"
        )));
    }
    Ok(())
}

fn invalid(why: impl Display) -> ApiError {
    ApiError::bad_request(format!("The service configuration is not valid: {why}."))
}

fn child<'a>(of: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    of.children().find(|node| node.has_tag_name((SERVICE_CONFIGURATION, name)))
}

/// The thumbprints of the certificates of a role; or the name of one that has none.
fn certificates(role: Node<'_, '_>) -> Result<Vec<String>, String> {
    let within = |name| move |node: &Node<'_, '_>| node.has_tag_name((SERVICE_CONFIGURATION, name));
    let lists = role.children().filter(within("Certificates"));
    lists
        .flat_map(|list| list.children().filter(within("Certificate")))
        .map(|certificate| {
            let algorithm = certificate.attribute("thumbprintAlgorithm").unwrap_or(SHA1);
            let thumbprint = certificate.attribute("thumbprint").unwrap_or_default();
            values::thumbprint(thumbprint)
                .ok()
                .filter(|_| algorithm.eq_ignore_ascii_case(SHA1))
                .map(|_| thumbprint.trim().to_owned())
                .ok_or_else(|| certificate.attribute("name").unwrap_or_default().to_owned())
        })
        .collect()
}

fn is_valid_machine_name(name: &str) -> bool {
    name.len() <= 10
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_valid_role_name(name: &str) -> bool {
    (1..=128).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cscfg(roles: &str) -> String {
        format!(
            "<ServiceConfiguration serviceName='x' xmlns='{SERVICE_CONFIGURATION}'>{roles}</ServiceConfiguration>"
        )
    }

    fn read(text: &str) -> Result<Configuration, ApiError> {
        Configuration::parse(text.as_bytes(), 100)
    }

    const WEB: &str = "<Role name='Web'><Instances count='3'/></Role>";

    #[test]
    fn parses_roles_and_counts_in_order() {
        let two = format!(
            "{WEB}<Role name='Batch'><Instances count=' 2 '/><ConfigurationSettings/></Role>"
        );
        let roles = read(&cscfg(&two)).unwrap().roles;
        let roles: Vec<_> = roles.iter().map(|role| (role.name.as_str(), role.instances)).collect();
        assert_eq!(roles, [("Web", 3), ("Batch", 2)]);
    }

    #[test]
    fn resolves_wildcard_os_version_in_its_family() {
        let read = |attributes: &str| {
            let text = cscfg(WEB).replace("serviceName='x'", attributes);
            read(&text).unwrap().os_version
        };
        assert_eq!(read("osFamily='4' osVersion='*'"), "WA-GUEST-OS-4.21_201506-01");
        assert_eq!(read("osFamily='2'"), "WA-GUEST-OS-2.40_201506-01");
        assert_eq!(read("osFamily='1' osVersion='*'"), "");
        assert_eq!(read("osFamily='5' osVersion='*'"), "");
        let named = "WA-GUEST-OS-4.39_201612-01";
        assert_eq!(read(&format!("osFamily='4' osVersion='{named}'")), named);
    }

    #[test]
    fn accepts_utf_16_declaration_over_utf_8_bytes() {
        let text = format!("<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n{}", cscfg(WEB));
        let read = read(&text).unwrap();
        assert_eq!(read.roles.len(), 1);
        assert!(read.text.contains("?>\n<Service"), "{}", read.text);
    }

    #[test]
    fn rejects_invalid_configurations_with_the_reason() {
        for (text, reason) in [
            (format!("\u{feff}{}", cscfg(WEB)), "byte order mark"),
            (String::new(), "not valid"),
            ("<html/>".to_owned(), "root"),
            (cscfg(WEB).replace("2008/10", "2008/11"), "root"),
            (cscfg(""), "no Role"),
            (cscfg("<Role><Instances count='1'/></Role>"), "no usable name"),
            (cscfg("<Role name='A'/>"), "instance count"),
            (cscfg("<Role name='A'><Instances count='0'/></Role>"), "instance count"),
            (cscfg("<Role name='A'><Instances count='-1'/></Role>"), "instance count"),
            (cscfg(&format!("{WEB}{WEB}")), "twice"),
            (cscfg(&WEB.replace("name=", "vmName='shop-server' name=")), "vmName of the role Web"),
            (cscfg(&WEB.replace("name=", "vmName='1st' name=")), "vmName of the role Web"),
            (cscfg("<Role name='A'><Instances count='101'/></Role>"), "at most 100"),
            (
                cscfg(
                    "<Role name='A'><Instances count='4294967295'/></Role><Role name='B'><Instances count='9'/></Role>",
                ),
                "at most 100",
            ),
        ] {
            let error = read(&text).unwrap_err().body().message;
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
