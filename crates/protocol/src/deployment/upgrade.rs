use serde::Serialize;

use super::model::ExtensionConfiguration;
use super::{DeploymentRef, check_configuration, check_package_url};
use crate::open_enum::open_enum;
use crate::{
    Accepted, ApiVersion, Base64Text, Body, Error, ExtendedProperty, Idempotency, Metadata, Method,
    Operation, RequestBuilder, extended_property,
};

/// Replaces package and configuration of a deployment in place, upgrade domain by upgrade domain.
///
/// In mode `Auto` the platform takes the domains 0, 1, 2, … one after the other; in mode `Manual`
/// nothing moves until Walk Upgrade Domain; `Simultaneous` takes all at once, with downtime. While it
/// is in progress it can be rolled back. A second upgrade replaces the first, and instances of
/// several domains can then be down together. When the accepted operation has succeeded, instances may
/// still be starting: poll the deployment until [`is_settled`](super::Deployment::is_settled).
///
/// Role names and the number of upgrade domains cannot change, local storage cannot shrink. With
/// [`force`](Self::force) local data of instances may be lost. Since 2009-10-01; this crate always
/// sends `Force`, so 2011-10-01 is needed.
///
/// Reference page: *Upgrade Deployment* (`rest-upgrade-deployment`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, UpdateMode};
///
/// # let cscfg = "<ServiceConfiguration/>";
/// let upgrade = CloudServiceRef::new("contoso").deployment("release-42").upgrade(
///     UpdateMode::Manual,
///     "https://contoso.blob.core.windows.net/packages/43.cspkg",
///     cscfg,
///     "Release 43",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpgradeDeployment {
    #[serde(skip)]
    deployment: DeploymentRef,
    mode: UpdateMode,
    package_url: String,
    configuration: Base64Text,
    label: Base64Text,
    role_to_upgrade: Option<String>,
    force: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extended_properties: Vec<ExtendedProperty>,
    extension_configuration: Option<ExtensionConfiguration>,
}

open_enum! {
    /// How an update moves through the upgrade domains.
    pub enum UpdateMode {
        /// The platform takes domain after domain by itself.
        Auto,
        /// Nothing moves until Walk Upgrade Domain is called for each domain.
        Manual,
        /// All domains together, so with downtime; the reference names it and does not explain it.
        /// Taken to be since 2013-03-01, the later of two dates given.
        Simultaneous,
    }
}

impl UpdateMode {
    pub(super) fn check(&self, request: &mut RequestBuilder) {
        match self {
            Self::Auto | Self::Manual => {}
            Self::Simultaneous => {
                request.requires(ApiVersion::V2013_03_01, "the mode Simultaneous");
            }
            Self::Other(word) => request.reject(Error::invalid(format!(
                "{word:?} is not a mode of an update; it is Auto, Manual or Simultaneous"
            ))),
        }
    }
}

impl DeploymentRef {
    /// Replaces package and configuration: by the mode, the address of the package, the complete
    /// text of the configuration (`.cscfg`) and the new label.
    pub fn upgrade(
        &self,
        mode: UpdateMode,
        package_url: impl Into<String>,
        configuration: impl Into<Base64Text>,
        label: impl Into<Base64Text>,
    ) -> UpgradeDeployment {
        UpgradeDeployment {
            deployment: self.clone(),
            mode,
            package_url: package_url.into(),
            configuration: configuration.into(),
            label: label.into(),
            role_to_upgrade: None,
            force: false,
            extended_properties: Vec::new(),
            extension_configuration: None,
        }
    }
}

impl UpgradeDeployment {
    /// Upgrades only this role. Others may restart all the same, for reasons of the platform.
    pub fn role(mut self, role: impl Into<String>) -> Self {
        self.role_to_upgrade = Some(role.into());
        self
    }

    /// Goes on even if local data of instances is lost, as by another VM size. Default false: such
    /// an upgrade fails. Since 2011-10-01.
    pub fn force(mut self, force: bool) -> Self {
        self.force = force;
        self
    }

    /// Sets or deletes a property; at most 25. Since 2012-03-01.
    pub fn extended_property(mut self, property: ExtendedProperty) -> Self {
        self.extended_properties.push(property);
        self
    }

    /// Says which extensions apply to which roles: the whole set. Since 2013-03-01.
    pub fn extensions(mut self, extensions: ExtensionConfiguration) -> Self {
        self.extension_configuration = Some(extensions);
        self
    }
}

impl Operation for UpgradeDeployment {
    type Output = Accepted;

