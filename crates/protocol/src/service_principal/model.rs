use serde::{Deserialize, Serialize};

use crate::{ExtendedProperty, Model};

/// The service principals of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ServicePrincipals(pub Vec<ServicePrincipal>);

impl Model for ServicePrincipals {}

/// A service principal of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ServicePrincipal {
    /// Names it; a GUID in recorded calls.
    pub service_principal_id: String,
    /// For people.
    pub description: Option<String>,
    /// Names and values. Known from the client library only.
    #[serde(default)]
    pub extended_properties: Vec<ExtendedProperty>,
}

impl Model for ServicePrincipal {}
