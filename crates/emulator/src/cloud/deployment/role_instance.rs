//! What is done to single role instances: reboot, reimage, rebuild, delete.

use std::collections::BTreeSet;

use azure_classic_protocol::{ApiVersion, RequestId};

use super::Deployment;
use super::api::change;
use super::instance::{CHANGE_STOPPED, Phase, REBOOT, REIMAGE};
use super::lock::Then;
use super::role::Goal;
use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::Call;
use crate::cloud::refusal::Refusal;
use crate::cloud::route::Route;
use crate::cloud::world::{InstanceId, World};

pub(in crate::cloud) const ROUTES: &[Route] = &[
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
pub(crate) enum Renewal {
    /// All disks stay.
    Reboot,
    /// The operating system is installed again; local storage stays.
    Reimage,
    /// Nothing stays.
    Rebuild,
}

fn reboot(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    renew(cloud, call, Renewal::Reboot)
}

fn reimage(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    renew(cloud, call, Renewal::Reimage)
}

fn rebuild(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    if !call.query.required("resources")?.eq_ignore_ascii_case("allLocalDrives") {
        return Err(Refusal::bad_query("The query parameter resources must be allLocalDrives."));
    }
    renew(cloud, call, Renewal::Rebuild)
}

fn renew(cloud: &mut Cloud, call: &Call<'_>, renewal: Renewal) -> Result<Answer, Refusal> {
    change(cloud, call, |deployment, world| {
        let instance = deployment.find_instance(call.argument("instance"))?;
        deployment.check_unlocked()?;
        deployment.renew(instance, renewal, world)?;
        deployment.hold(call.id, Then::Rest, world);
        Ok(())
    })
}

fn delete(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    change(cloud, call, |deployment, world| {
        let names = call.read_list("RoleInstances", "Name")?;
        let instances = names.iter().map(|name| deployment.find_instance(name));
        let instances = instances.collect::<Result<BTreeSet<_>, _>>()?;
        deployment.begin_removal(call.id, instances, world)
    })
}

impl Deployment {
    /// The instance of this name, in any case.
    pub(crate) fn find_instance(&self, name: &str) -> Result<InstanceId, Refusal> {
        let mut found = self.roles.iter().filter_map(|(&role, of)| {
            of.find(name).map(|index| InstanceId { deployment: self.id, role, index })
        });
        found.next().ok_or_else(|| {
            Refusal::not_found(format!("The role instance '{name}' does not exist."))
        })
    }

    /// Lets an instance begin anew.
    pub(crate) fn renew(
        &mut self,
        id: InstanceId,
        renewal: Renewal,
        world: &mut World,
    ) -> Result<(), Refusal> {
        let role = self.roles.get_mut(&id.role);
        let instance = role.and_then(|role| role.instances.get_mut(&id.index));
        let Some(instance) = instance.filter(|instance| !instance.is_leaving) else {
            return Err(Refusal::conflict("The role instance is being deleted."));
        };
        let journey = match renewal {
            _ if !self.is_started => CHANGE_STOPPED,
            Renewal::Reboot => REBOOT,
            Renewal::Reimage | Renewal::Rebuild => REIMAGE,
        };
        instance.set_out(journey, id, world);
        instance.installs += u32::from(renewal != Renewal::Reboot);
        instance.wipes += u32::from(renewal == Renewal::Rebuild);
        Ok(())
    }

    /// Begins to delete instances; no role may lose all.
    fn begin_removal(
        &mut self,
        request: &RequestId,
        instances: BTreeSet<InstanceId>,
        world: &mut World,
    ) -> Result<(), Refusal> {
        self.check_unlocked()?;
        if instances.is_empty() {
            return Err(Refusal::bad_request("The request names no role instance."));
        }
        for (&key, role) in &self.roles {
            let named = instances.iter().filter(|id| id.role == key);
            let indices: Vec<_> = named.map(|id| id.index).collect();
            let empties = |goal: &Goal| !goal.indices.iter().any(|index| !indices.contains(&index));
            if !indices.is_empty() && role.goal.iter().chain(&role.settled).any(empties) {
                return Err(Refusal::bad_request(format!(
                    "The last instance of the role '{}' cannot be deleted.",
                    role.name
                )));
            }
        }
        self.check_counts_without(&instances)?;
        for id in &instances {
            let Some(role) = self.roles.get_mut(&id.role) else { continue };
            for goal in role.goal.iter_mut().chain(&mut role.settled) {
                goal.indices.remove(id.index);
            }
            if let Some(instance) = role.instances.get_mut(&id.index) {
                instance.halt(world);
                instance.phase = Phase::DeletingVM;
                instance.is_leaving = true;
            }
        }
        self.hold(request, Then::Remove(instances.into_iter().collect()), world);
        Ok(())
    }

    /// Whether the configurations can say how many instances there are without these.
    fn check_counts_without(&self, instances: &BTreeSet<InstanceId>) -> Result<(), Refusal> {
        for (&key, role) in &self.roles {
            let leaves = |index| instances.iter().any(|id| id.role == key && id.index == index);
            for (version, goal) in [(self.current, &role.goal), (self.settled, &role.settled)] {
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
    pub(super) fn remove(&mut self, instances: &[InstanceId], world: &mut World) {
        for id in instances {
            let role = self.roles.get_mut(&id.role);
            let gone = role.and_then(|role| role.instances.remove(&id.index));
            if let Some(update) = gone.and_then(|instance| instance.awaited_by) {
                self.on_arrival(update, world);
            }
        }
        let keys: BTreeSet<_> = instances.iter().map(|id| id.role).collect();
        for role in keys.iter().filter_map(|key| self.roles.get(key)) {
            for (version, goal) in [(self.current, &role.goal), (self.settled, &role.settled)] {
                if let (Some(version), Some(goal)) = (self.versions.get_mut(&version), goal) {
                    let written = version.configuration.set_count(&role.name, goal.indices.count());
                    debug_assert!(written.is_ok(), "the request has seen that it can be written");
                }
            }
        }
        self.modified = world.now;
    }
}