    const METADATA: Metadata = Metadata {
        name: "Upgrade Deployment",
        method: Method::POST,
        route: "/services/hostedservices/{service}/{deployment}/?comp=upgrade",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-upgrade-deployment",
        idempotency: Idempotency::NonIdempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
        self.mode.check(request);
        request.requires(ApiVersion::V2011_10_01, "Force");
        check_package_url(request, &self.package_url);
        check_configuration(request, &self.configuration);
        request.max_length("label", self.label.as_str(), 100);
        if self.role_to_upgrade.as_ref().is_some_and(String::is_empty) {
            request.reject(Error::invalid(
                "the role to upgrade is empty; give the role's name, or none for all roles",
            ));
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

    const PACKAGE: &str = "https://contoso.blob.core.windows.net/packages/43.cspkg";

    #[test]
    fn request_by_slot() {
        golden::request(
            &CloudServiceRef::new("contoso").slot(Slot::Production).upgrade(
                UpdateMode::Auto,
                PACKAGE,
                "<ServiceConfiguration/>",
                "Release 43",
            ),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Production/?comp=upgrade
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpgradeDeployment xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Mode>Auto</Mode>
               <PackageUrl>https://contoso.blob.core.windows.net/packages/43.cspkg</PackageUrl>
               <Configuration>PFNlcnZpY2VDb25maWd1cmF0aW9uLz4=</Configuration>
               <Label>UmVsZWFzZSA0Mw==</Label>
               <Force>false</Force>
             </UpgradeDeployment>",
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
                .upgrade(UpdateMode::Simultaneous, PACKAGE, "<ServiceConfiguration/>", "Release 43")
                .role("Web")
                .force(true)
                .extended_property(ExtendedProperty::new("Team", "shop"))
                .extended_property(ExtendedProperty::delete("Ticket"))
                .extensions(extensions),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deployments/release-42/?comp=upgrade
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpgradeDeployment xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Mode>Simultaneous</Mode>
               <PackageUrl>https://contoso.blob.core.windows.net/packages/43.cspkg</PackageUrl>
               <Configuration>PFNlcnZpY2VDb25maWd1cmF0aW9uLz4=</Configuration>
               <Label>UmVsZWFzZSA0Mw==</Label>
               <RoleToUpgrade>Web</RoleToUpgrade>
               <Force>true</Force>
               <ExtendedProperties>
                 <ExtendedProperty><Name>Team</Name><Value>shop</Value></ExtendedProperty>
                 <ExtendedProperty><Name>Ticket</Name></ExtendedProperty>
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
             </UpgradeDeployment>",
        );
    }

    #[test]
    fn request_that_removes_all_extensions() {
        golden::request(
            &CloudServiceRef::new("contoso")
                .slot(Slot::Staging)
                .upgrade(UpdateMode::Manual, PACKAGE, "<ServiceConfiguration/>", "Release 43")
                .extensions(ExtensionConfiguration::none()),
            "POST /8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10/services/hostedservices/contoso/deploymentslots/Staging/?comp=upgrade
             x-ms-version: 2015-04-01
             content-type: application/xml

             <UpgradeDeployment xmlns=\"http://schemas.microsoft.com/windowsazure\">
               <Mode>Manual</Mode>
               <PackageUrl>https://contoso.blob.core.windows.net/packages/43.cspkg</PackageUrl>
               <Configuration>PFNlcnZpY2VDb25maWd1cmF0aW9uLz4=</Configuration>
               <Label>UmVsZWFzZSA0Mw==</Label>
               <Force>false</Force>
               <ExtensionConfiguration>
                 <AllRoles/>
                 <NamedRoles/>
               </ExtensionConfiguration>
             </UpgradeDeployment>",
        );
    }

    #[test]
    fn response_is_accepted() {
        golden::accepted::<UpgradeDeployment>();
    }

    #[test]
    fn what_cannot_work_is_refused_before_it_is_sent() {
        let deployment = CloudServiceRef::new("contoso").deployment("release-42");
        let upgrade = |mode| deployment.upgrade(mode, PACKAGE, "<S/>", "x");
        golden::rejected(&upgrade(UpdateMode::from("fast")), "\"fast\" is not a mode of an update");
        golden::rejected(&upgrade(UpdateMode::Auto).role(""), "the role to upgrade is empty");
        let older = golden::endpoint().with_version(ApiVersion::V2012_12_01);
        assert!(older.request(&upgrade(UpdateMode::Manual)).is_ok());
        let error = older.request(&upgrade(UpdateMode::Simultaneous)).unwrap_err().to_string();
        assert!(error.contains("the mode Simultaneous needs x-ms-version 2013-03-01"), "{error}");
    }
}
