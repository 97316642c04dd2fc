use super::{DeploymentRef, is_web_address};
use crate::{
    Accepted, ApiVersion, Error, Idempotency, Metadata, Method, Operation, RequestBuilder, Secret,
};

/// Copies the package (`.cspkg`) and the configuration (`.cscfg`) of a deployment into a blob
/// container.
///
/// The response contains neither. When the accepted operation has succeeded, both are blobs in the container.
/// Blobs of the same name are replaced, and their content is lost, only with [`overwrite`](Self::overwrite).
/// The platform must be able to reach the container. Since 2012-03-01.
///
/// Reference page: *Get Package* (`rest-get-package`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let copy = CloudServiceRef::new("contoso")
///     .deployment("release-42")
///     .get_package("https://contoso.blob.core.windows.net/archive")
///     .overwrite(true);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPackage {
    deployment: DeploymentRef,
    /// It may hold a signature that grants access.
    container_url: Secret,
    overwrite: Option<bool>,
}

impl DeploymentRef {
    /// Copies package and configuration into the container at this address.
    pub fn get_package(&self, container_url: impl Into<String>) -> GetPackage {
        GetPackage {
            deployment: self.clone(),
            container_url: Secret::new(container_url),
            overwrite: None,
        }
    }
}

impl GetPackage {
    /// Replaces blobs of the same name. Default false.
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = Some(overwrite);
        self
    }
}

impl Operation for GetPackage {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Get Package",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}/package",
        min_version: ApiVersion::V2012_03_01,
        docs_slug: "rest-get-package",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
        let container_url = self.container_url.expose();
        if !is_web_address(container_url) {
            request.reject(Error::invalid(
                "the container URL is not an absolute https or http address; give the address of a \
                 blob container",
            ));
        }
        request.query("containerUri", container_url);
        if let Some(overwrite) = self.overwrite {
            request.query("overwriteExisting", if overwrite { "true" } else { "false" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;
    use crate::{CloudServiceRef, Slot};

    #[test]
    fn request_by_slot() {
        golden::request(
            &CloudServiceRef::new("contoso")
                .slot(Slot::Production)
                .get_package("https://contoso.blob.core.windows.net/archive"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production/package?containerUri=https%3A%2F%2Fcontoso.blob.core.windows.net%2Farchive
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn request_by_name_encodes_a_signature_once() {
        let copy = CloudServiceRef::new("contoso")
            .deployment("release-42")
            .get_package("https://contoso.blob.core.windows.net/archive?sv=1&sig=a%2Bb")
            .overwrite(true);
        golden::request(
            &copy,
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/package?containerUri=https%3A%2F%2Fcontoso.blob.core.windows.net%2Farchive%3Fsv%3D1%26sig%3Da%252Bb&overwriteExisting=true
             x-ms-version: 2015-04-01",
        );
        assert!(!format!("{copy:?}").contains("sig="), "{copy:?}");
    }

    #[test]
    fn request_that_says_not_to_overwrite() {
        golden::request(
            &CloudServiceRef::new("contoso")
                .deployment("release-42")
                .get_package("https://contoso.blob.core.windows.net/archive")
                .overwrite(false),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/package?containerUri=https%3A%2F%2Fcontoso.blob.core.windows.net%2Farchive&overwriteExisting=false
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<GetPackage>();
    }

    #[test]
    fn what_is_no_address_is_refused_and_not_repeated() {
        let deployment = CloudServiceRef::new("contoso").deployment("release-42");
        for url in ["", "archive", "/archive?sig=x", "ftp://contoso.example/sig=x", "https://a b"] {
            golden::rejected(&deployment.get_package(url), "the container URL is not an absolute");
            let error = golden::endpoint().request(&deployment.get_package(url)).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("sig=x"), "{error:?}");
        }
    }
}
