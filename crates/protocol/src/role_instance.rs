//! Role instances: the virtual machines that run the roles of a deployment.

mod delete;
mod reboot;
mod rebuild;
mod reimage;

pub use self::delete::DeleteRoleInstances;
pub use self::reboot::RebootRoleInstance;
pub use self::rebuild::RebuildRoleInstance;
pub use self::reimage::ReimageRoleInstance;
use crate::{DeploymentRef, RequestBuilder};

/// Refers to a role instance of a deployment.
///
/// Created by [`DeploymentRef::instance`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleInstanceRef {
    deployment: DeploymentRef,
    name: String,
}

impl DeploymentRef {
    /// Refers to the role instance of this name, such as `Web_IN_0`.
    pub fn instance(&self, name: impl Into<String>) -> RoleInstanceRef {
        RoleInstanceRef { deployment: self.clone(), name: name.into() }
    }
}

/// The kind of name, for errors.
const NAME: &str = "role instance name";

impl RoleInstanceRef {
    /// Returns the deployment of the instance.
    pub fn deployment(&self) -> &DeploymentRef {
        &self.deployment
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Fills the placeholders `{service}`, `{deployment}` and `{instance}`.
    fn fill(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
        request.segment("instance", NAME, &self.name);
    }
}
