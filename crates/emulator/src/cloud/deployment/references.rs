//! What a deployment refers to, so that it is not taken away from under it.

use super::configuration::Configuration;
use super::update::Plan;
use super::{Deployment, Lock, Then};

impl Deployment {
    pub(crate) fn refers_to_certificate(&self, thumbprint: &str) -> bool {
        let roles = self.configurations().flat_map(|configuration| &configuration.roles);
        roles.flat_map(|role| &role.certificates).any(|own| own == thumbprint)
    }

    /// What is current, what instances run, what a rollback leads to, and what is about to begin.
    fn configurations(&self) -> impl Iterator<Item = &Configuration> {
        let planned = match &self.lock {
            Some(Lock { then: Then::Update(Plan::Forward { configuration, .. }), .. }) => {
                Some(configuration)
            }
            _ => None,
        };
        self.versions.values().map(|version| &version.configuration).chain(planned)
    }
}
