use super::RoleInstanceRef;
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reinstalls the operating system of a web or worker role's instance, and clears all of its local drives.
///
/// The instance is offline meanwhile, and everything on its local drives is lost. When the accepted
/// operation has succeeded, the instance may still be starting: poll the deployment until
/// [`is_settled`](crate::Deployment::is_settled). Since
/// 2013-06-01.
///
/// Reference page: *Rebuild Role Instance* (`rest-rebuild-role-instance`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let rebuild = CloudServiceRef::new("contoso").deployment("release-42").instance("Web_IN_0").rebuild();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuildRoleInstance {
    instance: RoleInstanceRef,
}

impl RoleInstanceRef {
    /// Reinstalls this instance and clears its local drives.
    pub fn rebuild(&self) -> RebuildRoleInstance {
        RebuildRoleInstance { instance: self.clone() }
    }
}

impl Operation for RebuildRoleInstance {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Rebuild Role Instance",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}/roleinstances/{instance}?comp=rebuild&resources=allLocalDrives",
        min_version: ApiVersion::V2013_06_01,
        docs_slug: "rest-rebuild-role-instance",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.instance.fill(request);
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
            &CloudServiceRef::new("contoso").slot(Slot::Production).instance("Web_IN_0").rebuild(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production/roleinstances/Web_IN_0?comp=rebuild&resources=allLocalDrives
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn request_by_name() {
        golden::request(
            &CloudServiceRef::new("contoso").deployment("release-42").instance("Web_IN_0").rebuild(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/roleinstances/Web_IN_0?comp=rebuild&resources=allLocalDrives
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<RebuildRoleInstance>();
    }

    #[test]
    fn hostile_instance_names_are_refused() {
        let deployment = CloudServiceRef::new("contoso").deployment("release-42");
        for (name, why) in [
            ("", "the role instance name is empty"),
            ("..", "would change the path"),
            ("Web/../..", "has '/' as its character 4"),
            ("Web?comp=delete", "has '?' as its character 4"),
        ] {
            golden::rejected(&deployment.instance(name).rebuild(), why);
        }
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2013_03_01);
        let deployment = CloudServiceRef::new("contoso").deployment("release-42");
        let error = older.request(&deployment.instance("Web_IN_0").rebuild()).unwrap_err();
        assert!(error.to_string().contains("needs x-ms-version 2013-06-01"), "{error}");
    }
}
