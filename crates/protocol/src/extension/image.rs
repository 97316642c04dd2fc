use serde::{Deserialize, Serialize};

use crate::xml;
use crate::{Base64Text, DateTime, Model};

/// Extensions that can be added to cloud services, or the versions of one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExtensionImages(pub Vec<ExtensionImage>);

impl Model for ExtensionImages {}

/// An extension that can be added to cloud services, in one version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ExtensionImage {
    /// Who provides it. Pass it on as it is: it has been seen in two spellings.
    #[serde(default)]
    pub provider_name_space: String,
    /// Its type: `RDP`, `ADDomain`, `Diagnostics`, …
    #[serde(rename = "Type")]
    pub extension_type: String,
    /// Its version, such as `1.0`.
    #[serde(default)]
    pub version: String,
    /// For people; plain text here, unlike other labels.
    pub label: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// The kinds of role that it is for: `WebRole`, `WorkerRole`, or both as `WebRole|WorkerRole`.
    pub hosting_resources: Option<String>,
    /// The hash algorithm of thumbprints, such as `sha1`.
    pub thumbprint_algorithm: Option<String>,
    /// The schema of its public configuration.
    pub public_configuration_schema: Option<Base64Text>,
    /// The schema of its private configuration.
    pub private_configuration_schema: Option<Base64Text>,
    /// Whether a role fails with it. Undocumented.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub block_role_upon_failure: Option<bool>,
    /// An example of a configuration. Since 2013-11-01.
    pub sample_config: Option<Base64Text>,
    /// Whether it can be used in all regions. Since 2014-04-01.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub replication_completed: Option<bool>,
    /// The address of its licence. Since 2014-04-01.
    pub eula: Option<String>,
    /// The address of its statement on privacy. Since 2014-04-01.
    pub privacy_uri: Option<String>,
    /// Its home page. Since 2014-04-01.
    pub homepage_uri: Option<String>,
    /// Whether its configuration is JSON and not XML; the service drops a false. Since 2014-04-01.
    #[serde(default, deserialize_with = "xml::or_default")]
    pub is_json_extension: bool,
    /// Whether it is the platform's own. Undocumented.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub is_internal_extension: Option<bool>,
    /// The operating systems that it runs on. Since 2014-06-01.
    #[serde(rename = "SupportedOS")]
    pub supported_os: Option<String>,
    /// Who made it. Since 2014-06-01.
    pub company_name: Option<String>,
    /// When it was published. Since 2014-06-01.
    pub published_date: Option<DateTime>,
    /// Whether it stays in its major version. Undocumented here.
    #[serde(default, deserialize_with = "xml::or_default")]
    pub disallow_major_version_upgrade: bool,
    /// Undocumented.
    pub regions: Option<String>,
    /// The package behind it; for publishers. Undocumented.
    pub media_link: Option<String>,
    /// For publishers. Undocumented.
    pub publisher_name: Option<String>,
    /// The certificate that it wants; for publishers. Undocumented.
    pub certificate: Option<ExtensionCertificate>,
    /// The endpoints that it opens; for publishers. Undocumented.
    pub endpoints: Option<ExtensionEndpoints>,
    /// The local storage that it wants; for publishers. Undocumented.
    #[serde(default)]
    pub local_resources: Vec<LocalResource>,
}

/// The certificate that an extension wants. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Certificate", rename_all = "PascalCase")]
pub struct ExtensionCertificate {
    /// Whose store it goes to.
    pub store_location: Option<String>,
    /// The store.
    pub store_name: Option<String>,
    /// Whether one must be named when the extension is added.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub thumbprint_required: Option<bool>,
    /// The hash algorithm of its thumbprint.
    pub thumbprint_algorithm: Option<String>,
}

/// The endpoints that an extension opens. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "Endpoints", rename_all = "PascalCase")]
pub struct ExtensionEndpoints {
    /// Reachable from outside, balanced over the instances.
    #[serde(default)]
    pub input_endpoints: Vec<ExtensionInputEndpoint>,
    /// Reachable from within the deployment.
    #[serde(default)]
    pub internal_endpoints: Vec<InternalEndpoint>,
    /// Reachable from outside, a port for each instance.
    #[serde(default)]
    pub instance_input_endpoints: Vec<InstanceInputEndpoint>,
}

/// An endpoint of an extension that is reachable from outside. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename = "InputEndpoint", rename_all = "PascalCase")]
pub struct ExtensionInputEndpoint {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its protocol.
    pub protocol: Option<String>,
    /// The port outside.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub port: Option<u16>,
    /// The port in the instance; may be `*`.
    pub local_port: Option<String>,
}

/// An endpoint of an extension that is reachable from within the deployment. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct InternalEndpoint {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its protocol.
    pub protocol: Option<String>,
    /// The port.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub port: Option<u16>,
}

/// An endpoint of an extension with a port for each instance. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct InstanceInputEndpoint {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its protocol.
    pub protocol: Option<String>,
    /// The port in the instance; may be `*`.
    pub local_port: Option<String>,
    /// The first of the ports outside.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub fixed_port_min: Option<u16>,
    /// The last of the ports outside.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub fixed_port_max: Option<u16>,
}

/// Local storage that an extension wants. Undocumented.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LocalResource {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its size, in MB.
    #[serde(rename = "SizeInMB")]
    #[serde(default, deserialize_with = "xml::lenient")]
    pub size_in_mb: Option<u32>,
}
