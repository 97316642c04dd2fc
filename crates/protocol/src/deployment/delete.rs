use super::model::DeploymentStatus;
use super::{Deployment, DeploymentRef, GetDeployment};
use crate::machine::{Reconcilable, Verdict};
use crate::{Accepted, ApiVersion, Method, Operation, Repeat, Spec, Target};

/// Deletes a deployment: its instances stop, their local data is lost, and the slot becomes free.
///
/// Refused with 409 while another operation holds the deployment. A reserved address stays reserved.
/// Since 2009-10-01.
///
/// When the accepted work has succeeded, the deployment is gone, and nothing more is to be waited
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

    const SPEC: Spec = Spec {
        name: "Delete Deployment",
        method: Method::DELETE,
        route: "/services/hostedservices/{service}/{deployment}",
        since: ApiVersion::V2009_10_01,
        page: "rest-delete-deployment",
        repeat: Repeat::Never,
    };

    fn target(&self, target: &mut Target) {
        self.deployment.fill(target);
        if self.with_disks {
            target.query("comp", "media");
            target.requires(ApiVersion::V2013_08_01, "deleting a deployment with its disks");
        }
    }
}

/// Happened: there is no such deployment, or it is being deleted. Not, for a deployment by its name: it
/// is there and is not held by an operation. By slot, a deployment that is found may be another one.
impl Reconcilable for DeleteDeployment {
    type Read = GetDeployment;

    fn settling_read(&self) -> GetDeployment {
        self.deployment.get()
    }

    fn verdict(&self, found: Option<&Deployment>) -> Verdict {
        match found {
            None => Verdict::Happened,
            Some(_) if self.deployment.name().is_none() => Verdict::Unknown,
            Some(there) if there.status == DeploymentStatus::Deleting => Verdict::Happened,
            Some(there) if there.locked == Some(true) => Verdict::Unknown,
            Some(_) => Verdict::NotHappened,
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
    fn answer_is_accepted() {
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
