use super::{Deployment, DeploymentRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reads a deployment: configuration, state, instances, roles, where an update stands, addresses,
/// extensions.
///
/// This operation, and not Get Operation Status alone, shows when an update or a start has really finished:
/// [`Deployment::is_settled`]. By slot, 404 means that the slot is empty. Since 2009-10-01; versions below
/// 2013-06-01 respond with 404 for a deployment whose instances are all deallocated.
///
/// Reference page: *Get Deployment* (`rest-get-deployment`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, Slot};
///
/// let get = CloudServiceRef::new("contoso").slot(Slot::Production).get();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetDeployment {
    deployment: DeploymentRef,
}

impl DeploymentRef {
    /// Reads this deployment.
    pub fn get(&self) -> GetDeployment {
        GetDeployment { deployment: self.clone() }
    }
}

impl Operation for GetDeployment {
    type Output = Deployment;

    const METADATA: Metadata = Metadata {
        name: "Get Deployment",
        method: Method::GET,
        route: "/services/hostedservices/{service}/{deployment}",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-get-deployment",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
    }
}

#[cfg(test)]
mod tests;
