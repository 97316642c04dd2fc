use super::{Extension, ExtensionRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Reads an extension of a cloud service, all but its private configuration.
///
/// Since 2013-03-01.
///
/// Reference page: *Get Extension* (`rest-get-extension`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::CloudServiceRef;
///
/// let get = CloudServiceRef::new("contoso").extension("RDP-1").get();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetExtension {
    extension: ExtensionRef,
}

impl ExtensionRef {
    /// Reads this extension.
    pub fn get(&self) -> GetExtension {
        GetExtension { extension: self.clone() }
    }
}

impl Operation for GetExtension {
    type Output = Extension;

    const METADATA: Metadata = Metadata {
        name: "Get Extension",
        method: Method::GET,
        route: "/services/hostedservices/{service}/extensions/{extension}",
        min_version: ApiVersion::V2013_03_01,
        docs_slug: "rest-get-extension",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.extension.fill(request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CloudServiceRef;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &CloudServiceRef::new("contoso").extension("Diagnostics-1").get(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/extensions/Diagnostics-1
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn response_with_every_element() {
        let extension = golden::response::<GetExtension>(
            r#"<Extension xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <ProviderNameSpace>Microsoft.Windows.Azure.Extensions</ProviderNameSpace>
                 <Type>Diagnostics</Type>
                 <Id>Diagnostics-1</Id>
                 <Version>1.*</Version>
                 <Thumbprint>6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C</Thumbprint>
                 <ThumbprintAlgorithm>sha1</ThumbprintAlgorithm>
                 <PublicConfiguration>PFB1YmxpY0NvbmZpZy8+</PublicConfiguration>
                 <IsJsonExtension>true</IsJsonExtension>
                 <DisallowMajorVersionUpgrade>true</DisallowMajorVersionUpgrade>
               </Extension>"#,
        );
        assert_eq!(
            extension,
            Extension {
                provider_name_space: "Microsoft.Windows.Azure.Extensions".into(),
                extension_type: "Diagnostics".into(),
                id: "Diagnostics-1".into(),
                version: Some("1.*".into()),
                thumbprint: Some("6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C".into()),
                thumbprint_algorithm: Some("sha1".into()),
                public_configuration: Some("<PublicConfig/>".into()),
                is_json_extension: true,
                disallow_major_version_upgrade: true,
            }
        );
    }

    #[test]
    fn response_with_nils_and_without_flags() {
        let extension = golden::response::<GetExtension>(
            r#"<Extension xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
                 <ProviderNameSpace>Microsoft.Windows.Azure.Extensions</ProviderNameSpace>
                 <Type>RDP</Type>
                 <Id>RDP-1</Id>
                 <Thumbprint i:nil="true"/>
                 <PublicConfiguration/>
               </Extension>"#,
        );
        assert_eq!(extension.thumbprint, None);
        assert_eq!(extension.public_configuration, None);
        assert!(!extension.is_json_extension);
        assert!(!extension.disallow_major_version_upgrade);
    }
}
