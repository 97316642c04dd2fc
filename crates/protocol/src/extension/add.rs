use serde::Serialize;

use super::{ExtensionRef, ExtensionTypeRef};
use crate::{
    Accepted, ApiVersion, Base64Text, Body, Idempotency, Metadata, Method, Operation,
    RequestBuilder, Secret, thumbprint,
};

/// Adds an extension with its configuration to a cloud service, under an id of the caller's choice.
///
/// It changes no deployment: instances get the extension when Create Deployment, Change Deployment
/// Configuration or Upgrade Deployment names its id. An extension that a deployment refers to cannot
/// be edited: add another under a second id, switch the deployment over, then delete the first.
/// Without [`version`](Self::version) the newest is taken. Since 2013-03-01.
///
/// When the accepted operation has succeeded, there is nothing more to wait for.
///
/// Reference page: *Add Extension* (`rest-add-extension`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, ExtensionTypeRef};
///
/// # let (public, private) = ("<PublicConfig/>", "<PrivateConfig/>");
/// let add = CloudServiceRef::new("contoso")
///     .extension("RDP-2")
///     .add(&ExtensionTypeRef::microsoft("RDP"))
///     .public_configuration(public)
///     .private_configuration(private)
///     .version("1.*");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "Extension", rename_all = "PascalCase")]
pub struct AddExtension {
    #[serde(skip)]
    extension: ExtensionRef,
    provider_name_space: String,
    #[serde(rename = "Type")]
    extension_type: String,
    id: String,
    thumbprint: Option<String>,
    thumbprint_algorithm: Option<String>,
    public_configuration: Option<Base64Text>,
    private_configuration: Option<Secret<Base64Text>>,
    version: Option<String>,
}

impl ExtensionRef {
    /// Adds an extension of this type to the cloud service, under this id.
    pub fn add(&self, extension_type: &ExtensionTypeRef) -> AddExtension {
        AddExtension {
            extension: self.clone(),
            provider_name_space: extension_type.provider_namespace.clone(),
            extension_type: extension_type.name.clone(),
            id: self.id.clone(),
            thumbprint: None,
            thumbprint_algorithm: None,
            public_configuration: None,
            private_configuration: None,
            version: None,
        }
    }
}

impl AddExtension {
    /// Names the certificate that encrypts the private configuration: its hexadecimal thumbprint. The
    /// cloud service must have it already. The platform makes one if none is named.
    pub fn thumbprint(mut self, thumbprint: impl Into<String>) -> Self {
        self.thumbprint = Some(thumbprint.into());
        self
    }

    /// Says how the thumbprint was made, such as `sha1`.
    pub fn thumbprint_algorithm(mut self, algorithm: impl Into<String>) -> Self {
        self.thumbprint_algorithm = Some(algorithm.into());
        self
    }

    /// Sets the configuration that may be read back: XML, or JSON for an extension that takes JSON.
    pub fn public_configuration(mut self, configuration: impl Into<Base64Text>) -> Self {
        self.public_configuration = Some(configuration.into());
        self
    }

    /// Sets the private configuration, such as passwords, which the service never returns.
    pub fn private_configuration(mut self, configuration: impl Into<Base64Text>) -> Self {
        self.private_configuration = Some(Secret::new(configuration));
        self
    }

    /// Takes a certain version (`1.2`) or the newest of a major one (`1.*`). Default `*`, the newest.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }
}

impl Operation for AddExtension {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Add Extension",
        method: Method::POST,
        route: "/services/hostedservices/{service}/extensions",
        min_version: ApiVersion::V2013_03_01,
        docs_slug: "rest-add-extension",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.extension.service.fill(request);
        request.check_name("extension id", &self.id);
        request.check_name("provider of the extension", &self.provider_name_space);
        request.check_name("type of the extension", &self.extension_type);
        if let Some(digits) = &self.thumbprint {
            thumbprint::check(request, "thumbprint of the extension's certificate", digits);
        }
    }

    fn body(&self) -> Body {
        Body::xml(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CloudServiceRef;
    use crate::testing::golden;

    fn add() -> AddExtension {
        CloudServiceRef::new("contoso").extension("RDP-2").add(&ExtensionTypeRef::microsoft("RDP"))
    }

    #[test]
    fn request_with_the_least() {
        golden::request(
            &add(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/extensions
             x-ms-version: 2015-04-01
             content-type: application/xml

             <Extension xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ProviderNameSpace>Microsoft.Windows.Azure.Extensions</ProviderNameSpace>
               <Type>RDP</Type>
               <Id>RDP-2</Id>
             </Extension>",
        );
    }

    #[test]
    fn request_with_everything() {
        golden::request(
            &add()
                .version("1.*")
                .private_configuration("<PrivateConfig/>")
                .public_configuration("<PublicConfig/>")
                .thumbprint_algorithm("sha1")
                .thumbprint("6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/extensions
             x-ms-version: 2015-04-01
             content-type: application/xml

             <Extension xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <ProviderNameSpace>Microsoft.Windows.Azure.Extensions</ProviderNameSpace>
               <Type>RDP</Type>
               <Id>RDP-2</Id>
               <Thumbprint>6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C6F9B1A0C</Thumbprint>
               <ThumbprintAlgorithm>sha1</ThumbprintAlgorithm>
               <PublicConfiguration>PFB1YmxpY0NvbmZpZy8+</PublicConfiguration>
               <PrivateConfiguration>PFByaXZhdGVDb25maWcvPg==</PrivateConfiguration>
               <Version>1.*</Version>
             </Extension>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<AddExtension>();
    }

    #[test]
    fn the_private_configuration_does_not_show() {
        let add = add().private_configuration("open sesame");
        assert!(!format!("{add:?}").contains("sesame"));
    }

    #[test]
    fn hostile_names_are_refused() {
        let service = CloudServiceRef::new("contoso");
        let rdp = ExtensionTypeRef::microsoft("RDP");
        for (id, why) in [
            ("", "the extension id is empty"),
            ("..", "the extension id \"..\" would change the path"),
            ("a/b", "the extension id \"a/b\" has '/'"),
        ] {
            golden::rejected(&service.extension(id).add(&rdp), why);
        }
        let extension = service.extension("RDP-2");
        golden::rejected(
            &extension.add(&ExtensionTypeRef::new("", "RDP")),
            "the provider of the extension is empty",
        );
        golden::rejected(
            &extension.add(&ExtensionTypeRef::microsoft("R DP")),
            "the type of the extension \"R DP\" has ' '",
        );
        golden::rejected(
            &add().thumbprint("6F 9B"),
            "the thumbprint of the extension's certificate \"6F 9B\" has ' ' as its character 3",
        );
    }

    #[test]
    fn an_older_version_does_not_know_it() {
        let older = golden::endpoint().with_version(ApiVersion::V2012_12_01);
        let error = older.request(&add()).unwrap_err().to_string();
        assert!(error.contains("the operation needs x-ms-version 2013-03-01"), "{error}");
    }
}
