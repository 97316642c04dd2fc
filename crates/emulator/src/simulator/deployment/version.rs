//! What an instance runs: a package with a configuration and extensions under a label.

use serde::{Deserialize, Serialize};

use super::configuration::Configuration;
use super::package::ServiceDefinition;
use crate::simulator::extension::configuration::ExtensionConfiguration;

/// Names a version in its deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct VersionId(pub(super) u32);

/// Made by each accepted create, upgrade and configuration change. Nothing changes afterwards but the
/// text of the configuration, where the platform writes into it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Version {
    /// Counted from 1 in each deployment. Roles that an upgrade left on their own package share it.
    pub(crate) number: u32,
    /// Counted from 1 in each deployment; a configuration change keeps it.
    pub(crate) package: u32,
    pub(crate) definition: ServiceDefinition,
    /// The plain text of the deployment's label.
    pub(crate) label: String,
    pub(crate) configuration: Configuration,
    pub(crate) extensions: ExtensionConfiguration,
}
