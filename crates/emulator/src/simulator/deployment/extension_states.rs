//! What has become of the extensions on a role instance.

use serde::Serialize;

use super::instance::{Instance, Phase};
use super::role::Role;
use super::{Deployment, Stage};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResourceExtensionStatus<'a> {
    handler_name: &'a str,
    version: &'a str,
    status: &'static str,
}

impl Deployment {
    /// As the instance reports; nothing while it does not run.
    pub(super) fn extension_states(
        &self,
        role: &Role,
        instance: &Instance,
    ) -> Vec<ResourceExtensionStatus<'_>> {
        let Some(status) =
            extension_status(instance.phase).filter(|_| self.stage != Stage::Provisioned)
        else {
            return Vec::new();
        };
        let extensions = self.versions[&instance.version].extensions.for_role(&role.name);
        extensions
            .into_iter()
            .filter(|reference| !reference.is_uninstalled())
            .map(|reference| ResourceExtensionStatus {
                handler_name: &reference.handler,
                version: &reference.resolved_version,
                status: if reference.is_disabled() { NOT_READY } else { status },
            })
            .collect()
    }
}

const NOT_READY: &str = "NotReady";

fn extension_status(phase: Phase) -> Option<&'static str> {
    match phase {
        Phase::ReadyRole => Some("Ready"),
        Phase::RestartingRole | Phase::CyclingRole | Phase::FailedStartingRole => Some(NOT_READY),
        Phase::UnresponsiveRole => Some("Unresponsive"),
        Phase::CreatingVM
        | Phase::StartingVM
        | Phase::CreatingRole
        | Phase::StartingRole
        | Phase::BusyRole
        | Phase::StoppingRole => Some("Installing"),
        Phase::StoppingVM | Phase::StoppedVM | Phase::DeletingVM => None,
    }
}
