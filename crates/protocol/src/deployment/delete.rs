use super::model::DeploymentStatus;
use super::{Deployment, DeploymentRef, GetDeployment};
use crate::machine::{Evidence, Verifiable};
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Deletes a deployment: its instances stop, their local data is lost, and the slot becomes free.
///
/// Refused with 409 while another operation holds the deployment. A reserved address stays reserved.
/// Since 2009-10-01.
///
/// When the accepted operation has succeeded, the deployment is gone, and nothing more is to be waited
/// for.
///
/// Reference page: *Delete Deployment* (`rest-delete-deployment`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let delete = CloudServiceRef::new("contoso").deployment("release-41").delete();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteDeployment {
    deployment: DeploymentRef,
    with_disks: bool,
}

impl DeploymentRef {
    /// Deletes this deployment.
    pub fn delete(&self) -> DeleteDeployment {
        DeleteDeployment { deployment: self.clone(), with_disks: false }
    }
}

impl DeleteDeployment {
    /// Deletes the disks of its virtual machines and their blobs too. Since 2013-08-01.
    pub fn with_disks(mut self) -> Self {
        self.with_disks = true;
        self
    }
}

impl Operation for DeleteDeployment {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Delete Deployment",
        method: Method::DELETE,
        route: "/services/hostedservices/{service}/{deployment}",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-delete-deployment",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
        if self.with_disks {
            request.query("comp", "media");
            request.requires(ApiVersion::V2013_08_01, "deleting a deployment with its disks");
        }
    }
}

/// Happened: there is no such deployment, or it is being deleted. Not, for a deployment by its name: it
/// is there and is not held by an operation. By slot, a deployment that is found may be another one.
impl Verifiable for DeleteDeployment {
    type Read = GetDeployment;

    fn verification_read(&self) -> GetDeployment {
        self.deployment.get()
    }

    fn evidence(&self, found: Option<&Deployment>) -> Evidence {
        match found {
            None => Evidence::Applied,
            Some(_) if self.deployment.name().is_none() => Evidence::Inconclusive,
            Some(there) if there.status == DeploymentStatus::Deleting => Evidence::Applied,
            Some(there) if there.locked == Some(true) => Evidence::Inconclusive,
            Some(_) => Evidence::NotApplied,
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
            &CloudServiceRef::new("contoso").slot(Slot::Staging).delete(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Staging
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn request_by_name_with_disks() {
        golden::request(
            &CloudServiceRef::new("contoso").deployment("release-41").delete().with_disks(),
            "DELETE /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-41?comp=media
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<DeleteDeployment>();
    }

    #[test]
    fn disks_need_a_newer_version() {
        let older = golden::endpoint().with_version(ApiVersion::V2013_06_01);
        let deployment = CloudServiceRef::new("contoso").deployment("release-41");
        assert!(older.request(&deployment.delete()).is_ok());
        let error = older.request(&deployment.delete().with_disks()).unwrap_err().to_string();
        assert!(error.contains("with its disks needs x-ms-version 2013-08-01"), "{error}");
    }
}
