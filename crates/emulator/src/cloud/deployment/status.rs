//! Starting and stopping a whole deployment.

use azure_classic_protocol::RequestId;

use super::Deployment;
use super::instance::{CREATE, Journey, Phase, START, STOP, STOP_MACHINE};
use super::lock::Then;
use crate::cloud::refusal::Refusal;
use crate::cloud::world::{InstanceId, World};

impl Deployment {
    /// Starts or stops the deployment; its instances set out at once. An update in progress goes on.
    pub(crate) fn set_status(
        &mut self,
        request: &RequestId,
        is_started: bool,
        world: &mut World,
    ) -> Result<(), Refusal> {
        self.check_unlocked()?;
        if self.is_started == is_started {
            self.hold(request, Then::Rest, world);
            return Ok(());
        }
        self.is_started = is_started;
        for (&role, of) in &mut self.roles {
            for (&index, instance) in &mut of.instances {
                if !instance.is_leaving {
                    let journey =
                        if is_started { start(instance.phase) } else { stop(instance.phase) };
                    instance.set_out(
                        journey,
                        InstanceId { deployment: self.id, role, index },
                        world,
                    );
                }
            }
        }
        self.hold(request, if is_started { Then::Start } else { Then::Suspend }, world);
        Ok(())
    }
}

fn start(from: Phase) -> Journey {
    match from {
        Phase::CreatingVM => CREATE,
        _ => START,
    }
}

fn stop(from: Phase) -> Journey {
    match from {
        Phase::CreatingVM | Phase::StartingVM | Phase::StoppingVM => STOP_MACHINE,
        _ => STOP,
    }
}
