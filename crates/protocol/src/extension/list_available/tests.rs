use super::ListAvailableExtensions;
use crate::extension::{
    ExtensionCertificate, ExtensionEndpoints, ExtensionImage, ExtensionImages,
    ExtensionInputEndpoint, InstanceInputEndpoint, InternalEndpoint, LocalResource,
};
use crate::testing::golden;

const EVERY_ELEMENT: &str = include_str!("every_element.xml");

#[test]
fn request() {
    golden::request(
        &ListAvailableExtensions::new(),
        "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/extensions
         x-ms-version: 2015-04-01",
    );
}

#[test]
fn response_with_every_element() {
    let images = golden::response::<ListAvailableExtensions>(EVERY_ELEMENT);
    let image = ExtensionImage {
        provider_name_space: "Microsoft.WindowsAzure.Extensions".into(),
        extension_type: "RDP".into(),
        version: "1.2".into(),
        label: Some("Windows Azure Remote Desktop Extension".into()),
        description: Some("Lets people in".into()),
        hosting_resources: Some("WebRole|WorkerRole".into()),
        thumbprint_algorithm: Some("sha1".into()),
        public_configuration_schema: Some("<public/>".into()),
        private_configuration_schema: Some("<private/>".into()),
        block_role_upon_failure: Some(true),
        sample_config: Some("<sample/>".into()),
        replication_completed: Some(true),
        eula: Some("https://contoso.example/eula".into()),
        privacy_uri: Some("https://contoso.example/privacy".into()),
        homepage_uri: Some("https://contoso.example/home".into()),
        is_json_extension: true,
        is_internal_extension: Some(true),
        supported_os: Some("Windows".into()),
        company_name: Some("Contoso".into()),
        published_date: Some("2014-07-01T08:09:10.12345Z".into()),
        disallow_major_version_upgrade: true,
        regions: Some("West Europe;North Europe".into()),
        media_link: Some("https://contoso.blob.core.windows.net/extensions/rdp.zip".into()),
        publisher_name: Some("contoso".into()),
        certificate: Some(ExtensionCertificate {
            store_location: Some("LocalMachine".into()),
            store_name: Some("My".into()),
            thumbprint_required: Some(true),
            thumbprint_algorithm: Some("sha1".into()),
        }),
        endpoints: Some(ExtensionEndpoints {
            input_endpoints: vec![ExtensionInputEndpoint {
                name: "rdp".into(),
                protocol: Some("tcp".into()),
                port: Some(3389),
                local_port: Some("*".into()),
            }],
            internal_endpoints: vec![InternalEndpoint {
                name: "inner".into(),
                protocol: Some("udp".into()),
                port: Some(53),
            }],
            instance_input_endpoints: vec![InstanceInputEndpoint {
                name: "each".into(),
                protocol: Some("http".into()),
                local_port: Some("8080".into()),
                fixed_port_min: Some(9000),
                fixed_port_max: Some(9010),
            }],
        }),
        local_resources: vec![LocalResource { name: "logs".into(), size_in_mb: Some(512) }],
    };
    assert_eq!(images, ExtensionImages(vec![image]));
}

#[test]
fn response_of_the_first_version() {
    let ExtensionImages(images) = golden::response::<ListAvailableExtensions>(
        r#"<ExtensionImages xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
             <ExtensionImage>
               <ProviderNameSpace>Microsoft.Windows.Azure.Extensions</ProviderNameSpace>
               <Type>ADDomain</Type>
               <Version>1.0</Version>
               <Label>Domain join</Label>
               <Description i:nil="true"/>
               <HostingResources>WebRole</HostingResources>
               <ThumbprintAlgorithm/>
             </ExtensionImage>
           </ExtensionImages>"#,
    );
    let [image] = images.as_slice() else { panic!("one image, not {images:?}") };
    assert_eq!(image.extension_type, "ADDomain");
    assert_eq!(image.description, None);
    assert_eq!(image.thumbprint_algorithm, None);
    assert_eq!(image.replication_completed, None);
    assert!(!image.is_json_extension);
    assert_eq!(image.endpoints, None);
    assert!(image.local_resources.is_empty());
}
