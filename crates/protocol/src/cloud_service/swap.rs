use serde::Serialize;

use super::CloudServiceRef;
use crate::{
    Accepted, ApiVersion, Body, Error, Idempotency, Metadata, Method, Operation, RequestBuilder,
};

/// Exchanges the addresses of the two deployments of a cloud service, and with them their slots.
///
/// The deployments keep their names, so a slot contains another deployment afterwards: use the name for more
/// than one call. Both service definitions must have the same number of endpoints. If the given names are not
/// those in the slots, the response is 409. A swap is not an update: it cannot be rolled back, but swapped
/// back. One client library rejects it for virtual machines. Since 2009-10-01.
///
/// When the accepted operation has succeeded, the slots are exchanged, and nothing more is to be waited
/// for.
///
/// Reference page: *Swap Deployment* (`rest-swap-deployment`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let contoso = CloudServiceRef::new("contoso");
/// let release = contoso.swap("release-41", "release-42");
/// let back = contoso.swap("release-42", "release-41");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "Swap", rename_all = "PascalCase")]
pub struct SwapDeployment {
    #[serde(skip)]
    service: CloudServiceRef,
    production: Option<String>,
    source_deployment: String,
}

impl CloudServiceRef {
    /// Exchanges the deployment that is in production with the one that is in staging, by their
    /// names.
    pub fn swap(
        &self,
        production: impl Into<String>,
        staging: impl Into<String>,
    ) -> SwapDeployment {
        SwapDeployment { production: Some(production.into()), ..self.promote(staging) }
    }

    /// Moves the deployment that is in staging, by its name, into an empty production slot.
    ///
    /// The reference does not describe it: client libraries did it.
    pub fn promote(&self, staging: impl Into<String>) -> SwapDeployment {
        SwapDeployment {
            service: self.clone(),
            production: None,
            source_deployment: staging.into(),
        }
    }
}

impl Operation for SwapDeployment {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Swap Deployment",
        method: Method::POST,
        route: "/services/hostedservices/{service}",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-swap-deployment",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
        if let Some(production) = &self.production {
            request.check_name("name of the deployment in production", production);
        }
        request.check_name("name of the deployment in staging", &self.source_deployment);
        if self.production.as_ref() == Some(&self.source_deployment) {
            request.reject(Error::invalid(format!(
                "the deployment {:?} cannot be swapped with itself; give the names of both deployments",
                self.source_deployment
            )));
        }
    }

    fn body(&self) -> Body {
        Body::xml(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    fn contoso() -> CloudServiceRef {
        CloudServiceRef::new("contoso")
    }

    #[test]
    fn request_of_a_swap() {
        golden::request(
            &contoso().swap("release-41", "release-42"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso
             x-ms-version: 2015-04-01
             content-type: application/xml

             <Swap xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Production>release-41</Production>
               <SourceDeployment>release-42</SourceDeployment>
             </Swap>",
        );
    }

    #[test]
    fn request_of_a_promotion_has_no_production() {
        golden::request(
            &contoso().promote("release-42"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso
             x-ms-version: 2015-04-01
             content-type: application/xml

             <Swap xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <SourceDeployment>release-42</SourceDeployment>
             </Swap>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<SwapDeployment>();
    }

    #[test]
    fn names_that_cannot_be_are_refused() {
        golden::rejected(
            &contoso().swap("", "b"),
            "the name of the deployment in production is empty",
        );
        golden::rejected(&contoso().promote(""), "the name of the deployment in staging is empty");
        golden::rejected(&contoso().swap("a", "b/c"), "\"b/c\" has '/' as its character 2");
        golden::rejected(&contoso().swap("a", "a"), "\"a\" cannot be swapped with itself");
        golden::rejected(&CloudServiceRef::new("a?b").promote("c"), "has '?'");
    }
}
