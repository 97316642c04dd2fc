//! A role instance: one of the machines that a role of a deployment runs on.

mod delete;
mod reboot;
mod rebuild;
mod reimage;

pub use self::delete::DeleteRoleInstances;
pub use self::reboot::RebootRoleInstance;
pub use self::rebuild::RebuildRoleInstance;
pub use self::reimage::ReimageRoleInstance;
use crate::{DeploymentRef, RequestBuilder};

/// Names a role instance of a deployment.
///
/// Made by [`DeploymentRef::instance`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleInstanceRef {
    deployment: DeploymentRef,
    name: String,
}

impl DeploymentRef {
    /// The role instance of this name, such as `Web_IN_0`.
    pub fn instance(&self, name: impl Into<String>) -> RoleInstanceRef {
        RoleInstanceRef { deployment: self.clone(), name: name.into() }
    }
}

/// What errors call the name of a role instance.
const NAME: &str = "role instance name";

impl RoleInstanceRef {
    /// The deployment that it belongs to.
    pub fn deployment(&self) -> &DeploymentRef {
        &self.deployment
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Fills the placeholders `{service}`, `{deployment}` and `{instance}`.
    fn fill(&self, request: &mut RequestBuilder) {
        self.deployment.fill(request);
        request.segment("instance", NAME, &self.name);
    }
}
