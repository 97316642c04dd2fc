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

/// Names a DNS server of a deployment.
///
/// Made by [`DeploymentRef::dns_server`]. A name consists of letters, digits, `-`, `_` and `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DnsServerRef {
    deployment: DeploymentRef,
    name: String,
}

impl DeploymentRef {
    /// The DNS server of this name. The deployment must be given by its name, not by its slot.
    pub fn dns_server(&self, name: impl Into<String>) -> DnsServerRef {
        DnsServerRef { deployment: self.clone(), name: name.into() }
    }
}

impl DnsServerRef {
    /// The deployment that it belongs to.
    pub fn deployment(&self) -> &DeploymentRef {
        &self.deployment
    }

    /// The name.
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

/// What a request says of a DNS server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct DnsServer {
    name: String,
    address: String,
}
