//! Starting and stopping a whole deployment.

use azure_classic_protocol::RequestId;

use super::Deployment;
use super::instance::{CREATE, Phase, START, STOP, STOP_MACHINE, StateSequence};
use super::lock::Continuation;
use crate::simulator::api_error::ApiError;
use crate::simulator::shared_state::{InstanceId, SharedState};

impl Deployment {
    /// Starts or stops the deployment; its instances set out at once. An update in progress goes on.
    pub(crate) fn set_status(
        &mut self,
        request: &RequestId,
        is_started: bool,
        shared: &mut SharedState,
    ) -> Result<(), ApiError> {
        self.check_unlocked()?;
        if self.is_started == is_started {
            self.lock_and_schedule(request, Continuation::NoOp, shared);
            return Ok(());
        }
        self.is_started = is_started;
        for (&role, of) in &mut self.roles {
            for (&index, instance) in &mut of.instances {
                if !instance.is_deleting {
                    let sequence = if is_started {
                        start_sequence(instance.phase)
                    } else {
                        stop_sequence(instance.phase)
                    };
                    instance.run_sequence(
                        sequence,
                        InstanceId { deployment: self.id, role, index },
                        shared,
                    );
                }
            }
        }
        self.lock_and_schedule(
            request,
            if is_started { Continuation::Start } else { Continuation::Suspend },
            shared,
        );
        Ok(())
    }
}

fn start_sequence(from: Phase) -> StateSequence {
    match from {
        Phase::CreatingVM => CREATE,
        _ => START,
    }
}

fn stop_sequence(from: Phase) -> StateSequence {
    match from {
        Phase::CreatingVM | Phase::StartingVM | Phase::StoppingVM => STOP_MACHINE,
        _ => STOP,
    }
}
