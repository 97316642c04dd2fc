//! What a deployment refers to, so that it is not taken away from under it.
//!
//! It refers to what is current, what instances run, what a rollback leads to, and what is about to
//! begin.

use super::Deployment;
use super::lock::{Continuation, Lock};
use super::plan::{NewVersion, UpdatePlan};

impl Deployment {
    pub(crate) fn refers_to_certificate(&self, thumbprint: &str) -> bool {
        let planned = self.pending_version().map(|plan| &plan.configuration);
        let versions = self.versions.values().map(|version| &version.configuration);
        versions.chain(planned).any(|configuration| configuration.uses_certificate(thumbprint))
    }

    pub(crate) fn refers_to_extension(&self, id: &str) -> bool {
        let planned = self.pending_version().and_then(|plan| plan.extensions.as_ref());
        let versions = self.versions.values().map(|version| &version.extensions);
        versions.chain(planned).any(|extensions| extensions.refers_to(id))
    }

    /// The subnets of its virtual network that it is in.
    pub(crate) fn subnets(&self) -> impl Iterator<Item = &str> {
        let planned = self.pending_version().map(|plan| &plan.configuration);
        let versions = self.versions.values().map(|version| &version.configuration);
        versions.chain(planned).flat_map(|configuration| configuration.network.named_subnets())
    }

    /// The update that was accepted and has not begun.
    fn pending_version(&self) -> Option<&NewVersion> {
        match &self.lock {
            Some(Lock {
                continuation: Continuation::StartUpdate(UpdatePlan::RollForward(plan)),
                ..
            }) => Some(plan),
            _ => None,
        }
    }
}
