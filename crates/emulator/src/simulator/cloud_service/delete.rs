//! Delete Cloud Service: an empty one, or one with everything in it.

use http::StatusCode;

use super::no_service;
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::shared_state::DeploymentId;
use crate::simulator::tasks::Task;

pub(super) fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("service");
    let service = simulator.service_mut(name)?;
    if service.slots.iter().any(Option::is_some) {
        return Err(ApiError::conflict(format!(
            "The hosted service {} has deployments. Delete them first.",
            service.name
        )));
    }
    simulator.services.remove(&name.to_ascii_lowercase());
    Ok(ApiResponse::empty(StatusCode::OK))
}

pub(super) fn delete_with_deployments(
    simulator: &mut Simulator,
    call: &Call<'_>,
) -> Result<ApiResponse, ApiError> {
    let name = call.argument("service");
    let slots = simulator.service_mut(name)?.slots;
    let deployments: Vec<DeploymentId> = slots.into_iter().flatten().collect();
    for deployment in deployments.iter().filter_map(|id| simulator.deployments.get(id)) {
        deployment.check_unlocked()?;
    }
    for id in deployments {
        if let Some(deployment) = simulator.deployments.get_mut(&id) {
            deployment.delete_with_service(call.id, &mut simulator.shared);
        }
    }
    let deletion =
        simulator.start_task(call.id, Task::DeleteCloudService(name.to_ascii_lowercase()));
    simulator.service_mut(name)?.deletion = Some(deletion);
    Ok(ApiResponse::accepted())
}

impl Simulator {
    /// The end of a deletion with everything in it.
    pub(in crate::simulator) fn finish_service_deletion(
        &mut self,
        key: &str,
    ) -> Result<(), ApiError> {
        let slots = self.services.get(key).ok_or_else(no_service)?.slots;
        for deployment in slots.into_iter().flatten() {
            self.remove_deployment(deployment);
        }
        self.services.remove(key);
        Ok(())
    }
}
