//! DNS servers of a deployment.

mod add;
mod delete;
mod update;

use std::net::Ipv4Addr;

use serde::Serialize;

pub use self::add::AddDnsServer;
pub use self::delete::DeleteDnsServer;
pub use self::update::UpdateDnsServer;
use crate::{DeploymentRef, RequestBuilder};

/// Refers to a DNS server of a deployment.
///
/// Created by [`DeploymentRef::dns_server`]. A name consists of letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DnsServerRef {
    deployment: DeploymentRef,
    name: String,
}

impl DeploymentRef {
    /// Refers to the DNS server of this name. The deployment must be given by its name, not by its slot.
    pub fn dns_server(&self, name: impl Into<String>) -> DnsServerRef {
        DnsServerRef { deployment: self.clone(), name: name.into() }
    }
}

impl DnsServerRef {
    /// Returns the deployment of the DNS server.
    pub fn deployment(&self) -> &DeploymentRef {
        &self.deployment
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Fills the placeholders `{service}`, `{deployment}` and `{dns-server}`.
    fn fill(&self, request: &mut RequestBuilder) {
        self.deployment.fill_name(request);
        request.segment("dns-server", "name of the DNS server", &self.name);
    }

    fn at(&self, address: Ipv4Addr) -> DnsServer {
        DnsServer { name: self.name.clone(), address: address.to_string() }
    }
}

/// The body of a request for a DNS server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct DnsServer {
    name: String,
    address: String,
}
