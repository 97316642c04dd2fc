//! Reserved IPs: public addresses that belong to the subscription and remain when deployments are deleted.

mod associate;
mod create;
mod delete;
mod disassociate;
mod get;
mod list;
mod model;

use serde::Serialize;

pub use self::associate::AssociateReservedIpAddress;
pub use self::create::CreateReservedIpAddress;
pub use self::delete::DeleteReservedIpAddress;
pub use self::disassociate::DisassociateReservedIpAddress;
pub use self::get::GetReservedIpAddress;
pub use self::list::ListReservedIpAddresses;
pub use self::model::{ReservedIp, ReservedIpState, ReservedIps};
use crate::{DeploymentRef, RequestBuilder};

/// Refers to a reserved IP of the subscription.
///
/// A name consists of letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReservedIpRef {
    name: String,
}

impl ReservedIpRef {
    /// Refers to the reserved IP with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Rejects a name that is invalid in an address.
    fn check(&self, request: &mut RequestBuilder) {
        request.check_name("name of the reserved IP", &self.name);
    }

    /// Fills the placeholder `{reserved-ip}`.
    fn fill(&self, request: &mut RequestBuilder) {
        request.segment("reserved-ip", "name of the reserved IP", &self.name);
    }
}

/// The body of a request for an association.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "ReservedIPAssociation")]
struct Association {
    #[serde(rename = "ServiceName")]
    service: String,
    #[serde(rename = "DeploymentName")]
    deployment: Option<String>,
    #[serde(rename = "VirtualIPName")]
    virtual_ip: Option<String>,
}

impl Association {
    fn with(deployment: &DeploymentRef) -> Self {
        Self {
            service: deployment.service().name().to_owned(),
            deployment: deployment.name().map(str::to_owned),
            virtual_ip: None,
        }
    }
}
