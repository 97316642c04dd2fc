use serde::Serialize;

use super::model::ExtensionConfiguration;
use super::{DeploymentRef, UpdateMode, check_configuration};
use crate::{
    Accepted, ApiVersion, Base64Text, Body, ExtendedProperty, Idempotency, Metadata, Method,
    Operation, RequestBuilder, extended_property,
};

/// Applies a new configuration (settings, instance counts, certificates, extensions) to a deployment.
///
/// It moves through the upgrade domains as an upgrade does and can be rolled back while it is in
/// progress. The configuration is always the complete document, never a part of it. Adding or
/// removing instances makes every role learn of it. When the accepted operation has succeeded, instances
/// may still be starting: poll the deployment until
/// [`is_settled`](super::Deployment::is_settled). Since 2009-10-01.
///
/// Reference page: *Change Deployment Configuration* (`rest-change-deployment-configuration`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, UpdateMode};
///
/// # let cscfg = "<ServiceConfiguration/>";
/// let change = CloudServiceRef::new("contoso")
///     .deployment("release-42")
///     .change_configuration(cscfg)
///     .mode(UpdateMode::Manual);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename = "ChangeConfiguration", rename_all = "PascalCase")]
pub struct ChangeDeploymentConfiguration {
    #[serde(skip)]
    deployment: DeploymentRef,
    configuration: Base64Text,
    treat_warnings_as_error: Option<bool>,
    mode: Option<UpdateMode>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extended_properties: Vec<ExtendedProperty>,
    extension_configuration: Option<ExtensionConfiguration>,
}

impl DeploymentRef {
    /// Applies the complete text of a configuration (`.cscfg`).
    pub fn change_configuration(
        &self,
        configuration: impl Into<Base64Text>,
    ) -> ChangeDeploymentConfiguration {
        ChangeDeploymentConfiguration {
            deployment: self.clone(),
            configuration: configuration.into(),
            treat_warnings_as_error: None,
            mode: None,
            extended_properties: Vec::new(),
            extension_configuration: None,
        }
    }
}

impl ChangeDeploymentConfiguration {
    /// Fails on warnings. Default false. Since 2011-04-01.
    pub fn treat_warnings_as_error(mut self, yes: bool) -> Self {
        self.treat_warnings_as_error = Some(yes);
        self
    }

    /// How the change moves through the upgrade domains. Default `Auto`. Since 2011-08-01.
    pub fn mode(mut self, mode: UpdateMode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// Sets or deletes a property; at most 25. Since 2012-03-01.
    pub fn extended_property(mut self, property: ExtendedProperty) -> Self {
        self.extended_properties.push(property);
        self
    }

    /// Says which extensions apply to which roles: the whole set. Since 2013-03-01.
    ///
    /// The effect on the present set without this call is not documented.
    pub fn extensions(mut self, extensions: ExtensionConfiguration) -> Self {
        self.extension_configuration = Some(extensions);
        self
    }
}

impl Operation for ChangeDeploymentConfiguration {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Change Deployment Configuration",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}/?comp=config",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-change-deployment-configuration",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
        check_configuration(request, &self.configuration);
        if self.treat_warnings_as_error.is_some() {
            request.requires(ApiVersion::V2011_04_01, "TreatWarningsAsError");
        }
        if let Some(mode) = &self.mode {
            request.requires(ApiVersion::V2011_08_01, "Mode");
            mode.check(request);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::model::{ExtensionReference, ExtensionState};
    use crate::testing::golden;
    use crate::{CloudServiceRef, Slot};

    #[test]
    fn request_by_slot() {
        golden::request(
            &CloudServiceRef::new("contoso")
                .slot(Slot::Production)
                .change_configuration("<ServiceConfiguration/>"),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production/?comp=config
             x-ms-version: 2015-04-01
             content-type: application/xml

             <ChangeConfiguration xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Configuration>PFNlcnZpY2VDb25maWd1cmF0aW9uLz4=</Configuration>
             </ChangeConfiguration>",
        );
    }

    #[test]
    fn request_by_name_with_everything() {
        let extensions = ExtensionConfiguration::default()
            .all_roles([ExtensionReference::new("RDP-1").state(ExtensionState::Uninstall)])
            .role("Web", [ExtensionReference::new("AD-1").state(ExtensionState::Disable)]);
        golden::request(
            &CloudServiceRef::new("contoso")
                .deployment("release-42")
                .change_configuration("<ServiceConfiguration/>")
                .treat_warnings_as_error(true)
                .mode(UpdateMode::Manual)
                .extended_property(ExtendedProperty::new("Ticket", ""))
                .extensions(extensions),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/?comp=config
             x-ms-version: 2015-04-01
             content-type: application/xml

             <ChangeConfiguration xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Configuration>PFNlcnZpY2VDb25maWd1cmF0aW9uLz4=</Configuration>
               <TreatWarningsAsError>true</TreatWarningsAsError>
               <Mode>Manual</Mode>
               <ExtendedProperties>
                 <ExtendedProperty><Name>Ticket</Name><Value/></ExtendedProperty>
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
             </ChangeConfiguration>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<ChangeDeploymentConfiguration>();
    }

    #[test]
    fn younger_elements_need_a_newer_version() {
        let change = CloudServiceRef::new("contoso")
            .slot(Slot::Production)
            .change_configuration("<ServiceConfiguration/>");
        let older = golden::endpoint().with_version(ApiVersion::V2011_06_01);
        assert!(older.request(&change).is_ok());
        let error = older.request(&change.clone().mode(UpdateMode::Auto)).unwrap_err().to_string();
        assert!(error.contains("Mode needs x-ms-version 2011-08-01"), "{error}");
        let error = older.request(&change.extensions(ExtensionConfiguration::none())).unwrap_err();
        assert!(
            error.to_string().contains("ExtensionConfiguration needs x-ms-version 2013-03-01"),
            "{error}"
        );
    }
}
