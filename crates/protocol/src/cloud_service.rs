//! A cloud service: a DNS name with a production and a staging slot.

mod check_name_availability;
mod create;
mod delete;
mod delete_with_disks;
mod get;
mod list;
mod model;
mod swap;
mod update;

pub use self::check_name_availability::CheckCloudServiceNameAvailability;
pub use self::create::{CreateCloudService, Placement};
pub use self::delete::DeleteCloudService;
pub use self::delete_with_disks::DeleteCloudServiceWithDisks;
pub use self::get::GetCloudServiceProperties;
pub use self::list::{CloudServices, ListCloudServices};
pub use self::model::{
    CloudService, CloudServiceProperties, CloudServiceStatus, ComputeCapabilities, RoleSize,
};
pub use self::swap::SwapDeployment;
pub use self::update::UpdateCloudService;
use crate::deployment::{DeploymentRef, Slot};
use crate::{Error, RequestBuilder};

/// Refers to a cloud service by its DNS prefix.
///
/// A name is 1 to 63 letters, digits and hyphens, and does not start or end with a hyphen. Building a request
/// with any other name fails.
///
/// ```
/// use azure_classic_protocol::{CloudServiceRef, Slot};
///
/// let contoso = CloudServiceRef::new("contoso");
/// let staging = contoso.slot(Slot::Staging);
/// let by_name = contoso.deployment("release-42");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CloudServiceRef {
    name: String,
}

impl CloudServiceRef {
    /// Refers to the cloud service with this DNS prefix: `contoso` for `contoso.cloudapp.net`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// Returns the DNS prefix.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Refers to the deployment in a slot, whichever it is at the time of the call.
    ///
    /// A swap exchanges the deployments of the slots. For more than one call, refer to the deployment by
    /// name: [`deployment`](Self::deployment).
    pub fn slot(&self, slot: Slot) -> DeploymentRef {
        DeploymentRef::by_slot(self.clone(), slot)
    }

    /// Refers to the deployment of this name, in whichever slot it is.
    pub fn deployment(&self, name: impl Into<String>) -> DeploymentRef {
        DeploymentRef::by_name(self.clone(), name.into())
    }

    /// Rejects a name that is not a valid DNS prefix.
    pub(crate) fn check(&self, request: &mut RequestBuilder) {
        if let Err(error) = check_dns_label(&self.name) {
            request.reject(error);
        }
    }

    /// Fills the placeholder `{service}`.
    pub(crate) fn fill(&self, request: &mut RequestBuilder) {
        self.check(request);
        request.segment("service", "cloud service name", &self.name);
    }
}

/// Checks a DNS label, which has stricter rules than a path segment.
fn check_dns_label(name: &str) -> Result<(), Error> {
    let refuse = |why: &str| {
        let shown: String = name.chars().take(70).collect();
        Err(Error::invalid(format!("the cloud service name {shown:?} {why}")))
    };
    if let Some(character) =
        name.chars().find(|character| !character.is_ascii_alphanumeric() && *character != '-')
    {
        return refuse(&format!(
            "has {character:?}; a name consists of letters, digits and hyphens"
        ));
    }
    match name.len() {
        0 => refuse("is empty; give the DNS prefix of the cloud service"),
        64.. => refuse(&format!("has {} characters, more than the allowed 63", name.len())),
        _ if name.starts_with('-') || name.ends_with('-') => refuse("starts or ends with a hyphen"),
        _ => Ok(()),
    }
}
