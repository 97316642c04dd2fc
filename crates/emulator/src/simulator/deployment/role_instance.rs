//! What is done to single role instances: reboot, reimage, rebuild, delete.

use std::collections::BTreeSet;

use azure_classic_protocol::{ApiVersion, RequestId};

use super::Deployment;
use super::instance::{Phase, REBOOT, REIMAGE, UPDATE_STOPPED};
use super::lock::Continuation;
use super::role::RoleTarget;
use super::routes::start_operation;
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::route::Route;
use crate::simulator::shared_state::{InstanceId, SharedState};

pub(in crate::simulator) const ROUTES: &[Route] = &[
    Route::post("Reboot Role Instance", INSTANCE, ApiVersion::V2010_10_28, reboot)
        .when("comp", "reboot"),
    Route::post("Reimage Role Instance", INSTANCE, ApiVersion::V2010_10_28, reimage)
        .when("comp", "reimage"),
    Route::post("Rebuild Role Instance", INSTANCE, ApiVersion::V2013_06_01, rebuild)
        .when("comp", "rebuild"),
    Route::post("Delete Role Instances", INSTANCES, ApiVersion::V2013_08_01, delete)
        .when("comp", "delete"),
];

const INSTANCES: &str = "/services/hostedservices/{service}/{which}/roleinstances";
const INSTANCE: &str = "/services/hostedservices/{service}/{which}/roleinstances/{instance}";

/// How an instance begins anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InstanceAction {
    /// All disks stay.
    Reboot,
    /// The operating system is installed again; local storage stays.
    Reimage,
    /// Nothing stays.
    Rebuild,
}

fn reboot(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    act_on_instance(simulator, call, InstanceAction::Reboot)
}

fn reimage(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    act_on_instance(simulator, call, InstanceAction::Reimage)
}

fn rebuild(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    if !call.query.required("resources")?.eq_ignore_ascii_case("allLocalDrives") {
        return Err(ApiError::bad_query("The query parameter resources must be allLocalDrives."));
    }
    act_on_instance(simulator, call, InstanceAction::Rebuild)
}

fn act_on_instance(
    simulator: &mut Simulator,
    call: &Call<'_>,
    action: InstanceAction,
) -> Result<ApiResponse, ApiError> {
    start_operation(simulator, call, |deployment, shared| {
        let instance = deployment.find_instance(call.argument("instance"))?;
        deployment.check_unlocked()?;
        deployment.apply_instance_action(instance, action, shared)?;
        deployment.lock_and_schedule(call.id, Continuation::NoOp, shared);
        Ok(())
    })
}

fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    start_operation(simulator, call, |deployment, shared| {
        let names = call.read_list("RoleInstances", "Name")?;
        let instances = names.iter().map(|name| deployment.find_instance(name));
        let instances = instances.collect::<Result<BTreeSet<_>, _>>()?;
        deployment.start_instance_deletion(call.id, instances, shared)
    })
}

impl Deployment {
    /// The instance of this name, in any case.
    pub(crate) fn find_instance(&self, name: &str) -> Result<InstanceId, ApiError> {
        let mut found = self.roles.iter().filter_map(|(&role, of)| {
            of.find_instance(name).map(|index| InstanceId { deployment: self.id, role, index })
        });
        found.next().ok_or_else(|| {
            ApiError::not_found(format!("The role instance '{name}' does not exist."))
        })
    }

    /// Lets an instance begin anew.
    pub(crate) fn apply_instance_action(
        &mut self,
        id: InstanceId,
        action: InstanceAction,
        shared: &mut SharedState,
    ) -> Result<(), ApiError> {
        let role = self.roles.get_mut(&id.role);
        let instance = role.and_then(|role| role.instances.get_mut(&id.index));
        let Some(instance) = instance.filter(|instance| !instance.is_deleting) else {
            return Err(ApiError::conflict("The role instance is being deleted."));
        };
        let sequence = match action {
            _ if !self.is_started => UPDATE_STOPPED,
            InstanceAction::Reboot => REBOOT,
            InstanceAction::Reimage | InstanceAction::Rebuild => REIMAGE,
        };
        instance.run_sequence(sequence, id, shared);
        instance.installs += u32::from(action != InstanceAction::Reboot);
        instance.wipes += u32::from(action == InstanceAction::Rebuild);
        Ok(())
    }

    /// Begins to delete instances; no role may lose all.
    fn start_instance_deletion(
        &mut self,
        request: &RequestId,
        instances: BTreeSet<InstanceId>,
        shared: &mut SharedState,
    ) -> Result<(), ApiError> {
        self.check_unlocked()?;
        if instances.is_empty() {
            return Err(ApiError::bad_request("The request names no role instance."));
        }
        for (&key, role) in &self.roles {
            let named = instances.iter().filter(|id| id.role == key);
            let indices: Vec<_> = named.map(|id| id.index).collect();
            let becomes_empty =
                |goal: &RoleTarget| !goal.indices.iter().any(|index| !indices.contains(&index));
            if !indices.is_empty() && role.target.iter().chain(&role.stable).any(becomes_empty) {
                return Err(ApiError::bad_request(format!(
                    "The last instance of the role '{}' cannot be deleted.",
                    role.name
                )));
            }
        }
        self.check_remaining_counts(&instances)?;
        for id in &instances {
            let Some(role) = self.roles.get_mut(&id.role) else { continue };
            for goal in role.target.iter_mut().chain(&mut role.stable) {
                goal.indices.remove(id.index);
            }
            if let Some(instance) = role.instances.get_mut(&id.index) {
                instance.cancel_transitions(shared);
                instance.phase = Phase::DeletingVM;
                instance.is_deleting = true;
            }
        }
        self.lock_and_schedule(
            request,
            Continuation::FinishInstanceDeletion(instances.into_iter().collect()),
            shared,
        );
        Ok(())
    }

    /// Whether the configurations can say how many instances there are without these.
    fn check_remaining_counts(&self, instances: &BTreeSet<InstanceId>) -> Result<(), ApiError> {
        for (&key, role) in &self.roles {
            let leaves = |index| instances.iter().any(|id| id.role == key && id.index == index);
            for (version, goal) in [(self.current, &role.target), (self.stable, &role.stable)] {
                if let (Some(version), Some(goal)) = (self.versions.get(&version), goal)
                    && goal.indices.iter().any(leaves)
                {
                    let mut left = goal.indices.clone();
                    instances
                        .iter()
                        .filter(|id| id.role == key)
                        .for_each(|id| left.remove(id.index));
                    version.configuration.clone().set_count(&role.name, left.count())?;
                }
            }
        }
        Ok(())
    }

    /// The instances are gone; the configuration follows.
    pub(super) fn finish_instance_deletion(
        &mut self,
        instances: &[InstanceId],
        shared: &mut SharedState,
    ) {
        for id in instances {
            let role = self.roles.get_mut(&id.role);
            let gone = role.and_then(|role| role.instances.remove(&id.index));
            if let Some(update) = gone.and_then(|instance| instance.awaited_by) {
                self.on_instance_updated(update, shared);
            }
        }
        let keys: BTreeSet<_> = instances.iter().map(|id| id.role).collect();
        for role in keys.iter().filter_map(|key| self.roles.get(key)) {
            for (version, goal) in [(self.current, &role.target), (self.stable, &role.stable)] {
                if let (Some(version), Some(goal)) = (self.versions.get_mut(&version), goal) {
                    let written = version.configuration.set_count(&role.name, goal.indices.count());
                    debug_assert!(written.is_ok(), "the request has seen that it can be written");
                }
            }
        }
        self.modified = shared.now;
    }
}
