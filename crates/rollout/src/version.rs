//! The version that a deployment runs, as far as the service reports it.

use std::collections::BTreeMap;
use std::fmt;

use azure_classic_protocol::configuration::ServiceConfiguration;
use azure_classic_protocol::{Base64Text, Deployment};
use serde::{Deserialize, Serialize};

/// A version of a deployment: its label and its service configuration. The service reports nothing about the
/// package.
///
/// The configuration contains settings, which may be secrets: protect a stored version like a `.cscfg` file.
/// `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The label of the deployment.
    pub label: Base64Text,
    /// The complete service configuration.
    pub configuration: Base64Text,
}

impl Version {
    /// The version in a reading; `None` if the reading has no configuration.
    pub fn of(deployment: &Deployment) -> Option<Self> {
        let configuration = deployment.configuration.clone()?;
        Some(Self { label: deployment.label.clone(), configuration })
    }

    /// Whether the deployment reports exactly this version, which was read from it before.
    pub(crate) fn was_read_from(&self, deployment: &Deployment) -> bool {
        self.label == deployment.label
            && deployment.configuration.as_ref() == Some(&self.configuration)
    }

    /// Whether the deployment reports this version, which was sent to it and may return in another form.
    pub(crate) fn is_meant_by(&self, deployment: &Deployment) -> bool {
        self.label == deployment.label
            && deployment
                .configuration
                .as_ref()
                .is_some_and(|read| means_the_same(self.configuration.as_str(), read.as_str()))
    }
}

impl Version {
    /// Whether the deployment runs this version except for instances that were deleted since: label and
    /// settings are equal, and no role has more instances.
    pub(crate) fn has_fewer_instances_in(&self, deployment: &Deployment) -> bool {
        let Some(read) = deployment.configuration.as_ref() else { return false };
        if self.label != deployment.label {
            return false;
        }
        let parsed = ServiceConfiguration::read(self.configuration.as_str())
            .and_then(|own| Ok((own, ServiceConfiguration::read(read.as_str())?)));
        let Ok((own, read)) = parsed else { return false };
        let is_fewer = own.roles().iter().all(|own| {
            let read = read.role(own.name()).map_or(u32::MAX, |read| read.instances);
            read == own.instances || (1..own.instances).contains(&read)
        });
        is_fewer && own.roles().len() == read.roles().len() && settings(&own) == settings(&read)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Version").field("label", &self.label).finish_non_exhaustive()
    }
}

/// Whether two service configurations are equivalent. The service does not return a configuration unchanged:
/// line ends change, and perhaps more.
pub(crate) fn means_the_same(one: &str, other: &str) -> bool {
    let without_returns = |text: &str| text.bytes().filter(|byte| *byte != b'\r').collect();
    let same_text = one == other || {
        let (one, other): (Vec<u8>, Vec<u8>) = (without_returns(one), without_returns(other));
        one == other
    };
    same_text
        || match (ServiceConfiguration::read(one), ServiceConfiguration::read(other)) {
            (Ok(one), Ok(other)) => facts(&one) == facts(&other),
            _ => false,
        }
}

/// The content of a configuration without its layout: names are sorted, values are texts.
fn facts(configuration: &ServiceConfiguration) -> BTreeMap<(&str, &str, &str), String> {
    let mut facts = settings(configuration);
    for role in configuration.roles() {
        facts.insert((role.name(), "instances", ""), role.instances.to_string());
    }
    facts
}

/// The same without the instance counts.
fn settings(configuration: &ServiceConfiguration) -> BTreeMap<(&str, &str, &str), String> {
    let mut facts = BTreeMap::new();
    let os_family = configuration.os_family().unwrap_or_default();
    let os_version = configuration.os_version().unwrap_or("*");
    facts.insert(("", "osFamily", ""), os_family.to_owned());
    facts.insert(("", "osVersion", ""), os_version.to_owned());
    for role in configuration.roles() {
        for setting in role.settings() {
            facts.insert((role.name(), "setting", setting.name), setting.value.to_owned());
        }
        for certificate in role.certificates() {
            let thumbprint = certificate.thumbprint.to_ascii_uppercase();
            facts.insert((role.name(), "certificate", certificate.name), thumbprint);
        }
    }
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cscfg(attributes: &str, roles: &str) -> String {
        format!(
            "<ServiceConfiguration {attributes} xmlns=\"http://schemas.microsoft.com/ServiceHosting/2008/10/ServiceConfiguration\">{roles}</ServiceConfiguration>"
        )
    }

    const WEB: &str = r#"<Role name="Web"><Instances count="2"/><ConfigurationSettings><Setting name="Key" value="1"/><Setting name="Mode" value="a"/></ConfigurationSettings><Certificates><Certificate name="ssl" thumbprint="ABCD" thumbprintAlgorithm="sha1"/></Certificates></Role>"#;

    #[test]
    fn layout_order_and_defaults_do_not_matter() {
        let plain = cscfg("osFamily=\"4\" osVersion=\"*\"", WEB);
        let other = cscfg(
            "serviceName='x' osFamily='4'",
            "\r\n  <Role name='Web'>\r\n    <Instances count=\" 2 \" />\r\n    <ConfigurationSettings>\
             <Setting value='a' name='Mode' /><Setting name='Key' value='1' /></ConfigurationSettings>\
             <Certificates><Certificate name='ssl' thumbprint='abcd' thumbprintAlgorithm='sha1'/></Certificates></Role>\r\n",
        );
        assert!(means_the_same(&plain, &other));
        assert!(means_the_same("no xml\r\nat all", "no xml\nat all"));
    }

    #[test]
    fn values_counts_and_names_do() {
        let plain = cscfg("osFamily=\"4\"", WEB);
        for (from, to) in [
            ("count=\"2\"", "count=\"3\""),
            ("value=\"1\"", "value=\"2\""),
            ("name=\"Key\"", "name=\"Kez\""),
            ("ABCD", "ABCE"),
            ("name=\"Web\"", "name=\"Wep\""),
            ("osFamily=\"4\"", "osFamily=\"5\""),
        ] {
            assert!(!means_the_same(&plain, &plain.replace(from, to)), "{to}");
        }
        assert!(!means_the_same("a", "b"));
    }

    #[test]
    fn debug_does_not_show_the_configuration() {
        let version = Version { label: "v2".into(), configuration: "secret".into() };
        assert_eq!(format!("{version:?}"), r#"Version { label: "v2", .. }"#);
    }
}
