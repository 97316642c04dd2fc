use std::net::Ipv4Addr;

use super::{DnsServer, DnsServerRef};
use crate::{Accepted, ApiVersion, Body, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Gives a DNS server of a deployment another address; its name stays.
///
/// Since 2014-06-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Update DNS Server* (`update-dns-server`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let release = CloudServiceRef::new("contoso").deployment("release-42");
/// let update = release.dns_server("internal").update([10, 0, 0, 5]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateDnsServer {
    server: DnsServerRef,
    body: DnsServer,
}

impl DnsServerRef {
    /// Gives this DNS server another address.
    pub fn update(&self, address: impl Into<Ipv4Addr>) -> UpdateDnsServer {
        UpdateDnsServer { server: self.clone(), body: self.at(address.into()) }
    }
}

impl Operation for UpdateDnsServer {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Update DNS Server",
        method: Method::PUT,
        route: "/services/hostedservices/{service}/deployments/{deployment}/dnsservers/{dns-server}",
        min_version: ApiVersion::V2014_06_01,
        docs_slug: "update-dns-server",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.server.fill(request);
    }

    fn body(&self) -> Body {
        Body::xml(&self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;
    use crate::{CloudServiceRef, Slot};

    #[test]
    fn request() {
        let release = CloudServiceRef::new("contoso").deployment("release-42");
        golden::request(
            &release.dns_server("internal").update([10, 0, 0, 5]),
            "PUT /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/dnsservers/internal
             x-ms-version: 2015-04-01
             content-type: application/xml

             <DnsServer xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Name>internal</Name>
               <Address>10.0.0.5</Address>
             </DnsServer>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<UpdateDnsServer>();
    }

    #[test]
    fn a_slot_and_hostile_names_are_refused() {
        let contoso = CloudServiceRef::new("contoso");
        golden::rejected(
            &contoso.slot(Slot::Production).dns_server("internal").update([10, 0, 0, 5]),
            "the deployment is given by its slot, Production",
        );
        golden::rejected(
            &contoso.deployment("release-42").dns_server("..").update([10, 0, 0, 5]),
            "the name of the DNS server \"..\" would change the path",
        );
        golden::rejected(
            &CloudServiceRef::new("-").deployment("a").dns_server("a").update([10, 0, 0, 5]),
            "cloud service name",
        );
    }
}
