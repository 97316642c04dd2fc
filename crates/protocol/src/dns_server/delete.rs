use super::DnsServerRef;
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Deletes a DNS server from a deployment, which sends it no further queries.
///
/// Since 2014-06-01, by its family: the reference dates Update DNS Server only.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Delete DNS Server* (`delete-dns-server`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let release = CloudServiceRef::new("contoso").deployment("release-42");
/// let delete = release.dns_server("internal").delete();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteDnsServer {
    server: DnsServerRef,
}

impl DnsServerRef {
    /// Deletes this DNS server.
    pub fn delete(&self) -> DeleteDnsServer {
        DeleteDnsServer { server: self.clone() }
    }
}

impl Operation for DeleteDnsServer {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Delete DNS Server",
        method: Method::DELETE,
        route: "/services/hostedservices/{service}/deployments/{deployment}/dnsservers/{dns-server}",
        min_version: ApiVersion::V2014_06_01,
        docs_slug: "delete-dns-server",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.server.fill(request);
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
            &release.dns_server("internal").delete(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/dnsservers/internal
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<DeleteDnsServer>();
    }

    #[test]
    fn a_slot_and_hostile_names_are_refused() {
        let contoso = CloudServiceRef::new("contoso");
        golden::rejected(
            &contoso.slot(Slot::Production).dns_server("internal").delete(),
            "the deployment is given by its slot, Production",
        );
        golden::rejected(
            &contoso.deployment("a%2Fb").dns_server("internal").delete(),
            "the deployment name \"a%2Fb\" has '%'",
        );
        golden::rejected(&contoso.deployment("a").dns_server("").delete(), "is empty");
    }
}
