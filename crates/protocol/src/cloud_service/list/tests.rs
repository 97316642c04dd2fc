use http::{HeaderValue, Response};

use super::*;
use crate::cloud_service::{CloudServiceStatus, RoleSize};
use crate::testing::golden;
use crate::{Bytes, Endpoint, Error, ErrorKind, ExtendedProperty};

#[test]
fn request() {
    golden::request(
        &ListCloudServices::new(),
        "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices
         x-ms-version: 2015-04-01",
    );
}

#[test]
fn request_of_a_further_page() {
    golden::request(
        &ListCloudServices::new().continued("1!8!Y29udG9zbw=="),
        "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices
         x-ms-version: 2015-04-01
         x-ms-continuation-token: 1!8!Y29udG9zbw==",
    );
}

#[test]
fn response_on_the_only_page() {
    let page = golden::response::<ListCloudServices>(
        r#"<HostedServices xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
             <HostedService>
               <Url>https://management.core.windows.net/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso</Url>
               <ServiceName>contoso</ServiceName>
               <HostedServiceProperties>
                 <Description>keeps the old shop alive</Description>
                 <AffinityGroup>contoso-group</AffinityGroup>
                 <Label>Q29udG9zbyBzaG9w</Label>
                 <Status>Created</Status>
                 <DateCreated>2016-08-31T10:15:00Z</DateCreated>
                 <DateLastModified>2016-08-31T10:16:30Z</DateLastModified>
                 <ExtendedProperties>
                   <ExtendedProperty><Name>ResourceGroup</Name><Value>contoso</Value></ExtendedProperty>
                   <ExtendedProperty><Name>ResourceLocation</Name></ExtendedProperty>
                 </ExtendedProperties>
                 <GuestAgentType>ProdGA</GuestAgentType>
                 <ReverseDnsFqdn>shop.contoso.example.</ReverseDnsFqdn>
               </HostedServiceProperties>
               <DefaultWinRmCertificateThumbprint>6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C</DefaultWinRmCertificateThumbprint>
               <ComputeCapabilities>
                 <WebWorkerRoleSizes><RoleSize>Small</RoleSize></WebWorkerRoleSizes>
                 <VirtualMachinesRoleSizes><RoleSize>Basic_A0</RoleSize></VirtualMachinesRoleSizes>
               </ComputeCapabilities>
             </HostedService>
             <HostedService>
               <Url>https://usnorth2.management.core.windows.net/8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/fabrikam</Url>
               <ServiceName>fabrikam</ServiceName>
               <HostedServiceProperties>
                 <Description i:nil="true"/>
                 <Location>West Europe</Location>
                 <Label>RmFicmlrYW0=</Label>
                 <Status>ResolvingDns</Status>
                 <ExtendedProperties/>
               </HostedServiceProperties>
               <ComputeCapabilities>
                 <VirtualMachineRoleSizes><RoleSize>Basic_A0</RoleSize></VirtualMachineRoleSizes>
                 <WebWorkerRoleSizes/>
               </ComputeCapabilities>
               <DefaultWinRMCertificateThumbprint>7F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C</DefaultWinRMCertificateThumbprint>
             </HostedService>
           </HostedServices>"#,
    );
    assert_eq!(page.continuation_token, None);
    assert_eq!(ListCloudServices::new().next(&page), None);
    let [contoso, fabrikam] = page.content.0.as_slice() else {
        panic!("two cloud services: {page:#?}");
    };

    assert!(contoso.url.ends_with("/services/hostedservices/contoso"));
    assert_eq!(contoso.service_name, "contoso");
    let properties = &contoso.properties;
    assert_eq!(properties.description.as_deref(), Some("keeps the old shop alive"));
    assert_eq!(properties.affinity_group.as_deref(), Some("contoso-group"));
    assert_eq!(properties.location, None);
    assert_eq!(properties.label.as_str(), "Contoso shop");
    assert_eq!(properties.status, Some(CloudServiceStatus::Created));
    assert_eq!(properties.date_created.as_ref().unwrap().as_str(), "2016-08-31T10:15:00Z");
    assert_eq!(properties.date_last_modified.as_ref().unwrap().as_str(), "2016-08-31T10:16:30Z");
    assert_eq!(
        properties.extended_properties,
        [
            ExtendedProperty::new("ResourceGroup", "contoso"),
            ExtendedProperty { name: "ResourceLocation".into(), value: None },
        ]
    );
    assert_eq!(properties.guest_agent_type.as_deref(), Some("ProdGA"));
    assert_eq!(properties.reverse_dns_fqdn.as_deref(), Some("shop.contoso.example."));
    assert_eq!(contoso.deployments, None);
    assert!(contoso.default_win_rm_certificate_thumbprint.as_ref().unwrap().starts_with("6F"));
    let sizes = contoso.compute_capabilities.as_ref().unwrap();
    assert_eq!(sizes.web_worker_role_sizes, [RoleSize("Small".into())]);
    assert_eq!(sizes.virtual_machines_role_sizes, [RoleSize("Basic_A0".into())]);

    assert_eq!(fabrikam.properties.description, None);
    assert_eq!(fabrikam.properties.location.as_deref(), Some("West Europe"));
    assert_eq!(fabrikam.properties.status, Some(CloudServiceStatus::ResolvingDns));
    assert!(fabrikam.default_win_rm_certificate_thumbprint.as_ref().unwrap().starts_with("7F"));
    let sizes = fabrikam.compute_capabilities.as_ref().unwrap();
    assert_eq!(sizes.virtual_machines_role_sizes, [RoleSize("Basic_A0".into())]);
}

