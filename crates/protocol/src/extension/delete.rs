use super::ExtensionRef;
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Deletes an extension, and its configuration with it, from a cloud service.
///
/// No deployment should refer to it any more; the effect otherwise is not documented. The private
/// configuration cannot be restored. The response is 200, or 202 with an operation to poll. Since 2013-03-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Delete Extension* (`rest-delete-extension`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let delete = CloudServiceRef::new("contoso").extension("RDP-1").delete();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteExtension {
    extension: ExtensionRef,
}

impl ExtensionRef {
    /// Deletes this extension, which no deployment should refer to.
    pub fn delete(&self) -> DeleteExtension {
        DeleteExtension { extension: self.clone() }
    }
}

impl Operation for DeleteExtension {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Delete Extension",
        method: Method::DELETE,
        route: "/services/hostedservices/{service}/extensions/{extension}",
        min_version: ApiVersion::V2013_03_01,
        docs_slug: "rest-delete-extension",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.extension.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CloudServiceRef;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &CloudServiceRef::new("contoso").extension("RDP-1").delete(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/extensions/RDP-1
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<DeleteExtension>();
    }

    #[test]
    fn hostile_names_are_refused() {
        let service = CloudServiceRef::new("contoso");
        for (id, why) in [
            ("", "the extension id is empty"),
            ("..", "the extension id \"..\" would change the path"),
            ("a/b", "the extension id \"a/b\" has '/'"),
            ("a%2Fb", "has '%'"),
        ] {
            golden::rejected(&service.extension(id).delete(), why);
        }
        golden::rejected(&CloudServiceRef::new("..").extension("a").delete(), "cloud service name");
    }
}
