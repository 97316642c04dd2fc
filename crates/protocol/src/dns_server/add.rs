use std::net::Ipv4Addr;

use super::{DnsServer, DnsServerRef};
use crate::{Accepted, ApiVersion, Body, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Adds a DNS server to a deployment, which sends name queries to it from then on.
///
/// Since 2014-06-01, by its family: the reference dates Update DNS Server only.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Add DNS Server* (`add-dns-server`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let release = CloudServiceRef::new("contoso").deployment("release-42");
/// let add = release.dns_server("internal").add([10, 0, 0, 4]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddDnsServer {
    server: DnsServerRef,
    body: DnsServer,
}

impl DnsServerRef {
    /// Adds a DNS server of this name, with this address.
    pub fn add(&self, address: impl Into<Ipv4Addr>) -> AddDnsServer {
        AddDnsServer { server: self.clone(), body: self.at(address.into()) }
    }
}

impl Operation for AddDnsServer {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Add DNS Server",
        method: Method::POST,
        route: "/services/hostedservices/{service}/deployments/{deployment}/dnsservers",
        min_version: ApiVersion::V2014_06_01,
        docs_slug: "add-dns-server",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.server.deployment.fill_name(request);
        request.check_name("name of the DNS server", &self.server.name);
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

    fn add(name: &str) -> AddDnsServer {
        let release = CloudServiceRef::new("contoso").deployment("release-42");
        release.dns_server(name).add([10, 0, 0, 4])
    }

    #[test]
    fn request() {
        golden::request(
            &add("internal"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/dnsservers
             x-ms-version: 2015-04-01
             content-type: application/xml

             <DnsServer xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Name>internal</Name>
               <Address>10.0.0.4</Address>
             </DnsServer>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<AddDnsServer>();
    }

    #[test]
    fn a_slot_and_hostile_names_are_refused() {
        let contoso = CloudServiceRef::new("contoso");
        golden::rejected(
            &contoso.slot(Slot::Staging).dns_server("internal").add([10, 0, 0, 4]),
            "the deployment is given by its slot, Staging, but this operation takes a name only",
        );
        golden::rejected(
            &contoso.deployment("..").dns_server("internal").add([10, 0, 0, 4]),
            "the deployment name \"..\" would change the path",
        );
        golden::rejected(&add(""), "the name of the DNS server is empty");
        golden::rejected(&add("a/b"), "the name of the DNS server \"a/b\" has '/'");
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2014_05_01);
        let error = older.request(&add("internal")).unwrap_err().to_string();
        assert!(error.contains("the operation needs x-ms-version 2014-06-01"), "{error}");
    }
}
