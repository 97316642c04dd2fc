use serde::Serialize;

use super::model::ExtensionConfiguration;
use super::{
    Deployment, DeploymentRef, GetDeployment, Slot, check_configuration, check_package_url,
};
use crate::machine::{Evidence, Verifiable};
use crate::{
    Accepted, ApiVersion, Base64Text, Body, CloudServiceRef, Error, ExtendedProperty, Idempotency,
    Metadata, Method, Operation, RequestBuilder, extended_property,
};

/// Deploys a package into an empty slot.
///
/// The platform fetches the package from blob storage. Unless [`start`](Self::start) is set, the
/// deployment ends `Suspended`, which costs money all the same. When the accepted operation has succeeded,
/// the instances are usually still being made: poll the deployment until
/// [`is_settled`](super::Deployment::is_settled). Since 2009-10-01.
///
/// Reference page: *Create Deployment* (`rest-create-deployment`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, Slot};
///
/// # let cscfg = "<ServiceConfiguration/>";
/// let create = CloudServiceRef::new("contoso")
///     .create_deployment(
///         Slot::Staging,
///         "release-42",
///         "https://contoso.blob.core.windows.net/packages/42.cspkg",
///         cscfg,
///     )
///     .label("Release 42")
///     .start(true);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateDeployment {
    #[serde(skip)]
    slot: DeploymentRef,
    name: String,
    package_url: String,
    label: Base64Text,
    configuration: Base64Text,
    start_deployment: Option<bool>,
    treat_warnings_as_error: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extended_properties: Vec<ExtendedProperty>,
    extension_configuration: Option<ExtensionConfiguration>,
}

impl CloudServiceRef {
    /// Deploys a package into a slot: by the deployment's name, the address of the package and the
    /// complete text of the configuration (`.cscfg`). The label is the name unless given.
    pub fn create_deployment(
        &self,
        slot: Slot,
        name: impl Into<String>,
        package_url: impl Into<String>,
        configuration: impl Into<Base64Text>,
    ) -> CreateDeployment {
        let name = name.into();
        CreateDeployment {
            slot: self.slot(slot),
            label: Base64Text::new(name.clone()),
            name,
            package_url: package_url.into(),
            configuration: configuration.into(),
            start_deployment: None,
            treat_warnings_as_error: None,
            extended_properties: Vec::new(),
            extension_configuration: None,
        }
    }
}

impl CreateDeployment {
    /// Sets the label, for people: at most 100 characters.
    pub fn label(mut self, label: impl Into<Base64Text>) -> Self {
        self.label = label.into();
        self
    }

    /// Starts the deployment when it has been made. Default false. Since 2010-04-01.
    pub fn start(mut self, start: bool) -> Self {
        self.start_deployment = Some(start);
        self
    }

    /// Fails on warnings about the package. Default false. Since 2011-04-01.
    pub fn treat_warnings_as_error(mut self, yes: bool) -> Self {
        self.treat_warnings_as_error = Some(yes);
        self
    }

    /// Attaches a property; at most 25. Since 2012-03-01.
    pub fn extended_property(mut self, property: ExtendedProperty) -> Self {
        self.extended_properties.push(property);
        self
    }

    /// Says which extensions, already added to the cloud service, apply to which roles. Since
    /// 2013-03-01.
    pub fn extensions(mut self, extensions: ExtensionConfiguration) -> Self {
        self.extension_configuration = Some(extensions);
        self
    }
}

impl Operation for CreateDeployment {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Create Deployment",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-create-deployment",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.slot.fill(request);
        if self.name.is_empty() {
            request.reject(Error::invalid("the deployment name is empty; give one"));
        }
        check_package_url(request, &self.package_url);
        request.max_length("label", self.label.as_str(), 100);
        check_configuration(request, &self.configuration);
        if self.start_deployment.is_some() {
            request.requires(ApiVersion::V2010_04_01, "StartDeployment");
        }
        if self.treat_warnings_as_error.is_some() {
            request.requires(ApiVersion::V2011_04_01, "TreatWarningsAsError");
        }
        extended_property::check(
            request,
            &self.extended_properties,
            extended_property::PER_DEPLOYMENT,
        );
        ExtensionConfiguration::check(self.extension_configuration.as_ref(), request);
    }

    fn body(&self) -> Body {
        Body::xml(self)
    }
}

