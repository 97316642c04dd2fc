use serde::Serialize;

use super::DeploymentRef;
use crate::open_enum::open_enum;
use crate::{
    Accepted, ApiVersion, Body, Error, Idempotency, Metadata, Method, Operation, RequestBuilder,
};

/// Stops an update that is moving through the upgrade domains and brings the changed instances back
/// to the package and configuration that they had before.
///
/// It applies to an upgrade or a configuration change in progress, in any mode; instances that the update has
/// not reached stay unchanged. It is possible while [`rollback_allowed`](super::Deployment::rollback_allowed)
/// is true, and no other check is needed. It is not possible once the update is complete (a race that a
/// caller can lose), if the update enlarged local storage, if the rollback would exceed the core quota, or
/// for swaps: swap back instead.
///
/// The response is 202, sometimes 200. When the accepted operation has succeeded, instances may still be
/// starting: poll the deployment until [`is_settled`](super::Deployment::is_settled). With
/// [`force`](Self::force) local data of instances may be lost. Since 2011-10-01.
///
/// Reference page: *Rollback Update Or Upgrade* (`rest-rollback-update-or-upgrade`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, RollbackMode};
///
/// let rollback = CloudServiceRef::new("contoso").deployment("release-42").rollback(RollbackMode::Auto);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RollbackUpdateOrUpgrade {
    #[serde(skip)]
    deployment: DeploymentRef,
    mode: RollbackMode,
    force: bool,
}

open_enum! {
    /// How a rollback moves through the upgrade domains.
    pub enum RollbackMode {
        /// The platform takes domain after domain by itself.
        Auto,
        /// Nothing moves until Walk Upgrade Domain is called for each domain.
        Manual,
    }
}

impl DeploymentRef {
    /// Rolls back the update that is in progress.
    pub fn rollback(&self, mode: RollbackMode) -> RollbackUpdateOrUpgrade {
        RollbackUpdateOrUpgrade { deployment: self.clone(), mode, force: false }
    }
}

impl RollbackUpdateOrUpgrade {
    /// Goes on even if local data of instances is lost. Default false: such a rollback fails.
    ///
    /// It does not break into an operation that holds the deployment.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }
}

impl Operation for RollbackUpdateOrUpgrade {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Rollback Update Or Upgrade",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}/?comp=rollback",
        min_version: ApiVersion::V2011_10_01,
        docs_slug: "rest-rollback-update-or-upgrade",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
        if let RollbackMode::Other(word) = &self.mode {
            request.reject(Error::invalid(format!(
                "{word:?} is not a mode of a rollback; it is Auto or Manual"
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
    use crate::{CloudServiceRef, Slot};

    fn contoso() -> CloudServiceRef {
        CloudServiceRef::new("contoso")
    }

    #[test]
    fn request_by_slot() {
        golden::request(
            &contoso().slot(Slot::Production).rollback(RollbackMode::Auto),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production/?comp=rollback
             x-ms-version: 2015-04-01
             content-type: application/xml

             <RollbackUpdateOrUpgrade xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Mode>Auto</Mode>
               <Force>false</Force>
             </RollbackUpdateOrUpgrade>",
        );
    }

    #[test]
    fn request_by_name() {
        golden::request(
            &contoso().deployment("release-42").rollback(RollbackMode::Manual).force(true),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/?comp=rollback
             x-ms-version: 2015-04-01
             content-type: application/xml

             <RollbackUpdateOrUpgrade xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Mode>Manual</Mode>
               <Force>true</Force>
             </RollbackUpdateOrUpgrade>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<RollbackUpdateOrUpgrade>();
    }

    #[test]
    fn a_simultaneous_rollback_does_not_exist() {
        let rollback = contoso().slot(Slot::Staging).rollback(RollbackMode::from("Simultaneous"));
        golden::rejected(
            &rollback,
            "\"Simultaneous\" is not a mode of a rollback; it is Auto or Manual",
        );
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2011_08_01);
        let error = older
            .request(&contoso().slot(Slot::Production).rollback(RollbackMode::Auto))
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "Rollback Update Or Upgrade: the operation needs x-ms-version 2011-10-01 or \
             newer, but the endpoint uses 2011-08-01; raise the version of the endpoint"
        );
    }

    #[test]
    fn hostile_deployment_names_are_refused() {
        for (name, why) in [
            ("", "the deployment name is empty"),
            ("..", "would change the path"),
            ("a/../b", "has '/' as its character 2"),
            ("a?comp=delete", "has '?' as its character 2"),
            ("a b", "has ' ' as its character 2"),
            ("größe", "has 'ö' as its character 3"),
            ("a%2f", "has '%' as its character 2"),
        ] {
            golden::rejected(&contoso().deployment(name).rollback(RollbackMode::Auto), why);
        }
    }
}
