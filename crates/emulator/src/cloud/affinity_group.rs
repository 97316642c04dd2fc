//! Affinity groups: names for what is to lie close together.

mod answers;

use azure_classic_protocol::ApiVersion;
use azure_classic_protocol::machine::Instant;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use self::answers::{AffinityGroupElement, AffinityGroups};
use super::Cloud;
use super::answer::Answer;
use super::call::Call;
use super::contract::Contract;
use super::location;
use super::refusal::Refusal;
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

fn list(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let settings = &cloud.world.settings;
    let groups = cloud.affinity_groups.values();
    let groups = groups.map(|group| AffinityGroupElement::listed(group, settings, call)).collect();
    Answer::xml(&AffinityGroups(groups))
}

fn get(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = cloud.affinity_group(call.argument("group"))?;
    Answer::xml(&AffinityGroupElement::detailed(group, cloud, call))
}

fn create(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let group = call.read(&CREATE, |fields| {
        let name = fields.required("Name")?;
        check_name(&name)?;
        let description = fields.text("Description");
        values::description(description.as_deref())?;
        Ok(AffinityGroup {
            name,
            label: values::label(&fields.required("Label")?)?,
            description,
            location: location::named(&fields.required("Location")?)?.name.to_owned(),
            created: cloud.world.now,
        })
    })?;
    let key = group.name.to_ascii_lowercase();
    if cloud.affinity_groups.contains_key(&key) {
        return Err(Refusal::conflict(format!(
            "The affinity group name {} is already taken.",
            group.name
        )));
    }
    let location = cloud.world.settings.created_at("affinitygroup", &group.name);
    cloud.affinity_groups.insert(key, group);
    Ok(Answer::created(location))
}

fn update(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("group");
    check_name(name)?;
    cloud.affinity_group(name)?;
    let (label, description) = call.read(&UPDATE, |fields| {
        let description = fields.text("Description");
        values::description(description.as_deref())?;
        Ok((values::label(&fields.required("Label")?)?, description))
    })?;
    let key = name.to_ascii_lowercase();
    let group = cloud.affinity_groups.get_mut(&key).ok_or_else(no_group)?;
    group.label = label;
    group.description = description.or(group.description.take());
    Ok(Answer::empty(StatusCode::OK))
}

fn delete(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("group");
    check_name(name)?;
    let group = cloud.affinity_group(name)?;
    let services = cloud.services.values().map(|service| &service.place);
    let accounts = cloud.storage_accounts.values().map(|account| &account.place);
    let network = cloud.world.network.as_ref();
    if services.chain(accounts).any(|place| place.is_in(group))
        || network.is_some_and(|network| network.uses_affinity_group(&group.name))
    {
        return Err(Refusal::conflict(format!(
            "The affinity group {} is in use. Delete its hosted services, storage accounts and \
             virtual networks first.",
            group.name
        )));
    }
    cloud.affinity_groups.remove(&name.to_ascii_lowercase());
    Ok(Answer::empty(StatusCode::OK))
}

impl Cloud {
    pub(super) fn affinity_group(&self, name: &str) -> Result<&AffinityGroup, Refusal> {
        self.affinity_groups.get(&name.to_ascii_lowercase()).ok_or_else(no_group)
    }
}

fn no_group() -> Refusal {
    Refusal::not_found("The affinity group does not exist.")
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if values::is_dns_label(name) {
        return Ok(());
    }
    Err(Refusal::bad_request("The affinity group name is invalid."))
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