/// Happened: the slot holds a deployment of that name. Not: the slot is empty, or holds another one.
impl Verifiable for CreateDeployment {
    type Read = GetDeployment;

    fn verification_read(&self) -> GetDeployment {
        self.slot.get()
    }

    fn evidence(&self, found: Option<&Deployment>) -> Evidence {
        match found {
            Some(there) if there.name == self.name => Evidence::Applied,
            _ => Evidence::NotApplied,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::model::{ExtensionReference, ExtensionState};
    use crate::testing::golden;

    const PACKAGE: &str = "https://contoso.blob.core.windows.net/packages/42.cspkg?sv=1&sig=a%2Bb";

    fn create() -> CreateDeployment {
        CloudServiceRef::new("contoso").create_deployment(
            Slot::Production,
            "release-42",
            PACKAGE,
            "<ServiceConfiguration/>",
        )
    }

    #[test]
    fn request_with_the_least() {
        golden::request(
            &create(),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CreateDeployment xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Name>release-42</Name>
               <PackageUrl>https://contoso.blob.core.windows.net/packages/42.cspkg?sv=1&amp;sig=a%2Bb</PackageUrl>
               <Label>cmVsZWFzZS00Mg==</Label>
               <Configuration>PFNlcnZpY2VDb25maWd1cmF0aW9uLz4=</Configuration>
             </CreateDeployment>",
        );
    }

    #[test]
    fn request_with_everything() {
        let extensions = ExtensionConfiguration::default()
            .all_roles([ExtensionReference::new("RDP-1").state(ExtensionState::Uninstall)])
            .role("Web", [ExtensionReference::new("AD-1").state(ExtensionState::Disable)]);
        golden::request(
            &create()
                .label("Release 42")
                .start(true)
                .treat_warnings_as_error(false)
                .extended_property(ExtendedProperty::new("Ticket", "4711"))
                .extensions(extensions),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production
             x-ms-version: 2015-04-01
             content-type: application/xml

             <CreateDeployment xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Name>release-42</Name>
               <PackageUrl>https://contoso.blob.core.windows.net/packages/42.cspkg?sv=1&amp;sig=a%2Bb</PackageUrl>
               <Label>UmVsZWFzZSA0Mg==</Label>
               <Configuration>PFNlcnZpY2VDb25maWd1cmF0aW9uLz4=</Configuration>
               <StartDeployment>true</StartDeployment>
               <TreatWarningsAsError>false</TreatWarningsAsError>
               <ExtendedProperties>
                 <ExtendedProperty><Name>Ticket</Name><Value>4711</Value></ExtendedProperty>
               </ExtendedProperties>
               <ExtensionConfiguration>
                 <AllRoles><Extension><Id>RDP-1</Id><State>Uninstall</State></Extension></AllRoles>
                 <NamedRoles>
                   <Role>
                     <RoleName>Web</RoleName>
                     <Extensions><Extension><Id>AD-1</Id><State>Disable</State></Extension></Extensions>
                   </Role>
                 </NamedRoles>
               </ExtensionConfiguration>
             </CreateDeployment>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<CreateDeployment>();
    }

    #[test]
    fn what_cannot_work_is_refused_before_it_is_sent() {
        golden::rejected(
            &create().label("x".repeat(101)),
            "101 characters, more than the allowed 100",
        );
        let service = CloudServiceRef::new("contoso");
        let with_bom = service.create_deployment(
            Slot::Staging,
            "a",
            PACKAGE,
            "\u{feff}<ServiceConfiguration/>",
        );
        golden::rejected(&with_bom, "byte order mark");
        let relative =
            service.create_deployment(Slot::Staging, "a", "packages/42.cspkg?sig=secret", "<S/>");
        golden::rejected(&relative, "not an absolute https or http address");
        let error = golden::endpoint().request(&relative).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        let control = service.create_deployment(Slot::Staging, "a\u{1}b", PACKAGE, "<S/>");
        golden::rejected(&control, "cannot write the body of the request as XML");
    }
}
