use super::{ExtensionImages, ExtensionTypeRef};
use crate::{ApiVersion, Idempotency, Metadata, Method, Operation, RequestBuilder};

/// Lists every version of an extension that can be added to cloud services.
///
/// Since 2013-03-01.
///
/// Reference page: *List Extension Versions* (`rest-list-extension-versions`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ExtensionTypeRef;
///
/// let list = ExtensionTypeRef::microsoft("RDP").list_versions();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListExtensionVersions {
    extension_type: ExtensionTypeRef,
}

impl ExtensionTypeRef {
    /// Lists the versions that there are.
    pub fn list_versions(&self) -> ListExtensionVersions {
        ListExtensionVersions { extension_type: self.clone() }
    }
}

impl Operation for ListExtensionVersions {
    type Output = ExtensionImages;

    const METADATA: Metadata = Metadata {
        name: "List Extension Versions",
        method: Method::GET,
        route: "/services/extensions/{provider-namespace}/{type}",
        min_version: ApiVersion::V2013_03_01,
        docs_slug: "rest-list-extension-versions",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        let ExtensionTypeRef { provider_namespace, name } = &self.extension_type;
        request.segment("provider-namespace", "provider of the extension", provider_namespace);
        request.segment("type", "type of the extension", name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    #[test]
    fn request() {
        golden::request(
            &ExtensionTypeRef::microsoft("RDP").list_versions(),
            "GET /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/extensions/Microsoft.Windows.Azure.Extensions/RDP
             x-ms-version: 2015-04-01",
        );
    }

    #[test]
    fn http_response() {
        let ExtensionImages(versions) = golden::response::<ListExtensionVersions>(
            r#"<ExtensionImages xmlns="http://schemas.microsoft.com/windowsazure">
                 <ExtensionImage>
                   <ProviderNameSpace>Microsoft.Windows.Azure.Extensions</ProviderNameSpace>
                   <Type>RDP</Type>
                   <Version>1.0</Version>
                 </ExtensionImage>
                 <ExtensionImage>
                   <ProviderNameSpace>Microsoft.Windows.Azure.Extensions</ProviderNameSpace>
                   <Type>RDP</Type>
                   <Version>1.2</Version>
                 </ExtensionImage>
               </ExtensionImages>"#,
        );
        let versions: Vec<_> = versions.iter().map(|image| image.version.as_str()).collect();
        assert_eq!(versions, ["1.0", "1.2"]);
    }

    #[test]
    fn hostile_names_are_refused() {
        golden::rejected(
            &ExtensionTypeRef::new("..", "RDP").list_versions(),
            "the provider of the extension \"..\" would change the path",
        );
        golden::rejected(
            &ExtensionTypeRef::microsoft("RDP?x=y").list_versions(),
            "the type of the extension \"RDP?x=y\" has '?'",
        );
    }
}
