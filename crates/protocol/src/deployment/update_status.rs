use serde::Serialize;

use super::DeploymentRef;
use super::model::DeploymentStatus;
use crate::{Accepted, ApiVersion, Body, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Starts or stops the code of a whole deployment.
///
/// A deployment that is stopped keeps its instances and costs money all the same. Refused with 409
/// while another operation holds the deployment. When the accepted operation has succeeded, instances may
/// still be starting or stopping: poll the deployment until
/// [`is_settled`](super::Deployment::is_settled). Since 2009-10-01.
///
/// Reference page: *Update Deployment Status* (`rest-update-deployment-status`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, Slot};
///
/// let stop = CloudServiceRef::new("contoso").slot(Slot::Staging).suspend();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateDeploymentStatus {
    #[serde(skip)]
    deployment: DeploymentRef,
    status: DeploymentStatus,
}

impl DeploymentRef {
    /// Starts this deployment: its status becomes `Running`.
    pub fn start(&self) -> UpdateDeploymentStatus {
        UpdateDeploymentStatus { deployment: self.clone(), status: DeploymentStatus::Running }
    }

    /// Stops this deployment: its status becomes `Suspended`.
    pub fn suspend(&self) -> UpdateDeploymentStatus {
        UpdateDeploymentStatus { deployment: self.clone(), status: DeploymentStatus::Suspended }
    }
}

impl Operation for UpdateDeploymentStatus {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Update Deployment Status",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}/?comp=status",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-update-deployment-status",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
    }

    fn body(&self) -> Body {
        Body::xml(self)
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
            &CloudServiceRef::new("contoso").slot(Slot::Staging).suspend(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Staging/?comp=status
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpdateDeploymentStatus xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Status>Suspended</Status>
             </UpdateDeploymentStatus>",
        );
    }

    #[test]
    fn request_by_name() {
        golden::request(
            &CloudServiceRef::new("contoso").deployment("release-42").start(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/?comp=status
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpdateDeploymentStatus xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Status>Running</Status>
             </UpdateDeploymentStatus>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<UpdateDeploymentStatus>();
    }

    #[test]
    fn hostile_deployment_names_are_refused() {
        golden::rejected(
            &CloudServiceRef::new("contoso").deployment("a?comp=delete").start(),
            "has '?' as its character 2",
        );
    }
}
