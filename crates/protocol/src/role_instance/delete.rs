use serde::Serialize;

use super::NAME;
use crate::{
    Accepted, ApiVersion, Body, DeploymentRef, Error, Idempotency, Metadata, Method, Operation,
    RequestBuilder,
};

/// Deletes role instances of one's own choice, and so makes their roles smaller.
///
/// The local data of the instances is lost. To leave the choice to the platform, lower the count in
/// the configuration. Since 2013-08-01.
///
/// When the accepted operation has succeeded, other instances may still be learning of it: watch the
/// deployment until [`is_settled`](crate::Deployment::is_settled).
///
/// Reference page: *Delete Role Instances* (`rest-delete-role-instances`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let delete = CloudServiceRef::new("contoso")
///     .deployment("release-42")
///     .delete_instances(["Web_IN_2", "Web_IN_5"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteRoleInstances {
    deployment: DeploymentRef,
    instances: RoleInstances,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct RoleInstances(Vec<Name>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Name(String);

impl DeploymentRef {
    /// Deletes the role instances of these names.
    pub fn delete_instances<N: Into<String>>(
        &self,
        names: impl IntoIterator<Item = N>,
    ) -> DeleteRoleInstances {
        let names = names.into_iter().map(|name| Name(name.into()));
        DeleteRoleInstances { deployment: self.clone(), instances: RoleInstances(names.collect()) }
    }
}

impl Operation for DeleteRoleInstances {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Delete Role Instances",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}/roleinstances/?comp=delete",
        min_version: ApiVersion::V2013_08_01,
        docs_slug: "rest-delete-role-instances",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
        let RoleInstances(names) = &self.instances;
        if names.is_empty() {
            request.reject(Error::invalid("no role instance is named; name at least one"));
        }
        for (at, name) in names.iter().enumerate() {
            request.check_name(NAME, &name.0);
            if names[..at].contains(name) {
                request.reject(Error::invalid(format!(
                    "the role instance {:?} is named twice",
                    name.0
                )));
            }
        }
    }

    fn body(&self) -> Body {
        Body::xml(&self.instances)
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
            &CloudServiceRef::new("contoso").slot(Slot::Production).delete_instances(["Web_IN_1"]),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production/roleinstances/?comp=delete
             x-ms-version: 2015-04-01
             content-type: application/xml

             <RoleInstances xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Name>Web_IN_1</Name>
             </RoleInstances>",
        );
    }

    #[test]
    fn request_by_name_of_several() {
        golden::request(
            &CloudServiceRef::new("contoso")
                .deployment("release-42")
                .delete_instances(["Web_IN_5", "Web_IN_2"]),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/roleinstances/?comp=delete
             x-ms-version: 2015-04-01
             content-type: application/xml

             <RoleInstances xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Name>Web_IN_5</Name>
               <Name>Web_IN_2</Name>
             </RoleInstances>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<DeleteRoleInstances>();
    }

    #[test]
    fn names_that_cannot_be_are_refused() {
        let deployment = CloudServiceRef::new("contoso").deployment("release-42");
        let none: [&str; 0] = [];
        golden::rejected(&deployment.delete_instances(none), "no role instance is named");
        golden::rejected(
            &deployment.delete_instances(["Web_IN_0", ""]),
            "the role instance name is empty",
        );
        golden::rejected(
            &deployment.delete_instances(["Web_IN_0", "Web_IN_1", "Web_IN_0"]),
            "the role instance \"Web_IN_0\" is named twice",
        );
        golden::rejected(&deployment.delete_instances(["Web/IN"]), "has '/' as its character 4");
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2013_06_01);
        let deployment = CloudServiceRef::new("contoso").deployment("release-42");
        let error = older.request(&deployment.delete_instances(["Web_IN_0"])).unwrap_err();
        assert!(error.to_string().contains("needs x-ms-version 2013-08-01"), "{error}");
    }
}
