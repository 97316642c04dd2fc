use super::RoleInstanceRef;
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reinstalls the operating system of a web or worker role's instance.
///
/// The instance is offline meanwhile. Local storage that the service definition declares is kept where
/// that is possible, which trouble with the hardware can prevent; everything else on the local disks
/// is lost. When the accepted operation has succeeded, the instance may still be starting: watch the
/// deployment until [`is_settled`](crate::Deployment::is_settled). Since 2010-10-28.
///
/// Reference page: *Reimage Role Instance* (`rest-reimage-role-instance`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let reimage = CloudServiceRef::new("contoso").deployment("release-42").instance("Web_IN_0").reimage();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReimageRoleInstance {
    instance: RoleInstanceRef,
}

impl RoleInstanceRef {
    /// Reinstalls the operating system of this instance.
    pub fn reimage(&self) -> ReimageRoleInstance {
        ReimageRoleInstance { instance: self.clone() }
    }
}

impl Operation for ReimageRoleInstance {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Reimage Role Instance",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}/roleinstances/{instance}?comp=reimage",
        min_version: ApiVersion::V2010_10_28,
        docs_slug: "rest-reimage-role-instance",
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
            &CloudServiceRef::new("contoso").slot(Slot::Production).instance("Web_IN_0").reimage(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production/roleinstances/Web_IN_0?comp=reimage
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn request_by_name() {
        golden::request(
            &CloudServiceRef::new("contoso").deployment("release-42").instance("Web_IN_0").reimage(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/roleinstances/Web_IN_0?comp=reimage
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<ReimageRoleInstance>();
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
            golden::rejected(&deployment.instance(name).reimage(), why);
        }
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2010_04_01);
        let deployment = CloudServiceRef::new("contoso").deployment("release-42");
        let error = older.request(&deployment.instance("Web_IN_0").reimage()).unwrap_err();
        assert!(error.to_string().contains("needs x-ms-version 2010-10-28"), "{error}");
    }
}
