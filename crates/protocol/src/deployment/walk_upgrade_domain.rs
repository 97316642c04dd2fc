use serde::Serialize;

use super::DeploymentRef;
use crate::{Accepted, ApiVersion, Body, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Lets a manual update proceed in one upgrade domain: its instances are taken down, changed and
/// started again.
///
/// It goes with an upgrade, a change of configuration or a rollback of mode `Manual`. Domains are
/// walked in ascending order from 0, one at a time: follow each walk to its end before the next.
/// [`upgrade_domain_count`](super::Deployment::upgrade_domain_count) says how many there are, and
/// [`upgrade_status`](super::Deployment::upgrade_status) where the update stands. Since 2009-10-01.
///
/// When the accepted operation has succeeded, the domain's instances may still be starting: watch the
/// deployment until they are ready. Only after the last domain can it be
/// [settled](super::Deployment::is_settled).
///
/// Reference page: *Walk Upgrade Domain* (`rest-walk-upgrade-domain`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let walk = CloudServiceRef::new("contoso").deployment("release-42").walk_upgrade_domain(0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct WalkUpgradeDomain {
    #[serde(skip)]
    deployment: DeploymentRef,
    upgrade_domain: u32,
}

impl DeploymentRef {
    /// Lets the manual update proceed in this upgrade domain, counted from 0.
    pub fn walk_upgrade_domain(&self, upgrade_domain: u32) -> WalkUpgradeDomain {
        WalkUpgradeDomain { deployment: self.clone(), upgrade_domain }
    }
}

impl Operation for WalkUpgradeDomain {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Walk Upgrade Domain",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}/?comp=walkupgradedomain",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-walk-upgrade-domain",
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
    fn request_by_slot_sends_domain_zero() {
        golden::request(
            &CloudServiceRef::new("contoso").slot(Slot::Staging).walk_upgrade_domain(0),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Staging/?comp=walkupgradedomain
             x-ms-version: 2015-04-01
             content-type: application/xml

             <WalkUpgradeDomain xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <UpgradeDomain>0</UpgradeDomain>
             </WalkUpgradeDomain>",
        );
    }

    #[test]
    fn request_by_name() {
        golden::request(
            &CloudServiceRef::new("contoso").deployment("release-42").walk_upgrade_domain(4),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/?comp=walkupgradedomain
             x-ms-version: 2015-04-01
             content-type: application/xml

             <WalkUpgradeDomain xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <UpgradeDomain>4</UpgradeDomain>
             </WalkUpgradeDomain>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<WalkUpgradeDomain>();
    }
}
