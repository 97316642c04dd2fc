use serde::{Deserialize, Serialize};

use crate::Model;
use crate::xml;

/// Whether a name is available (`AvailabilityResponse` on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "AvailabilityResponse", rename_all = "PascalCase")]
pub struct NameAvailability {
    /// True if the name is available.
    #[serde(rename = "Result", deserialize_with = "xml::or_default")]
    pub is_available: bool,
    /// Why it is not: a code such as `HostedServiceAlreadyExists` or `HostedServiceNameNotValid`, or a
    /// sentence. Since 2013-03-01.
    pub reason: Option<String>,
}

impl Model for NameAvailability {}
