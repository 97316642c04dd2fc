//! The operations on deployments.

use azure_classic_protocol::ApiVersion;
use http::StatusCode;

use super::requests;
use super::swap::swap;
use super::{Deployment, DeploymentViewBuilder};
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::{Call, DeploymentSelector, Slot};
use crate::simulator::cloud_service::{CloudService, no_deployment};
use crate::simulator::route::Route;
use crate::simulator::shared_state::{DeploymentId, SharedState, Subject};

pub(in crate::simulator) const ROUTES: &[Route] = &[
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

fn create(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let slot = Slot::read(call.argument("slot"))?;
    let service = simulator.service(call.argument("service"))?;
    let name = service.name.clone();
    if service.slots[slot.index()].is_some() {
        return Err(ApiError::conflict(format!(
            "The specified deployment slot {} is occupied.",
            slot.as_str()
        )));
    }
    if let Some(holder) = simulator.deployments_of(service).find_map(|it| it.pending_move_to(slot))
    {
        return Err(ApiError::locked(holder));
    }
    let create = requests::create_deployment(call, &simulator.shared.settings, service)?;
    let definition = &create.package.definition;
    simulator.cores().check(definition.cores_of(&create.configuration))?;
    if simulator.deployment_id(&name, &DeploymentSelector::Name(create.name.clone())).is_ok() {
        return Err(ApiError::conflict(format!(
            "The deployment name '{}' is already taken.",
            create.name
        )));
    }
    simulator.check_network_of(&create.configuration)?;
    let reservation = create.configuration.network.reserved_ip.as_deref();
    let vip = simulator.virtual_ip_for(&name, reservation)?;
    simulator.last_deployment += 1;
    let id = DeploymentId(simulator.last_deployment);
    simulator.service_mut(&name)?.slots[slot.index()] = Some(id);
    let deployment =
        Deployment::create(id, &name, slot, create, vip, call.id, &mut simulator.shared);
    simulator.deployments.insert(id, deployment);
    Ok(ApiResponse::accepted())
}

fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let id = simulator.deployment_id(call.argument("service"), &call.deployment_selector()?)?;
    simulator.count_poll(Subject::Deployment(id));
    // The question may have been what a deletion waited for.
    let deployment = simulator.deployments.get(&id).ok_or_else(no_deployment)?;
    ApiResponse::xml(
        &DeploymentViewBuilder::new(&simulator.shared, call.version).deployment(deployment),
    )
}

fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    start_operation(simulator, call, |deployment, shared| deployment.delete(call.id, shared))
}

fn configure(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let cores = simulator.cores();
    let service = service_of_deployment(simulator, call)?;
    let configuration = requests::change_configuration(call, &simulator.shared.settings, service)?;
    simulator.check_network_of(&configuration.configuration)?;
    start_operation(simulator, call, |deployment, shared| {
        let definition = &deployment.current_version().definition;
        let wanted = definition.cores_of(&configuration.configuration);
        cores.check(wanted.saturating_sub(deployment.cores()))?;
        deployment.change_configuration(call.id, configuration, shared)
    })
}

fn upgrade(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let cores = simulator.cores();
    let service = service_of_deployment(simulator, call)?;
    let upgrade = requests::upgrade(call, &simulator.shared.settings, service)?;
    simulator.check_network_of(&upgrade.configuration)?;
    start_operation(simulator, call, |deployment, shared| {
        let wanted = upgrade.package.definition.cores_of(&upgrade.configuration);
        cores.check(wanted.saturating_sub(deployment.cores()))?;
        deployment.upgrade(call.id, upgrade, shared)
    })
}

fn set_status(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    start_operation(simulator, call, |deployment, shared| {
        deployment.set_status(call.id, requests::requested_status(call)?, shared)
    })
}

fn walk(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    start_operation(simulator, call, |deployment, shared| {
        deployment.walk(call.id, requests::walk_domain(call)?, shared)
    })
}

fn roll_back(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let accepted = start_operation(simulator, call, |deployment, shared| {
        deployment.roll_back(call.id, requests::rollback(call)?, shared)
    })?;
    // An old client for Node.js takes nothing but 200 by name, and nothing but 202 by slot.
    Ok(match call.deployment_selector()? {
        DeploymentSelector::Name(_) => accepted.with_status(StatusCode::OK),
        DeploymentSelector::Slot(_) => accepted,
    })
}

/// The service that the path names, if the deployment exists that it names.
fn service_of_deployment<'c>(
    simulator: &'c Simulator,
    call: &Call<'_>,
) -> Result<&'c CloudService, ApiError> {
    let service = call.argument("service");
    simulator.deployment_id(service, &call.deployment_selector()?)?;
    simulator.service(service)
}

/// Begins work on the deployment that the path names.
pub(in crate::simulator) fn start_operation(
    simulator: &mut Simulator,
    call: &Call<'_>,
    start: impl FnOnce(&mut Deployment, &mut SharedState) -> Result<(), ApiError>,
) -> Result<ApiResponse, ApiError> {
    let id = simulator.deployment_id(call.argument("service"), &call.deployment_selector()?)?;
    let deployment = simulator.deployments.get_mut(&id).ok_or_else(no_deployment)?;
    simulator.shared.operations.set_subject(call.id, Subject::Deployment(id));
    start(deployment, &mut simulator.shared)?;
    Ok(ApiResponse::accepted())
}