const EMPTY: &str = r#"<HostedServices xmlns="http://schemas.microsoft.com/windowsazure"/>"#;

fn http_response(body: &str, token: HeaderValue) -> Response<Bytes> {
    let mut response = golden::http_response(200, body);
    response.headers_mut().insert("x-ms-continuation-token", token);
    response
}

fn read(token: HeaderValue) -> Result<Page<CloudServices>, Error> {
    Endpoint::response::<ListCloudServices>(&http_response(EMPTY, token))
}

#[test]
fn an_empty_page_need_not_be_the_last() {
    let page = read(HeaderValue::from_static("1!8!Y29udG9zbw==")).unwrap();
    assert_eq!(page.content.0, []);
    assert_eq!(
        ListCloudServices::new().next(&page),
        Some(ListCloudServices::new().continued("1!8!Y29udG9zbw=="))
    );
}

#[test]
fn an_empty_token_is_none() {
    let page = read(HeaderValue::from_static("")).unwrap();
    assert_eq!(ListCloudServices::new().next(&page), None);
}

#[test]
fn what_the_model_does_not_know_is_reported_of_a_page_too() {
    let body = "<HostedServices xmlns=\"http://schemas.microsoft.com/windowsazure\"><HostedService><ServiceName>contoso</ServiceName><Moon>full</Moon></HostedService></HostedServices>";
    let response = http_response(body, HeaderValue::from_static("a"));
    let (page, unknown) = Endpoint::response_with_unknown::<ListCloudServices>(&response).unwrap();
    assert_eq!(page, Endpoint::response::<ListCloudServices>(&response).unwrap());
    let [path] = unknown.paths.as_slice() else { panic!("one path: {unknown:?}") };
    assert!(path.starts_with("HostedServices/") && path.ends_with("/Moon"), "{path}");
}

#[test]
fn a_token_that_cannot_be_sent_back_is_not_taken_for_the_end() {
    let error = read(HeaderValue::from_bytes(b"\xff\xfe").unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.to_string().contains("the pages after it cannot be read"), "{error}");
    golden::rejected(
        &ListCloudServices::new().continued("a\r\nx-ms-version: 2009-10-01"),
        "the value of the header \"x-ms-continuation-token\" contains invalid characters",
    );
}
