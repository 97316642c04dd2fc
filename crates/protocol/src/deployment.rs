//! Deployments: a package and a configuration that run as role instances in a slot.

mod change_configuration;
mod create;
mod delete;
mod get;
mod get_package;
mod list_events;
pub mod model;
mod rollback;
mod settled;
mod update_status;
mod upgrade;
mod walk_upgrade_domain;

pub use self::change_configuration::ChangeDeploymentConfiguration;
pub use self::create::CreateDeployment;
pub use self::delete::DeleteDeployment;
pub use self::get::GetDeployment;
pub use self::get_package::GetPackage;
pub use self::list_events::{DeploymentEvents, ListDeploymentEvents, RebootEvent};
pub use self::model::Deployment;
pub use self::rollback::{RollbackMode, RollbackUpdateOrUpgrade};
pub use self::update_status::UpdateDeploymentStatus;
pub use self::upgrade::{UpdateMode, UpgradeDeployment};
pub use self::walk_upgrade_domain::WalkUpgradeDomain;
use crate::open_enum::open_enum;
use crate::{Base64Text, CloudServiceRef, Error, RequestBuilder};

/// Refers to a deployment by its slot or by its name.
///
/// Created by [`CloudServiceRef::slot`] and [`CloudServiceRef::deployment`]. A swap moves deployments between
/// slots but keeps their names, so use the name for more than one call: [`by_name_of`](Self::by_name_of).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeploymentRef {
    service: CloudServiceRef,
    key: Key,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Slot(Slot),
    Name(String),
}

impl DeploymentRef {
    pub(crate) fn by_slot(service: CloudServiceRef, slot: Slot) -> Self {
        Self { service, key: Key::Slot(slot) }
    }

    pub(crate) fn by_name(service: CloudServiceRef, name: String) -> Self {
        Self { service, key: Key::Name(name) }
    }

    /// Returns the cloud service of the deployment.
    pub fn service(&self) -> &CloudServiceRef {
        &self.service
    }

    /// Returns the name; `None` for a reference by slot.
    pub fn name(&self) -> Option<&str> {
        match &self.key {
            Key::Slot(_) => None,
            Key::Name(name) => Some(name),
        }
    }

    /// Refers to the deployment that was just read, by its name, whichever slot it is in later.
    ///
    /// A swap by another operator moves another deployment into the slot. For several calls on "the
    /// deployment in production", read it once and continue by name. If the name no longer exists, the next
    /// call fails with 404 instead of changing another deployment.
    ///
    /// # Example
    ///
    /// ```
    /// use azure_classic_protocol::{CloudServiceRef, Deployment, RollbackMode, Slot, xml};
    ///
    /// let production = CloudServiceRef::new("contoso").slot(Slot::Production);
    /// // … send production.get(), and read the answer …
    /// # let read = br#"<Deployment xmlns="http://schemas.microsoft.com/windowsazure"><Name>release-42</Name><Status>Running</Status></Deployment>"#;
    /// # let read: Deployment = xml::from_slice(read)?;
    /// let release = production.by_name_of(&read);
    /// let rollback = release.rollback(RollbackMode::Auto);
    /// assert_eq!(release.name(), Some("release-42"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_name_of(&self, read: &Deployment) -> Self {
        Self::by_name(self.service.clone(), read.name.clone())
    }

    /// Rejects references that a body cannot contain: a slot, and names that are invalid in an address.
    pub(crate) fn check_name(&self, request: &mut RequestBuilder) {
        self.service.check(request);
        match &self.key {
            Key::Slot(slot) => request.reject(Error::invalid(format!(
                "the deployment is given by its slot, {slot}, but this operation takes a name only; read the deployment to get its name"
            ))),
            Key::Name(name) => request.check_name("deployment name", name),
        }
    }

    /// Fills the placeholders `{service}` and `{deployment}` of an address that takes a name only.
    pub(crate) fn fill_name(&self, request: &mut RequestBuilder) {
        self.check_name(request);
        self.service.fill(request);
        request.segment("deployment", "deployment name", self.name().unwrap_or_default());
    }

    /// Fills the placeholders `{service}` and `{deployment}`.
    pub(crate) fn fill(&self, request: &mut RequestBuilder) {
        self.service.fill(request);
        match &self.key {
            Key::Slot(slot) => {
                request.fill("deployment", "deploymentslots/{slot}");
                request.segment("slot", "slot", slot.as_str());
            }
            Key::Name(name) => {
                request.fill("deployment", "deployments/{name}");
                request.segment("name", "deployment name", name);
            }
        }
    }
}

open_enum! {
    /// A slot for a deployment in a cloud service.
    pub enum Slot {
        /// Production: has the DNS name of the cloud service.
        Production,
        /// Staging: has its own generated DNS name, for tests.
        Staging,
    }
}

/// Rejects a configuration that the service would reject regardless of its content.
fn check_configuration(request: &mut RequestBuilder, configuration: &Base64Text) {
    let text = configuration.as_str();
    if text.starts_with('\u{feff}') {
        request.reject(Error::invalid(
            "the configuration starts with a byte order mark, which the service rejects; leave it out",
        ));
    }
    if text.trim().is_empty() {
        request.reject(Error::invalid(
            "the configuration is empty; give the complete text of the .cscfg file",
        ));
    }
}

/// Rejects an address from which the platform cannot download a package.
fn check_package_url(request: &mut RequestBuilder, package_url: &str) {
    if !is_web_address(package_url) {
        // The address may contain a signature that grants access, so the error does not repeat it.
        request.reject(Error::invalid(
            "the package URL is not an absolute https or http address; give the address of a .cspkg blob",
        ));
    }
}

/// Whether it is an absolute https or http address.
fn is_web_address(text: &str) -> bool {
    text.parse::<http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("https" | "http")) && uri.authority().is_some()
    })
}
