//! The operations on deployments.

use azure_classic_protocol::ApiVersion;
use http::StatusCode;

use super::requests;
use super::swap::swap;
use super::{Deployment, Narrator};
use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::{Call, Slot, Which};
use crate::cloud::cloud_service::{Service, no_deployment};
use crate::cloud::refusal::Refusal;
use crate::cloud::route::Route;
use crate::cloud::world::{DeploymentId, Subject, World};

pub(in crate::cloud) const ROUTES: &[Route] = &[
    Route::post("Create Deployment", IN_SLOT, ApiVersion::V2009_10_01, create),
    Route::get("Get Deployment", DEPLOYMENT, ApiVersion::V2009_10_01, get),
    Route::delete("Delete Deployment", DEPLOYMENT, ApiVersion::V2009_10_01, delete),
    Route::delete("Delete Deployment", DEPLOYMENT, ApiVersion::V2013_08_01, delete)
        .when("comp", "media"),
    Route::post("Change Deployment Configuration", DEPLOYMENT, ApiVersion::V2009_10_01, configure)
        .when("comp", "config"),
    Route::post("Upgrade Deployment", DEPLOYMENT, ApiVersion::V2009_10_01, upgrade)
        .when("comp", "upgrade"),
    Route::post("Walk Upgrade Domain", DEPLOYMENT, ApiVersion::V2009_10_01, walk)
        .when("comp", "walkupgradedomain"),
    Route::post("Swap Deployment", SERVICE, ApiVersion::V2009_10_01, swap),
    Route::post("Update Deployment Status", DEPLOYMENT, ApiVersion::V2009_10_01, set_status)
        .when("comp", "status"),
    Route::post("Rollback Update Or Upgrade", DEPLOYMENT, ApiVersion::V2011_10_01, roll_back)
        .when("comp", "rollback"),
];

const SERVICE: &str = "/services/hostedservices/{service}";
const IN_SLOT: &str = "/services/hostedservices/{service}/deploymentslots/{slot}";
const DEPLOYMENT: &str = "/services/hostedservices/{service}/{which}";

fn create(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let slot = Slot::read(call.argument("slot"))?;
    let service = cloud.service(call.argument("service"))?;
    let name = service.name.clone();
    if service.slots[slot.index()].is_some() {
        return Err(Refusal::conflict(format!(
            "The specified deployment slot {} is occupied.",
            slot.as_str()
        )));
    }
    if let Some(holder) = cloud.deployments_of(service).find_map(|it| it.is_moving_to(slot)) {
        return Err(Refusal::locked(holder));
    }
    let create = requests::create_deployment(call, &cloud.world.settings, service)?;
    let definition = &create.package.definition;
    cloud.cores().check(definition.cores_of(&create.configuration))?;
    if cloud.deployment_id(&name, &Which::Name(create.name.clone())).is_ok() {
        return Err(Refusal::conflict(format!(
            "The deployment name '{}' is already taken.",
            create.name
        )));
    }
    cloud.check_network_of(&create.configuration)?;
    let reservation = create.configuration.network.reserved_ip.as_deref();
    let vip = cloud.virtual_ip_for(&name, reservation)?;
    cloud.last_deployment += 1;
    let id = DeploymentId(cloud.last_deployment);
    cloud.service_mut(&name)?.slots[slot.index()] = Some(id);
    let deployment = Deployment::create(id, &name, slot, create, vip, call.id, &mut cloud.world);
    cloud.deployments.insert(id, deployment);
    Ok(Answer::accepted())
}

fn get(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let id = cloud.deployment_id(call.argument("service"), &call.which()?)?;
    cloud.poll(Subject::Deployment(id));
    // The question may have been what a deletion waited for.
    let deployment = cloud.deployments.get(&id).ok_or_else(no_deployment)?;
    Answer::xml(&Narrator::new(&cloud.world, call.version).deployment(deployment))
}

fn delete(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    change(cloud, call, |deployment, world| deployment.delete(call.id, world))
}

fn configure(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let cores = cloud.cores();
    let service = service_with_deployment(cloud, call)?;
    let configuration = requests::change_configuration(call, &cloud.world.settings, service)?;
    cloud.check_network_of(&configuration.configuration)?;
    change(cloud, call, |deployment, world| {
        let definition = &deployment.current().definition;
        let wanted = definition.cores_of(&configuration.configuration);
        cores.check(wanted.saturating_sub(deployment.cores()))?;
        deployment.change_configuration(call.id, configuration, world)
    })
}

fn upgrade(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let cores = cloud.cores();
    let service = service_with_deployment(cloud, call)?;
    let upgrade = requests::upgrade(call, &cloud.world.settings, service)?;
    cloud.check_network_of(&upgrade.configuration)?;
    change(cloud, call, |deployment, world| {
        let wanted = upgrade.package.definition.cores_of(&upgrade.configuration);
        cores.check(wanted.saturating_sub(deployment.cores()))?;
        deployment.upgrade(call.id, upgrade, world)
    })
}

fn set_status(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    change(cloud, call, |deployment, world| {
        deployment.set_status(call.id, requests::status(call)?, world)
    })
}

fn walk(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    change(cloud, call, |deployment, world| deployment.walk(call.id, requests::walk(call)?, world))
}

fn roll_back(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let accepted = change(cloud, call, |deployment, world| {
        deployment.roll_back(call.id, requests::rollback(call)?, world)
    })?;
    // An old client for Node.js takes nothing but 200 by name, and nothing but 202 by slot.
    Ok(match call.which()? {
        Which::Name(_) => accepted.with_status(StatusCode::OK),
        Which::Slot(_) => accepted,
    })
}

/// The service that the path names, if the deployment exists that it names.
fn service_with_deployment<'c>(cloud: &'c Cloud, call: &Call<'_>) -> Result<&'c Service, Refusal> {
    let service = call.argument("service");
    cloud.deployment_id(service, &call.which()?)?;
    cloud.service(service)
}

/// Begins work on the deployment that the path names.
pub(in crate::cloud) fn change(
    cloud: &mut Cloud,
    call: &Call<'_>,
    begin: impl FnOnce(&mut Deployment, &mut World) -> Result<(), Refusal>,
) -> Result<Answer, Refusal> {
    let id = cloud.deployment_id(call.argument("service"), &call.which()?)?;
    let deployment = cloud.deployments.get_mut(&id).ok_or_else(no_deployment)?;
    cloud.world.operations.concerns(call.id, Subject::Deployment(id));
    begin(deployment, &mut cloud.world)?;
    Ok(Answer::accepted())
}
