//! Work that is accepted and comes to nothing.

use super::Failure;
use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::Call;
use crate::cloud::refusal::Refusal;
use crate::cloud::route::Perform;
use crate::cloud::work::Task;
use crate::cloud::world::DeploymentId;

impl Cloud {
    /// Performs the operation on a copy of the cloud, which tells whether it would be accepted. If
    /// so, the copy is thrown away, and its operation fails when the work would have been done.
    pub(in crate::cloud) fn accept_in_vain(
        &mut self,
        call: &Call<'_>,
        perform: Perform,
        failure: &Failure,
    ) -> Result<Answer, Refusal> {
        let mut copy = self.clone();
        let answer = perform(&mut copy, call)?;
        if !answer.goes_on {
            call.notes.note(|| "what is done at once cannot fail late".to_owned());
            *self = copy;
            return Ok(answer);
        }
        let held = copy.deployments.iter().filter(|(_, it)| it.is_held_by(call.id));
        let held: Vec<DeploymentId> = held.map(|(id, _)| *id).collect();
        let mut is_held = false;
        for id in held {
            if let Some(deployment) = self.deployments.get_mut(&id) {
                deployment.hold_in_vain(call.id, &failure.refusal(), &mut self.world);
                is_held = true;
            }
        }
        if !is_held {
            self.begin_work(call.id, Task::Fail(failure.clone()));
        }
        Ok(answer)
    }
}
