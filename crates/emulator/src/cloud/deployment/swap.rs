//! The exchange of production and staging.

use azure_classic_protocol::RequestId;

use super::Deployment;
use super::lock::Then;
use super::requests;
use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::{Call, Slot};
use crate::cloud::refusal::Refusal;
use crate::cloud::world::{DeploymentId, Subject};

/// Begins the exchange. With production empty, the other deployment moves there.
pub(in crate::cloud) fn swap(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let slots = cloud.service_mut(call.argument("service"))?.slots;
    let (production, source) = requests::swap(call)?;
    let [in_production, in_staging] = slots.map(|id| id.and_then(|id| cloud.deployments.get(&id)));
    check_name("production", in_production, production.as_deref())?;
    check_name("staging", in_staging, Some(&source))?;
    let Some(promoted) = in_staging else { return Err(Refusal::internal()) };
    for deployment in in_production.into_iter().chain(in_staging) {
        deployment.check_swappable()?;
    }
    if in_production.is_some_and(|other| other.endpoints() != promoted.endpoints()) {
        return Err(Refusal::bad_request(
            "The deployments cannot be swapped: the numbers of their endpoints are not equal.",
        ));
    }

    let (promoted, other) = (promoted.id, in_production.map(|other| other.id));
    cloud.world.operations.concerns(call.id, Subject::Deployment(promoted));
    if let Some(deployment) = cloud.deployments.get_mut(&promoted) {
        deployment.hold(call.id, Then::Swap(other), &mut cloud.world);
    }
    if let Some(deployment) = other.and_then(|id| cloud.deployments.get_mut(&id)) {
        deployment.lock_for(call.id, Then::AwaitSwap, &cloud.world);
    }
    Ok(Answer::accepted())
}

fn check_name(slot: &str, holds: Option<&Deployment>, named: Option<&str>) -> Result<(), Refusal> {
    match (holds, named) {
        (None, None) => Ok(()),
        (Some(holds), Some(name)) if holds.name.eq_ignore_ascii_case(name) => Ok(()),
        _ => Err(Refusal::conflict(format!(
            "The {slot} slot does not hold the deployment '{}'.",
            named.unwrap_or_default()
        ))),
    }
}

impl Deployment {
    fn check_swappable(&self) -> Result<(), Refusal> {
        self.check_unlocked()?;
        if self.update.is_some() {
            return Err(Refusal::conflict(format!(
                "The deployment '{}' cannot be swapped while an update of it is in progress.",
                self.name
            )));
        }
        Ok(())
    }

    /// The operation that moves it to this slot, which is empty yet.
    pub(super) fn is_moving_to(&self, slot: Slot) -> Option<&RequestId> {
        let lock = self.lock.as_ref().filter(|lock| matches!(lock.then, Then::Swap(None)))?;
        (slot == Slot::Production).then_some(&lock.holder)
    }

    fn endpoints(&self) -> usize {
        self.current().definition.endpoints.len()
    }
}

impl Cloud {
    /// The exchange has come to its end: addresses stay with the slots.
    pub(in crate::cloud) fn finish_swap(
        &mut self,
        promoted: DeploymentId,
        other: Option<DeploymentId>,
    ) {
        let get = |id: DeploymentId| self.deployments.get(&id);
        let vip = |id| get(id).map(|deployment| deployment.vip.clone());
        let name = get(promoted).map(|deployment| deployment.service.to_ascii_lowercase());
        let (of_promoted, of_other) = (vip(promoted), other.and_then(vip));
        if let Some(service) = name.and_then(|name| self.services.get_mut(&name)) {
            service.slots = [Some(promoted), other];
        }
        for (id, slot, vip) in
            [(Some(promoted), Slot::Production, of_other), (other, Slot::Staging, of_promoted)]
        {
            let Some(deployment) = id.and_then(|id| self.deployments.get_mut(&id)) else {
                continue;
            };
            deployment.slot = slot;
            if let Some(vip) = vip {
                let written = deployment.set_virtual_ip(vip);
                debug_assert!(written.is_ok(), "the request has seen that it can be written");
            }
            deployment.lock = None;
            deployment.modified = self.world.now;
        }
    }
}
