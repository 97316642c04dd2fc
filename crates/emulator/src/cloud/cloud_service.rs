//! Cloud services: a name with two slots.

mod answers;

use azure_classic_protocol::ApiVersion;
use azure_classic_protocol::machine::Instant;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use self::answers::Narrator;
use super::Cloud;
use super::answer::Answer;
use super::call::{Call, Which};
use super::contract::Contract;
use super::deployment::{self, Deployment};
use super::extension::Extensions;
use super::refusal::Refusal;
use super::route::Route;
use super::service_certificate::ServiceCertificates;
use super::values::{self, Properties};
use super::world::{DeploymentId, Subject};

pub(super) const ROUTES: &[Route] = &[
    Route::post("Create Cloud Service", SERVICES, ApiVersion::V2010_10_28, create),
    Route::get("Get Cloud Service Properties", SERVICE, ApiVersion::V2009_10_01, get),
    Route::delete("Delete Cloud Service", SERVICE, ApiVersion::V2010_10_28, delete),
];

const SERVICES: &str = "/services/hostedservices";
const SERVICE: &str = "/services/hostedservices/{service}";

/// The most extended properties on a cloud service.
const MOST_PROPERTIES: usize = 50;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) description: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) affinity_group: Option<String>,
    pub(crate) properties: Properties,
    pub(crate) reverse_dns_fqdn: Option<String>,
    pub(crate) created: Instant,
    pub(crate) certificates: ServiceCertificates,
    pub(crate) extensions: Extensions,
    /// What the slots hold; by [`Slot::index`](super::call::Slot::index).
    pub(crate) slots: [Option<DeploymentId>; 2],
}

fn create(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let service = call.read(&CREATE, |fields| {
        let name = fields.required("ServiceName")?;
        values::service_name(&name)?;
        let given = |name| fields.text(name).filter(|text| !text.is_empty());
        let (location, affinity_group) = (given("Location"), given("AffinityGroup"));
        if location.is_some() == affinity_group.is_some() {
            return Err(Refusal::bad_request(
                "Exactly one of Location and AffinityGroup must be specified.",
            ));
        }
        let description = fields.text("Description");
        values::description(description.as_deref())?;
        let properties = values::properties(fields.node("ExtendedProperties"), MOST_PROPERTIES)?;
        Ok(Service {
            name,
            label: values::label(&fields.required("Label")?)?,
            description,
            location,
            affinity_group,
            properties: values::initial(properties),
            reverse_dns_fqdn: given("ReverseDnsFqdn"),
            created: cloud.world.now,
            certificates: ServiceCertificates::new(),
            extensions: Extensions::new(),
            slots: [None, None],
        })
    })?;
    let key = service.name.to_ascii_lowercase();
    if cloud.services.contains_key(&key) {
        return Err(Refusal::conflict(format!(
            "The hosted service name {} is already taken.",
            service.name
        )));
    }
    let location = cloud.world.settings.created_at("compute", &service.name);
    cloud.services.insert(key, service);
    Ok(Answer::created(location))
}

fn get(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let with_detail = call.query.flag("embed-detail")?;
    let slots = cloud.service(call.argument("service"))?.slots;
    if with_detail {
        for id in slots.into_iter().flatten() {
            cloud.poll(Subject::Deployment(id));
        }
    }
    let service = cloud.service(call.argument("service"))?;
    let narrator = Narrator { settings: &cloud.world.settings, version: call.version };
    let deployments = with_detail.then(|| {
        let deployments = cloud.deployments_of(service);
        let narrator = deployment::Narrator::new(&cloud.world, call.version);
        deployments.map(|deployment| narrator.deployment(deployment)).collect()
    });
    Answer::xml(&narrator.service(service, deployments))
}

fn delete(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("service");
    if cloud.service(name)?.slots.iter().any(Option::is_some) {
        return Err(Refusal::conflict(format!(
            "The hosted service {name} has deployments. Delete them first."
        )));
    }
    cloud.services.remove(&name.to_ascii_lowercase());
    Ok(Answer::empty(StatusCode::OK))
}

impl Cloud {
    pub(super) fn service(&self, name: &str) -> Result<&Service, Refusal> {
        self.services.get(&name.to_ascii_lowercase()).ok_or_else(no_service)
    }

    pub(super) fn service_mut(&mut self, name: &str) -> Result<&mut Service, Refusal> {
        self.services.get_mut(&name.to_ascii_lowercase()).ok_or_else(no_service)
    }

    /// What the slots of a service hold.
    pub(super) fn deployments_of(&self, service: &Service) -> impl Iterator<Item = &Deployment> {
        service.slots.into_iter().flatten().filter_map(|id| self.deployments.get(&id))
    }

    /// The deployment that the path names.
    pub(super) fn deployment_id(
        &self,
        service: &str,
        which: &Which,
    ) -> Result<DeploymentId, Refusal> {
        let service = self.service(service)?;
        match which {
            Which::Slot(slot) => service.slots[slot.index()].ok_or_else(no_deployment),
            Which::Name(name) => {
                let is_meant = |id: &DeploymentId| {
                    self.deployments.get(id).is_some_and(|it| it.name.eq_ignore_ascii_case(name))
                };
                service.slots.into_iter().flatten().find(is_meant).ok_or_else(|| {
                    Refusal::not_found(format!("The deployment name '{name}' does not exist."))
                })
            }
        }
    }
}

fn no_service() -> Refusal {
    Refusal::not_found("The hosted service does not exist.")
}

pub(super) fn no_deployment() -> Refusal {
    Refusal::not_found("No deployments were found.")
}

const CREATE: Contract = Contract {
    root: "CreateHostedService",
    members: &[
        ("ServiceName", ApiVersion::V2010_10_28),
        ("Label", ApiVersion::V2010_10_28),
        ("Description", ApiVersion::V2010_10_28),
        ("Location", ApiVersion::V2010_10_28),
        ("AffinityGroup", ApiVersion::V2010_10_28),
        ("ExtendedProperties", ApiVersion::V2012_03_01),
        ("ReverseDnsFqdn", ApiVersion::V2014_06_01),
    ],
};
