//! Affinity groups: names for what is to lie close together.

mod views;

use azure_classic_protocol::ApiVersion;
use azure_classic_protocol::machine::Instant;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use self::views::{AffinityGroupElement, AffinityGroups};
use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::contract::Contract;
use super::location;
use super::route::Route;
use super::values;

pub(super) const ROUTES: &[Route] = &[
    Route::get("List Affinity Groups", GROUPS, ApiVersion::V2009_10_01, list),
    Route::get("Get Affinity Group Properties", GROUP, ApiVersion::V2009_10_01, get),
    Route::post("Create Affinity Group", GROUPS, ApiVersion::V2011_02_25, create),
    Route::put("Update Affinity Group", GROUP, ApiVersion::V2011_02_25, update),
    Route::delete("Delete Affinity Group", GROUP, ApiVersion::V2011_02_25, delete),
];

const GROUPS: &str = "/affinitygroups";
const GROUP: &str = "/affinitygroups/{group}";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AffinityGroup {
    pub(crate) name: String,
    label: String,
    description: Option<String>,
    pub(crate) location: String,
    created: Instant,
}

fn list(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let settings = &simulator.shared.settings;
    let groups = simulator.affinity_groups.values();
    let groups = groups.map(|group| AffinityGroupElement::listed(group, settings, call)).collect();
    ApiResponse::xml(&AffinityGroups(groups))
}

fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let group = simulator.affinity_group(call.argument("group"))?;
    ApiResponse::xml(&AffinityGroupElement::detailed(group, simulator, call))
}

fn create(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let group = call.read(&CREATE, |fields| {
        let name = fields.required("Name")?;
        check_name(&name)?;
        let description = fields.text("Description");
        values::description(description.as_deref())?;
        Ok(AffinityGroup {
            name,
            label: values::label(&fields.required("Label")?)?,
            description,
            location: location::find(&fields.required("Location")?)?.name.to_owned(),
            created: simulator.shared.now,
        })
    })?;
    let key = group.name.to_ascii_lowercase();
    if simulator.affinity_groups.contains_key(&key) {
        return Err(ApiError::conflict(format!(
            "The affinity group name {} is already taken.",
            group.name
        )));
    }
    let location = simulator.shared.settings.created_at("affinitygroup", &group.name);
    simulator.affinity_groups.insert(key, group);
    Ok(ApiResponse::created(location))
}

fn update(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("group");
    check_name(name)?;
    simulator.affinity_group(name)?;
    let (label, description) = call.read(&UPDATE, |fields| {
        let description = fields.text("Description");
        values::description(description.as_deref())?;
        Ok((values::label(&fields.required("Label")?)?, description))
    })?;
    let key = name.to_ascii_lowercase();
    let group = simulator.affinity_groups.get_mut(&key).ok_or_else(no_group)?;
    group.label = label;
    group.description = description.or(group.description.take());
    Ok(ApiResponse::empty(StatusCode::OK))
}

fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("group");
    check_name(name)?;
    let group = simulator.affinity_group(name)?;
    let services = simulator.services.values().map(|service| &service.placement);
    let accounts = simulator.storage_accounts.values().map(|account| &account.placement);
    let network = simulator.shared.network.as_ref();
    if services.chain(accounts).any(|place| place.is_in(group))
        || network.is_some_and(|network| network.uses_affinity_group(&group.name))
    {
        return Err(ApiError::conflict(format!(
            "The affinity group {} is in use. Delete its hosted services, storage accounts and \
             virtual networks first.",
            group.name
        )));
    }
    simulator.affinity_groups.remove(&name.to_ascii_lowercase());
    Ok(ApiResponse::empty(StatusCode::OK))
}

impl Simulator {
    pub(super) fn affinity_group(&self, name: &str) -> Result<&AffinityGroup, ApiError> {
        self.affinity_groups.get(&name.to_ascii_lowercase()).ok_or_else(no_group)
    }
}

fn no_group() -> ApiError {
    ApiError::not_found("The affinity group does not exist.")
}

fn check_name(name: &str) -> Result<(), ApiError> {
    if values::is_dns_label(name) {
        return Ok(());
    }
    Err(ApiError::bad_request("The affinity group name is invalid."))
}

const CREATE: Contract = Contract {
    root: "CreateAffinityGroup",
    members: &[
        ("Name", ApiVersion::V2011_02_25),
        ("Label", ApiVersion::V2011_02_25),
        ("Description", ApiVersion::V2011_02_25),
        ("Location", ApiVersion::V2011_02_25),
    ],
};

const UPDATE: Contract = Contract {
    root: "UpdateAffinityGroup",
    members: &[
        ("Label", ApiVersion::V2011_02_25),
        ("Description", ApiVersion::V2011_02_25),
        ("LocationConstraint", ApiVersion::V2011_02_25),
    ],
};
