//! A deployment: a package and a configuration that run as role instances in a slot.

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

/// Names a deployment: by the slot that it is in, or by its own name.
///
/// Made by [`CloudServiceRef::slot`] and [`CloudServiceRef::deployment`]. A swap moves deployments
/// between slots and leaves their names, so whatever takes longer than one call should go by name:
/// [`pinned`](Self::by_name_of).
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

    /// The cloud service that it belongs to.
    pub fn service(&self) -> &CloudServiceRef {
        &self.service
    }

    /// Its own name; `None` for whichever deployment is in a slot.
    pub fn name(&self) -> Option<&str> {
        match &self.key {
            Key::Slot(_) => None,
            Key::Name(name) => Some(name),
        }
    }

    /// The deployment that was just read, by its name: what a slot held then, whichever slot it is in
    /// later.
    ///
    /// A swap by somebody else moves another deployment into the slot. So whoever does more than one
    /// thing to "the deployment in production" reads it once and goes on by name; if the name is gone
    /// then, the next call fails with 404 instead of touching another deployment.
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

    /// Refuses what a body cannot name: a slot, and names that no address could have.
    pub(crate) fn check_name(&self, request: &mut RequestBuilder) {
        self.service.check(request);
        match &self.key {
            Key::Slot(slot) => request.reject(Error::invalid(format!(
                "the deployment is given by its slot, {slot}, and this operation takes a name only; \
                 read the deployment for its name"
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
    /// One of the two places for a deployment in a cloud service.
    pub enum Slot {
        /// Answers under the name of the cloud service.
        Production,
        /// Answers under a name of its own, for trying out.
        Staging,
    }
}

/// Refuses a configuration that the service would reject whatever it says.
fn check_configuration(request: &mut RequestBuilder, configuration: &Base64Text) {
    let text = configuration.as_str();
    if text.starts_with('\u{feff}') {
        request.reject(Error::invalid(
            "the configuration begins with a byte order mark, which the service rejects; leave it out",
        ));
    }
    if text.trim().is_empty() {
        request.reject(Error::invalid(
            "the configuration is empty; give the complete text of the .cscfg file",
        ));
    }
}

/// Refuses an address that the platform cannot fetch a package from.
fn check_package_url(request: &mut RequestBuilder, package_url: &str) {
    if !is_web_address(package_url) {
        // The address may hold a signature that grants access: it is not repeated here.
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
