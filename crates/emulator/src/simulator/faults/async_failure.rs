//! Work that is accepted and comes to nothing.

use super::AsyncFailure;
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::route::Handler;
use crate::simulator::shared_state::DeploymentId;
use crate::simulator::tasks::Task;

impl Simulator {
    /// Executes the operation on a copy of the simulator, which shows whether it would be accepted. If so,
    /// the copy is discarded, and the operation fails at the time it would have ended.
    pub(in crate::simulator) fn accept_then_fail(
        &mut self,
        call: &Call<'_>,
        perform: Handler,
        failure: &AsyncFailure,
    ) -> Result<ApiResponse, ApiError> {
        let mut copy = self.clone();
        let response = perform(&mut copy, call)?;
        if !response.has_accepted_operation {
            call.diagnostics.add(|| "what is done at once cannot fail late".to_owned());
            *self = copy;
            return Ok(response);
        }
        let delayed = copy.deployments.iter().filter(|(_, it)| it.is_locked_by(call.id));
        let delayed: Vec<DeploymentId> = delayed.map(|(id, _)| *id).collect();
        let mut is_held = false;
        for id in delayed {
            if let Some(deployment) = self.deployments.get_mut(&id) {
                deployment.lock_then_fail(call.id, &failure.error(), &mut self.shared);
                is_held = true;
            }
        }
        if !is_held {
            self.start_task(call.id, Task::Fail(failure.clone()));
        }
        Ok(response)
    }
}
