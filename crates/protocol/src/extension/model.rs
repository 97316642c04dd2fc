use serde::{Deserialize, Serialize};

use crate::xml::or_default;
use crate::{Base64Text, Model};

/// The extensions of a cloud service; none is an empty list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Extensions(pub Vec<Extension>);

impl Model for Extensions {}

/// An extension that was added to a cloud service. The service never returns its private configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Extension {
    /// Who provides it: `Microsoft.Windows.Azure.Extensions` for those of Microsoft.
    #[serde(default)]
    pub provider_name_space: String,
    /// Its type: `RDP`, `ADDomain`, `Diagnostics`, …
    #[serde(rename = "Type", default)]
    pub extension_type: String,
    /// The id that it was added with, and that deployments refer to.
    pub id: String,
    /// The requested version: a number such as `1.0`, `1.*` or `*`.
    pub version: Option<String>,
    /// The certificate that encrypts the private configuration.
    pub thumbprint: Option<String>,
    /// How the thumbprint was made, such as `sha1`.
    pub thumbprint_algorithm: Option<String>,
    /// The configuration, XML or JSON.
    pub public_configuration: Option<Base64Text>,
    /// Whether its configuration is JSON and not XML; the service drops a false. Since 2014-06-01.
    #[serde(default, deserialize_with = "or_default")]
    pub is_json_extension: bool,
    /// Whether it stays in its major version; the service drops a false. By its name: the text of the
    /// reference reads like the opposite. Since 2014-06-01.
    #[serde(default, deserialize_with = "or_default")]
    pub disallow_major_version_upgrade: bool,
}

impl Model for Extension {}
