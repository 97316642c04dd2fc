use serde::{Deserialize, Serialize};

use super::AffinityGroup;
use crate::{ApiVersion, Idempotency, Metadata, Method, Model, Operation};

/// Lists the affinity groups of the subscription, without what is in them.
///
/// The response is complete, without pages. It is 200, although the reference says 202. Since 2009-10-01.
///
/// Reference page: *List Affinity Groups* (`list-affinity-groups`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListAffinityGroups;
///
/// let list = ListAffinityGroups::new();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ListAffinityGroups;

impl ListAffinityGroups {
    /// Lists them.
    pub fn new() -> Self {
        Self
    }
}

impl Operation for ListAffinityGroups {
    type Output = AffinityGroups;

    const METADATA: Metadata = Metadata {
        name: "List Affinity Groups",
        method: Method::GET,
        route: "/affinitygroups",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "list-affinity-groups",
        idempotency: Idempotency::Idempotent,
    };
}

/// Affinity groups of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AffinityGroups(pub Vec<AffinityGroup>);

impl Model for AffinityGroups {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::affinity_group::Capability;
    use crate::cloud_service::{ComputeCapabilities, RoleSize};
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ListAffinityGroups::new(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/affinitygroups
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let groups = golden::response::<ListAffinityGroups>(
            r#"<AffinityGroups xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <AffinityGroup>
                   <Name>contoso-group</Name>
                   <Label>Q29udG9zbyBncm91cA==</Label>
                   <Description>keeps the shop together</Description>
                   <Location>West Europe</Location>
                   <Capabilities>
                     <Capability>PersistentVMRole</Capability>
                     <Capability>HighMemory</Capability>
                   </Capabilities>
                   <CreatedTime>2014-10-02T07:18:33Z</CreatedTime>
                   <ComputeCapabilities>
                     <WebWorkerRoleSizes><RoleSize>Small</RoleSize></WebWorkerRoleSizes>
                     <VirtualMachinesRoleSizes><RoleSize>Basic_A0</RoleSize></VirtualMachinesRoleSizes>
                   </ComputeCapabilities>
                 </AffinityGroup>
                 <AffinityGroup>
                   <Name>fabrikam-group</Name>
                   <Label>eA==</Label>
                   <Description i:nil="true"/>
                   <Location>West US</Location>
                 </AffinityGroup>
               </AffinityGroups>"#,
        );
        let contoso = AffinityGroup {
            name: "contoso-group".into(),
            label: "Contoso group".into(),
            description: Some("keeps the shop together".into()),
            location: "West Europe".into(),
            hosted_services: None,
            storage_services: None,
            capabilities: vec![
                Capability("PersistentVMRole".into()),
                Capability("HighMemory".into()),
            ],
            created_time: Some("2014-10-02T07:18:33Z".into()),
            compute_capabilities: Some(ComputeCapabilities {
                web_worker_role_sizes: vec![RoleSize("Small".into())],
                virtual_machines_role_sizes: vec![RoleSize("Basic_A0".into())],
            }),
        };
        let fabrikam = AffinityGroup {
            name: "fabrikam-group".into(),
            label: "x".into(),
            location: "West US".into(),
            ..AffinityGroup::default()
        };
        assert_eq!(groups, AffinityGroups(vec![contoso, fabrikam]));
    }
}
