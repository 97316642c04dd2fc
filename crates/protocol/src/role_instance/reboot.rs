use super::RoleInstanceRef;
use crate::{Accepted, ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Restarts the operating system of a role instance.
///
/// The instance is offline meanwhile. Its local disks keep what they hold; its memory is lost. When
/// the accepted operation has succeeded, the instance may still be starting: poll the deployment until
/// [`is_settled`](crate::Deployment::is_settled). Since 2010-10-28.
///
/// Reference page: *Reboot Role Instance* (`rest-reboot-role-instance`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let reboot = CloudServiceRef::new("contoso").deployment("release-42").instance("Web_IN_0").reboot();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebootRoleInstance {
    instance: RoleInstanceRef,
}

impl RoleInstanceRef {
    /// Restarts the operating system of this instance.
    pub fn reboot(&self) -> RebootRoleInstance {
        RebootRoleInstance { instance: self.clone() }
    }
}

impl Operation for RebootRoleInstance {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Reboot Role Instance",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}/roleinstances/{instance}?comp=reboot",
        min_version: ApiVersion::V2010_10_28,
        docs_slug: "rest-reboot-role-instance",
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
            &CloudServiceRef::new("contoso").slot(Slot::Production).instance("Web_IN_0").reboot(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production/roleinstances/Web_IN_0?comp=reboot
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn request_by_name() {
        golden::request(
            &CloudServiceRef::new("contoso").deployment("release-42").instance("Web_IN_0").reboot(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/roleinstances/Web_IN_0?comp=reboot
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<RebootRoleInstance>();
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
            golden::rejected(&deployment.instance(name).reboot(), why);
        }
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2010_04_01);
        let deployment = CloudServiceRef::new("contoso").deployment("release-42");
        let error = older.request(&deployment.instance("Web_IN_0").reboot()).unwrap_err();
        assert!(error.to_string().contains("needs x-ms-version 2010-10-28"), "{error}");
    }
}
