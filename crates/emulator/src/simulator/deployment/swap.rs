//! The exchange of production and staging.

use azure_classic_protocol::RequestId;

use super::Deployment;
use super::lock::Continuation;
use super::requests;
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::{Call, Slot};
use crate::simulator::shared_state::{DeploymentId, Subject};

/// Begins the exchange. With production empty, the other deployment moves there.
pub(in crate::simulator) fn swap(
    simulator: &mut Simulator,
    call: &Call<'_>,
) -> Result<ApiResponse, ApiError> {
    let slots = simulator.service_mut(call.argument("service"))?.slots;
    let (production, source) = requests::swap(call)?;
    let [in_production, in_staging] =
        slots.map(|id| id.and_then(|id| simulator.deployments.get(&id)));
    check_name("production", in_production, production.as_deref())?;
    check_name("staging", in_staging, Some(&source))?;
    let Some(promoted) = in_staging else { return Err(ApiError::internal()) };
    for deployment in in_production.into_iter().chain(in_staging) {
        deployment.check_swappable()?;
    }
    if in_production.is_some_and(|other| other.endpoint_count() != promoted.endpoint_count()) {
        return Err(ApiError::bad_request(
            "The deployments cannot be swapped: the numbers of their endpoints are not equal.",
        ));
    }

    let (promoted, other) = (promoted.id, in_production.map(|other| other.id));
    simulator.shared.operations.set_subject(call.id, Subject::Deployment(promoted));
    if let Some(deployment) = simulator.deployments.get_mut(&promoted) {
        deployment.lock_and_schedule(call.id, Continuation::Swap(other), &mut simulator.shared);
    }
    if let Some(deployment) = other.and_then(|id| simulator.deployments.get_mut(&id)) {
        deployment.set_lock(call.id, Continuation::AwaitSwap, &simulator.shared);
    }
    Ok(ApiResponse::accepted())
}

fn check_name(
    slot: &str,
    occupant: Option<&Deployment>,
    named: Option<&str>,
) -> Result<(), ApiError> {
    match (occupant, named) {
        (None, None) => Ok(()),
        (Some(holds), Some(name)) if holds.name.eq_ignore_ascii_case(name) => Ok(()),
        _ => Err(ApiError::conflict(format!(
            "The {slot} slot does not hold the deployment '{}'.",
            named.unwrap_or_default()
        ))),
    }
}

impl Deployment {
    fn check_swappable(&self) -> Result<(), ApiError> {
        self.check_unlocked()?;
        if self.update.is_some() {
            return Err(ApiError::conflict(format!(
                "The deployment '{}' cannot be swapped while an update of it is in progress.",
                self.name
            )));
        }
        Ok(())
    }

    /// The operation that moves it to this slot, which is empty yet.
    pub(super) fn pending_move_to(&self, slot: Slot) -> Option<&RequestId> {
        let lock = self
            .lock
            .as_ref()
            .filter(|lock| matches!(lock.continuation, Continuation::Swap(None)))?;
        (slot == Slot::Production).then_some(&lock.holder)
    }

    fn endpoint_count(&self) -> usize {
        self.current_version().definition.endpoints.len()
    }
}

impl Simulator {
    /// The exchange has come to its end: addresses stay with the slots.
    pub(in crate::simulator) fn finish_swap(
        &mut self,
        promoted: DeploymentId,
        other: Option<DeploymentId>,
    ) {
        let get = |id: DeploymentId| self.deployments.get(&id);
        let vip = |id| get(id).map(|deployment| deployment.vip.clone());
        let name = get(promoted).map(|deployment| deployment.service.to_ascii_lowercase());
        let (promoted_vip, other_vip) = (vip(promoted), other.and_then(vip));
        if let Some(service) = name.and_then(|name| self.services.get_mut(&name)) {
            service.slots = [Some(promoted), other];
        }
        for (id, slot, vip) in
            [(Some(promoted), Slot::Production, other_vip), (other, Slot::Staging, promoted_vip)]
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
            deployment.modified = self.shared.now;
        }
    }
}
