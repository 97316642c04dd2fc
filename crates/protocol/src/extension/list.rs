use super::Extensions;
use crate::{
    ApiVersion, CloudServiceRef, Idempotency, Metadata, Method, Operation, RequestBuilder,
};

/// Lists the extensions of a cloud service, all but their private configurations.
///
/// Since 2013-03-01.
///
/// Reference page: *List Extensions* (`rest-list-extensions`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let list = CloudServiceRef::new("contoso").list_extensions();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListExtensions {
    service: CloudServiceRef,
}

impl CloudServiceRef {
    /// Lists the extensions that were added to this cloud service.
    pub fn list_extensions(&self) -> ListExtensions {
        ListExtensions { service: self.clone() }
    }
}

impl Operation for ListExtensions {
    type Output = Extensions;

    const METADATA: Metadata = Metadata {
        name: "List Extensions",
        method: Method::GET,
        route: "/services/hostedservices/{service}/extensions",
        min_version: ApiVersion::V2013_03_01,
        docs_slug: "rest-list-extensions",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extension::Extension;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &CloudServiceRef::new("contoso").list_extensions(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/extensions
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let Extensions(extensions) = golden::response::<ListExtensions>(
            r#"<Extensions xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <Extension>
                   <ProviderNameSpace>Microsoft.Windows.Azure.Extensions</ProviderNameSpace>
                   <Type>RDP</Type>
                   <Id>RDP-1</Id>
                   <Version>*</Version>
                   <Thumbprint>6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C</Thumbprint>
                   <ThumbprintAlgorithm>sha1</ThumbprintAlgorithm>
                   <PublicConfiguration>PFB1YmxpY0NvbmZpZy8+</PublicConfiguration>
                   <IsJsonExtension>false</IsJsonExtension>
                   <DisallowMajorVersionUpgrade>true</DisallowMajorVersionUpgrade>
                 </Extension>
                 <Extension>
                   <ProviderNameSpace>Fabrikam.Extensions</ProviderNameSpace>
                   <Type>Audit</Type>
                   <Id>Audit-1</Id>
                 </Extension>
               </Extensions>"#,
        );
        let [rdp, audit] = extensions.as_slice() else { panic!("two, not {extensions:?}") };
        assert_eq!(
            *rdp,
            Extension {
                provider_name_space: "Microsoft.Windows.Azure.Extensions".into(),
                extension_type: "RDP".into(),
                id: "RDP-1".into(),
                version: Some("*".into()),
                thumbprint: Some("6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C".into()),
                thumbprint_algorithm: Some("sha1".into()),
                public_configuration: Some("<PublicConfig/>".into()),
                is_json_extension: false,
                disallow_major_version_upgrade: true,
            }
        );
        assert_eq!(audit.provider_name_space, "Fabrikam.Extensions");
        assert_eq!(audit.version, None);
    }

    #[test]
    fn response_without_extensions() {
        let none = golden::response::<ListExtensions>(
            r#"<Extensions xmlns="http://schemas.microsoft.com/windowsazure"/>"#,
        );
        assert_eq!(none, Extensions(Vec::new()));
    }
}
