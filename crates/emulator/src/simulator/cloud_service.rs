//! Cloud services: a name with two slots.

mod availability;
mod create;
mod delete;
mod list;
mod update;
pub(super) mod views;

use azure_classic_protocol::ApiVersion;
use azure_classic_protocol::machine::Instant;
use serde::{Deserialize, Serialize};

use self::views::HostedService;
use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::{Call, DeploymentSelector};
use super::deployment::{self, Deployment};
use super::extension::Extensions;
use super::resource_location::ResourceLocation;
use super::route::Route;
use super::service_certificate::ServiceCertificates;
use super::shared_state::{DeploymentId, Subject};
use super::tasks::TaskRef;
use super::values::Properties;

pub(super) const ROUTES: &[Route] = &[
    Route::get("List Cloud Services", SERVICES, ApiVersion::V2009_10_01, list::list),
    Route::post("Create Cloud Service", SERVICES, ApiVersion::V2010_10_28, create::create),
    Route::get("Get Cloud Service Properties", SERVICE, ApiVersion::V2009_10_01, get),
    Route::put("Update Cloud Service", SERVICE, ApiVersion::V2010_10_28, update::update),
    Route::delete("Delete Cloud Service", SERVICE, ApiVersion::V2010_10_28, delete::delete),
    Route::delete(
        "Delete Cloud Service (comp=media)",
        SERVICE,
        ApiVersion::V2013_08_01,
        delete::delete_with_deployments,
    )
    .when("comp", "media"),
    Route::get(
        "Check Cloud Service Name Availability",
        "/services/hostedservices/operations/isavailable/{service}",
        ApiVersion::V2012_03_01,
        availability::check,
    ),
];

const SERVICES: &str = "/services/hostedservices";
const SERVICE: &str = "/services/hostedservices/{service}";

/// The most extended properties on a cloud service, besides those that the platform makes.
const MAX_PROPERTIES: usize = 50;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CloudService {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) description: Option<String>,
    pub(crate) placement: ResourceLocation,
    pub(crate) properties: Properties,
    pub(crate) reverse_dns_fqdn: Option<String>,
    pub(crate) created: Instant,
    pub(crate) modified: Instant,
    pub(crate) certificates: ServiceCertificates,
    pub(crate) extensions: Extensions,
    /// The deployments in the slots; by [`Slot::index`](super::call::Slot::index).
    pub(crate) slots: [Option<DeploymentId>; 2],
    /// While it is being deleted with everything in it.
    pub(crate) deletion: Option<TaskRef>,
}

fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("service");
    let with_detail = call.query.flag("embed-detail")?;
    let service = simulator.service(name)?;
    let deployments = with_detail.then_some(service.slots).into_iter().flatten().flatten();
    let deletion = service.deletion.as_ref().map(|deletion| Subject::Task(deletion.id));
    for subject in deployments.map(Subject::Deployment).chain(deletion).collect::<Vec<_>>() {
        simulator.count_poll(subject);
    }
    // A deletion may have waited for this poll.
    let service = simulator.service(name)?;
    let mut element = HostedService::detailed(service, &simulator.shared.settings, call);
    if with_detail {
        let deployments =
            service.slots.iter().flatten().filter_map(|id| simulator.deployments.get(id));
        let view_builder = deployment::DeploymentViewBuilder::new(&simulator.shared, call.version);
        element =
            element.with_deployments(deployments.map(|it| view_builder.deployment(it)).collect());
    }
    ApiResponse::xml(&element)
}

impl Simulator {
    pub(super) fn service(&self, name: &str) -> Result<&CloudService, ApiError> {
        self.services.get(&name.to_ascii_lowercase()).ok_or_else(no_service)
    }

    /// The service, to change it: one that is being deleted is changed no more.
    pub(super) fn service_mut(&mut self, name: &str) -> Result<&mut CloudService, ApiError> {
        let service = self.services.get_mut(&name.to_ascii_lowercase()).ok_or_else(no_service)?;
        match &service.deletion {
            Some(deletion) => Err(ApiError::locked(&deletion.operation)),
            None => Ok(service),
        }
    }

    /// The deployments in the slots of a service.
    pub(super) fn deployments_of(
        &self,
        service: &CloudService,
    ) -> impl Iterator<Item = &Deployment> {
        service.slots.into_iter().flatten().filter_map(|id| self.deployments.get(&id))
    }

    /// The deployment that the path names.
    pub(super) fn deployment_id(
        &self,
        service: &str,
        which: &DeploymentSelector,
    ) -> Result<DeploymentId, ApiError> {
        let service = self.service(service)?;
        match which {
            DeploymentSelector::Slot(slot) => service.slots[slot.index()].ok_or_else(no_deployment),
            DeploymentSelector::Name(name) => {
                let is_match = |id: &DeploymentId| {
                    self.deployments.get(id).is_some_and(|it| it.name.eq_ignore_ascii_case(name))
                };
                service.slots.into_iter().flatten().find(is_match).ok_or_else(|| {
                    ApiError::not_found(format!("The deployment name '{name}' does not exist."))
                })
            }
        }
    }
}

fn no_service() -> ApiError {
    ApiError::not_found("The hosted service does not exist.")
}

pub(super) fn no_deployment() -> ApiError {
    ApiError::not_found("No deployments were found.")
}
