use serde::{Deserialize, Serialize};

use crate::Base64Text;
use crate::xml;

/// A version of a guest operating system.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OperatingSystem {
    /// The `osVersion` in a configuration: `WA-GUEST-OS-4.42_201704-01`.
    pub version: String,
    /// For people.
    #[serde(default)]
    pub label: Base64Text,
    /// Whether new deployments get it unless they name another.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub is_default: Option<bool>,
    /// Whether a deployment may still name it.
    #[serde(default, deserialize_with = "xml::lenient")]
    pub is_active: Option<bool>,
    /// The number that `osFamily` of a configuration names the family by. Since 2010-10-28. Absent
    /// inside a family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// The family, for people. Since 2010-10-28. Absent inside a family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_label: Option<Base64Text>,
}
