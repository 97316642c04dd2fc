use super::ReservedIpRef;
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Gives a reserved IP up; its address cannot be got back.
///
/// No deployment should use it; what happens otherwise is not documented here. Since 2014-05-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Delete Reserved IP Address* (`delete-reserved-ip-address`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ReservedIpRef;
///
/// let delete = ReservedIpRef::new("shop").delete();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteReservedIpAddress {
    reserved_ip: ReservedIpRef,
}

impl ReservedIpRef {
    /// Gives this reserved IP up, which no deployment should use.
    pub fn delete(&self) -> DeleteReservedIpAddress {
        DeleteReservedIpAddress { reserved_ip: self.clone() }
    }
}

impl Operation for DeleteReservedIpAddress {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Delete Reserved IP Address",
        method: Method::DELETE,
        route: "/services/networking/reservedips/{reserved-ip}",
        min_version: ApiVersion::V2014_05_01,
        docs_slug: "delete-reserved-ip-address",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.reserved_ip.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ReservedIpRef::new("shop").delete(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/networking/reservedips/shop
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<DeleteReservedIpAddress>();
    }

    #[test]
    fn hostile_names_are_refused() {
        golden::rejected(&ReservedIpRef::new("").delete(), "the name of the reserved IP is empty");
        golden::rejected(&ReservedIpRef::new("a?b").delete(), "\"a?b\" has '?'");
    }
}
