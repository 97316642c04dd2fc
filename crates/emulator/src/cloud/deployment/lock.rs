//! The operation that holds a deployment, and what happens when its work is done.

use azure_classic_protocol::{ErrorBody, RequestId};
use serde::{Deserialize, Serialize};

use super::plan::Plan;
use super::virtual_ip::VirtualIp;
use super::{Deployment, Stage};
use crate::cloud::dns_server::DnsServer;
use crate::cloud::operations::Progress;
use crate::cloud::pace::Takes;
use crate::cloud::refusal::Refusal;
use crate::cloud::world::{DeploymentId, Event, InstanceId, Subject, World};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Lock {
    pub(crate) holder: RequestId,
    /// How long the work takes in all.
    takes: Takes,
    pub(super) then: Then,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Then {
    Model,
    GoLive,
    /// An update begins to move.
    Update(Plan),
    /// The operation has failed, and changed nothing; what it was to make is not made.
    Fail {
        status: u16,
        error: ErrorBody,
    },
    /// Nothing, because all has been begun already.
    Rest,
    /// The same, and the deployment is started.
    Start,
    /// The same, and the deployment is suspended.
    Suspend,
    /// These instances are gone.
    Remove(Vec<InstanceId>),
    SetDnsServers(Vec<DnsServer>),
    /// The deployment has another public address.
    SetVirtualIp(VirtualIp),
    /// The deployment changes places with this one, or moves where there is none.
    Swap(Option<DeploymentId>),
    /// The other deployment of a swap has the event.
    AwaitSwap,
    Vanish,
}

/// What is left to do around the deployment when its operation has ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Aftermath {
    Nothing,
    /// The deployment is gone.
    Gone,
    /// It changes places with this one, or moves where there is none.
    Swap(Option<DeploymentId>),
    /// It has got a reserved address.
    Reserved(VirtualIp),
}

impl Deployment {
    /// Holds the deployment for an operation, which ends when its time has come.
    pub(super) fn hold(&mut self, request: &RequestId, then: Then, world: &mut World) {
        world.schedule(world.settings.pace.operation, Event::Lock(self.id));
        self.lock_for(request, then, world);
    }

    /// The same, but something else schedules the end.
    pub(super) fn lock_for(&mut self, request: &RequestId, then: Then, world: &World) {
        let takes = world.settings.pace.operation;
        self.lock = Some(Lock { holder: request.clone(), takes, then });
        self.modified = world.now;
    }

    /// Holds the deployment for an operation that comes to nothing.
    pub(in crate::cloud) fn hold_in_vain(
        &mut self,
        request: &RequestId,
        refusal: &Refusal,
        world: &mut World,
    ) {
        world.operations.concerns(request, Subject::Deployment(self.id));
        let (status, error) = (refusal.status().as_u16(), refusal.body());
        self.hold(request, Then::Fail { status, error }, world);
    }

    pub(crate) fn is_held_by(&self, request: &RequestId) -> bool {
        self.lock.as_ref().is_some_and(|lock| lock.holder == *request)
    }

    pub(in crate::cloud) fn check_unlocked(&self) -> Result<(), Refusal> {
        match &self.lock {
            Some(lock) => Err(Refusal::locked(&lock.holder)),
            None => Ok(()),
        }
    }

    /// The operation's work is done.
    pub(crate) fn on_lock(&mut self, world: &mut World) -> Aftermath {
        let Some(Lock { holder, takes, then }) = self.lock.take() else {
            return Aftermath::Nothing;
        };
        let mut aftermath = Aftermath::Nothing;
        match then {
            Then::Model => {
                self.model(world);
                world.schedule(takes.rest(), Event::Lock(self.id));
                self.lock = Some(Lock { holder, takes, then: Then::GoLive });
                return aftermath;
            }
            Then::Fail { status, error } => {
                world.operations.end(&holder, Progress::Failed(status, error), world.now);
                let is_unborn = self.stage == Stage::Announced;
                return if is_unborn { Aftermath::Gone } else { aftermath };
            }
            Then::GoLive => self.go_live(world),
            Then::Update(plan) => self.begin_update(plan, world),
            Then::Rest | Then::Start | Then::Suspend | Then::AwaitSwap => {}
            Then::Remove(instances) => self.remove(&instances, world),
            Then::SetDnsServers(servers) => self.dns_servers = servers,
            Then::SetVirtualIp(vip) => {
                let before = self.vip.clone();
                if let Err(refusal) = self.set_virtual_ip(vip.clone()) {
                    world.operations.fail(&holder, &refusal, world.now);
                    return aftermath;
                }
                if before.reservation.is_none() && before.address != vip.address {
                    world.addresses.give_back(before.address);
                }
                if vip.reservation.is_some() {
                    aftermath = Aftermath::Reserved(vip);
                }
            }
            Then::Swap(other) => aftermath = Aftermath::Swap(other),
            Then::Vanish => aftermath = Aftermath::Gone,
        }
        self.modified = world.now;
        world.operations.succeed(&holder, world.now);
        aftermath
    }
}
