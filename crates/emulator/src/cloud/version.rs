//! What an instance runs: a package with a configuration under a label.

use std::sync::Arc;

use super::configuration::Configuration;

/// Made by each accepted create, upgrade and configuration change; never changed afterwards.
#[derive(Debug)]
pub(crate) struct Version {
    /// Counted from 1 in each deployment.
    pub(crate) number: u32,
    /// Counted from 1 in each deployment; a configuration change keeps it.
    pub(crate) package: u32,
    /// The plain text of the deployment's label.
    pub(crate) label: String,
    pub(crate) configuration: Arc<Configuration>,
}

impl Version {
    /// The same with another package.
    pub(crate) fn with_package(&self, package: u32) -> Self {
        Self {
            number: self.number,
            package,
            label: self.label.clone(),
            configuration: self.configuration.clone(),
        }
    }
}
