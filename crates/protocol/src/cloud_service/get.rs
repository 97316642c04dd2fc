use super::{CloudService, CloudServiceRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reads a cloud service, and with [`with_deployments`](Self::with_deployments) what runs in its slots.
///
/// Since 2009-10-01. Versions below 2013-06-01 leave out a deployment whose instances are all
/// deallocated.
///
/// Reference page: *Get Cloud Service Properties* (`rest-get-cloud-service-properties`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let get = CloudServiceRef::new("contoso").get().with_deployments();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetCloudServiceProperties {
    service: CloudServiceRef,
    with_deployments: bool,
}

impl CloudServiceRef {
    /// Reads this cloud service, without its deployments.
    pub fn get(&self) -> GetCloudServiceProperties {
        GetCloudServiceProperties { service: self.clone(), with_deployments: false }
    }
}

impl GetCloudServiceProperties {
    /// Includes the deployments in both slots, with the content of Get Deployment.
    pub fn with_deployments(mut self) -> Self {
        self.with_deployments = true;
        self
    }
}

impl Operation for GetCloudServiceProperties {
    type Output = CloudService;

    const METADATA: Metadata = Metadata {
        name: "Get Cloud Service Properties",
        method: Method::GET,
        route: "/services/hostedservices/{service}",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-get-cloud-service-properties",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
        if self.with_deployments {
            request.query("embed-detail", "true");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud_service::{CloudServiceStatus, RoleSize};
    use crate::testing::golden;
    use crate::{ExtendedProperty, Slot};

    #[test]
    fn request() {
        golden::request(
            &CloudServiceRef::new("contoso").get(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn request_with_deployments() {
        golden::request(
            &CloudServiceRef::new("contoso").get().with_deployments(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso?embed-detail=true
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_without_detail() {
        let service = golden::response::<GetCloudServiceProperties>(
            r#"<HostedService xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <Url>https://usnorth2.management.core.windows.net/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso</Url>
                 <ServiceName>contoso</ServiceName>
                 <HostedServiceProperties>
                   <Description i:nil="true"/>
                   <Location>West Europe</Location>
                   <Label>Q29udG9zbyBzaG9w</Label>
                   <Status>Created</Status>
                   <DateCreated>2016-08-31T10:15:00Z</DateCreated>
                   <DateLastModified>2016-08-31T10:16:30Z</DateLastModified>
                   <ExtendedProperties>
                     <ExtendedProperty><Name>ResourceGroup</Name><Value>contoso</Value></ExtendedProperty>
                   </ExtendedProperties>
                   <GuestAgentType>testga</GuestAgentType>
                   <ReverseDnsFqdn>shop.contoso.example.</ReverseDnsFqdn>
                 </HostedServiceProperties>
                 <IsComplete>true</IsComplete>
                 <DefaultWinRmCertificateThumbprint>6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C</DefaultWinRmCertificateThumbprint>
                 <ComputeCapabilities>
                   <WebWorkerRoleSizes><RoleSize>Small</RoleSize><RoleSize>Standard_D1</RoleSize></WebWorkerRoleSizes>
                   <VirtualMachinesRoleSizes><RoleSize>Basic_A0</RoleSize></VirtualMachinesRoleSizes>
                 </ComputeCapabilities>
               </HostedService>"#,
        );
        assert_eq!(service.service_name, "contoso");
        assert!(service.url.contains("usnorth2"));
        let properties = &service.properties;
        assert_eq!(properties.description, None);
        assert_eq!(properties.location.as_deref(), Some("West Europe"));
        assert_eq!(properties.affinity_group, None);
        assert_eq!(properties.label.as_str(), "Contoso shop");
        assert_eq!(properties.status, Some(CloudServiceStatus::Created));
        assert_eq!(properties.date_created.as_ref().unwrap().as_str(), "2016-08-31T10:15:00Z");
        assert_eq!(
            properties.date_last_modified.as_ref().unwrap().as_str(),
            "2016-08-31T10:16:30Z"
        );
        assert_eq!(
            properties.extended_properties,
            [ExtendedProperty::new("ResourceGroup", "contoso")]
        );
        assert_eq!(properties.guest_agent_type.as_deref(), Some("testga"));
        assert_eq!(properties.reverse_dns_fqdn.as_deref(), Some("shop.contoso.example."));
        assert_eq!(service.deployments, None);
        assert_eq!(service.is_complete, Some(true));
        assert!(service.default_win_rm_certificate_thumbprint.unwrap().starts_with("6F9B"));
        let sizes = service.compute_capabilities.unwrap();
        assert_eq!(
            sizes.web_worker_role_sizes,
            [RoleSize("Small".into()), RoleSize("Standard_D1".into())]
        );
        assert_eq!(sizes.virtual_machines_role_sizes, [RoleSize("Basic_A0".into())]);
    }

    #[test]
    fn an_empty_list_of_deployments_is_not_a_missing_one() {
        let service = golden::response::<GetCloudServiceProperties>(
            r#"<HostedService xmlns="http://schemas.microsoft.com/windowsazure">
                 <Url>https://management.core.windows.net/x</Url>
                 <ServiceName>contoso</ServiceName>
                 <HostedServiceProperties><Label>eA==</Label></HostedServiceProperties>
                 <Deployments/>
               </HostedService>"#,
        );
        assert_eq!(service.deployments, Some(Vec::new()));
    }

    #[test]
    fn response_with_detail() {
        let service = golden::response::<GetCloudServiceProperties>(
            r#"<HostedService xmlns="http://schemas.microsoft.com/windowsazure">
                 <Url>https://management.core.windows.net/x</Url>
                 <ServiceName>contoso</ServiceName>
                 <HostedServiceProperties><Label>eA==</Label></HostedServiceProperties>
                 <Deployments>
                   <Deployment>
                     <Name>release-41</Name>
                     <DeploymentSlot>Production</DeploymentSlot>
                     <PrivateID>9d4a1b2c3d4e5f60718293a4b5c6d7e8</PrivateID>
                     <Status>Running</Status>
                     <Label>eA==</Label>
                   </Deployment>
                   <Deployment>
                     <Name>release-42</Name>
                     <DeploymentSlot>staging</DeploymentSlot>
                     <PrivateID>0d4a1b2c3d4e5f60718293a4b5c6d7e8</PrivateID>
                     <Status>Suspended</Status>
                     <Label>eA==</Label>
                   </Deployment>
                 </Deployments>
               </HostedService>"#,
        );
        let deployments = service.deployments.unwrap();
        assert_eq!(deployments.len(), 2);
        assert_eq!(deployments[0].name, "release-41");
        assert_eq!(deployments[1].deployment_slot, Slot::Staging);
    }
}
