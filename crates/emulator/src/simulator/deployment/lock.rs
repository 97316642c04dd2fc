//! The operation that holds a deployment, and what happens when its work is done.

use azure_classic_protocol::{ErrorBody, RequestId};
use serde::{Deserialize, Serialize};

use super::plan::UpdatePlan;
use super::virtual_ip::VirtualIp;
use super::{Deployment, Stage};
use crate::simulator::api_error::ApiError;
use crate::simulator::dns_server::DnsServer;
use crate::simulator::operations::Progress;
use crate::simulator::shared_state::{DeploymentId, Event, InstanceId, SharedState, Subject};
use crate::simulator::timing::Delay;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Lock {
    pub(crate) holder: RequestId,
    /// How long the work takes in all.
    delay: Delay,
    pub(super) continuation: Continuation,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Continuation {
    Provision,
    Activate,
    /// An update begins to move.
    StartUpdate(UpdatePlan),
    /// The operation has failed, and changed nothing; what it was to make is not made.
    Fail {
        status: u16,
        error: ErrorBody,
    },
    /// Nothing, because all has been begun already.
    NoOp,
    /// The same, and the deployment is started.
    Start,
    /// The same, and the deployment is suspended.
    Suspend,
    /// These instances are gone.
    FinishInstanceDeletion(Vec<InstanceId>),
    SetDnsServers(Vec<DnsServer>),
    /// The deployment has another public address.
    SetVirtualIp(VirtualIp),
    /// The deployment changes places with this one, or moves where there is none.
    Swap(Option<DeploymentId>),
    /// The other deployment of a swap has the event.
    AwaitSwap,
    FinishDeletion,
}

/// What is left to do around the deployment when its operation has ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SideEffect {
    None,
    /// The deployment is gone.
    Deleted,
    /// It changes places with this one, or moves where there is none.
    Swap(Option<DeploymentId>),
    /// It has got a reserved address.
    AddressReserved(VirtualIp),
}

impl Deployment {
    /// Holds the deployment for an operation, which ends when its time has come.
    pub(super) fn lock_and_schedule(
        &mut self,
        request: &RequestId,
        continuation: Continuation,
        shared: &mut SharedState,
    ) {
        shared.schedule(shared.settings.timing.operation, Event::Lock(self.id));
        self.set_lock(request, continuation, shared);
    }

    /// The same, but something else schedules the end.
    pub(super) fn set_lock(
        &mut self,
        request: &RequestId,
        continuation: Continuation,
        shared: &SharedState,
    ) {
        let delay = shared.settings.timing.operation;
        self.lock = Some(Lock { holder: request.clone(), delay, continuation });
        self.modified = shared.now;
    }

    /// Holds the deployment for an operation that comes to nothing.
    pub(in crate::simulator) fn lock_then_fail(
        &mut self,
        request: &RequestId,
        error: &ApiError,
        shared: &mut SharedState,
    ) {
        shared.operations.set_subject(request, Subject::Deployment(self.id));
        let (status, error) = (error.status().as_u16(), error.body());
        self.lock_and_schedule(request, Continuation::Fail { status, error }, shared);
    }

    pub(crate) fn is_locked_by(&self, request: &RequestId) -> bool {
        self.lock.as_ref().is_some_and(|lock| lock.holder == *request)
    }

    pub(in crate::simulator) fn check_unlocked(&self) -> Result<(), ApiError> {
        match &self.lock {
            Some(lock) => Err(ApiError::locked(&lock.holder)),
            None => Ok(()),
        }
    }

    /// The operation's work is done.
    pub(crate) fn complete_operation(&mut self, shared: &mut SharedState) -> SideEffect {
        let Some(Lock { holder, delay, continuation }) = self.lock.take() else {
            return SideEffect::None;
        };
        let mut side_effect = SideEffect::None;
        match continuation {
            Continuation::Provision => {
                self.provision(shared);
                shared.schedule(delay.second_half(), Event::Lock(self.id));
                self.lock = Some(Lock { holder, delay, continuation: Continuation::Activate });
                return side_effect;
            }
            Continuation::Fail { status, error } => {
                shared.operations.end(&holder, Progress::Failed(status, error), shared.now);
                let is_pending = self.stage == Stage::Pending;
                return if is_pending { SideEffect::Deleted } else { side_effect };
            }
            Continuation::Activate => self.activate(shared),
            Continuation::StartUpdate(plan) => self.start_update(plan, shared),
            Continuation::NoOp
            | Continuation::Start
            | Continuation::Suspend
            | Continuation::AwaitSwap => {}
            Continuation::FinishInstanceDeletion(instances) => {
                self.finish_instance_deletion(&instances, shared);
            }
            Continuation::SetDnsServers(servers) => self.dns_servers = servers,
            Continuation::SetVirtualIp(vip) => {
                let before = self.vip.clone();
                if let Err(error) = self.set_virtual_ip(vip.clone()) {
                    shared.operations.fail(&holder, &error, shared.now);
                    return side_effect;
                }
                if before.reservation.is_none() && before.address != vip.address {
                    shared.addresses.release(before.address);
                }
                if vip.reservation.is_some() {
                    side_effect = SideEffect::AddressReserved(vip);
                }
            }
            Continuation::Swap(other) => side_effect = SideEffect::Swap(other),
            Continuation::FinishDeletion => side_effect = SideEffect::Deleted,
        }
        self.modified = shared.now;
        shared.operations.succeed(&holder, shared.now);
        side_effect
    }
}
