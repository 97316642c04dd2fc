//! What a deployment refers to, so that it is not taken away from under it.
//!
//! It refers to what is current, what instances run, what a rollback leads to, and what is about to
//! begin.

use super::update::Plan;
use super::{Deployment, Lock, Then};

impl Deployment {
    pub(crate) fn refers_to_certificate(&self, thumbprint: &str) -> bool {
        let planned = match self.planned() {
            Some(Plan::Forward { configuration, .. }) => Some(configuration),
            _ => None,
        };
        let versions = self.versions.values().map(|version| &version.configuration);
        versions.chain(planned).any(|configuration| configuration.refers_to(thumbprint))
    }

    pub(crate) fn refers_to_extension(&self, id: &str) -> bool {
        let planned = match self.planned() {
            Some(Plan::Forward { extensions, .. }) => extensions.as_ref(),
            _ => None,
        };
        let versions = self.versions.values().map(|version| &version.extensions);
        versions.chain(planned).any(|extensions| extensions.refers_to(id))
    }

    /// The update that was accepted and has not begun.
    fn planned(&self) -> Option<&Plan> {
        match &self.lock {
            Some(Lock { then: Then::Update(plan), .. }) => Some(plan),
            _ => None,
        }
    }
}
