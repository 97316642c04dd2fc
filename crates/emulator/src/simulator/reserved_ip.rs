//! Reserved IP addresses: they outlive the deployments that have them.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use azure_classic_protocol::{ApiVersion, RequestId};
use serde::{Deserialize, Serialize};

use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::{Call, DeploymentSelector};
use super::cloud_service::{CloudService, no_deployment};
use super::contract::{Contract, Fields};
use super::deployment::Deployment;
use super::deployment::virtual_ip::VirtualIp;
use super::location;
use super::route::Route;
use super::shared_state::{DeploymentId, Subject};
use super::tasks::Task;
use super::values;

pub(super) const ROUTES: &[Route] = &[
    Route::get("List Reserved IP Addresses", RESERVED_IPS, ApiVersion::V2014_05_01, list),
    Route::get("Get Reserved IP Address", RESERVED_IP_PATH, ApiVersion::V2014_05_01, get),
    Route::post("Create Reserved IP Address", RESERVED_IPS, ApiVersion::V2014_05_01, create),
    Route::delete("Delete Reserved IP Address", RESERVED_IP_PATH, ApiVersion::V2014_05_01, delete),
    Route::post("Associate Reserved IP Address", ASSOCIATE, ApiVersion::V2015_02_01, associate),
    Route::post(
        "Disassociate Reserved IP Address",
        DISASSOCIATE,
        ApiVersion::V2015_02_01,
        disassociate,
    ),
];

const RESERVED_IPS: &str = "/services/networking/reservedips";
const RESERVED_IP_PATH: &str = "/services/networking/reservedips/{address}";
const ASSOCIATE: &str = "/services/networking/reservedips/{address}/operations/associate";
const DISASSOCIATE: &str = "/services/networking/reservedips/{address}/operations/disassociate";

/// By name in lower case.
pub(super) type ReservedIps = BTreeMap<String, ReservedIp>;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ReservedIp {
    name: String,
    id: String,
    label: Option<String>,
    location: String,
    /// `None` while it is being created.
    address: Option<Ipv4Addr>,
    /// The operation that creates or deletes it, and the subject of its status polls.
    pending_operation: Option<(RequestId, Subject)>,
}

fn list(simulator: &mut Simulator, _: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let all = simulator.reserved_ips.values().map(|reserved| simulator.reserved_ip_view(reserved));
    ApiResponse::xml(&ReservedIpList(all.collect()))
}

fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("address");
    if let Some((_, subject)) = simulator.reserved_ip(name)?.pending_operation {
        simulator.count_poll(subject);
    }
    // A deletion may have waited for this poll.
    ApiResponse::xml(&simulator.reserved_ip_view(simulator.reserved_ip(name)?))
}

fn create(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let (mut reserved, holder) = call.read(&RESERVED_IP, |fields| {
        let reserved = ReservedIp {
            name: fields.required("Name")?,
            id: String::new(),
            label: fields.text("Label"),
            location: location::find(&fields.required("Location")?)?.name.to_owned(),
            address: None,
            pending_operation: None,
        };
        Ok((reserved, AssociationTarget::parse(fields)?))
    })?;
    reserved.check()?;
    let key = reserved.name.to_ascii_lowercase();
    if simulator.reserved_ips.contains_key(&key) {
        return Err(ApiError::conflict(format!(
            "The reserved IP name '{}' is already taken.",
            reserved.name
        )));
    }
    let subject = if let Some(holder) = holder {
        let deployment = simulator.associable_deployment(&reserved, &holder)?;
        let (id, address) = (deployment.id, deployment.vip.address);
        let vip = VirtualIp { address, reservation: Some(reserved.name.clone()) };
        simulator.start_vip_change(call, id, vip)?;
        Subject::Deployment(id)
    } else {
        Subject::Task(simulator.start_task(call.id, Task::CreateReservedIp(key.clone())).id)
    };
    reserved.id = simulator.shared.random.guid();
    reserved.pending_operation = Some((call.id.clone(), subject));
    simulator.reserved_ips.insert(key, reserved);
    Ok(ApiResponse::accepted())
}

fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let key = simulator.unused_reserved_ip(call.argument("address"))?.name.to_ascii_lowercase();
    let work = simulator.start_task(call.id, Task::DeleteReservedIp(key.clone()));
    if let Some(reserved) = simulator.reserved_ips.get_mut(&key) {
        reserved.pending_operation = Some((call.id.clone(), Subject::Task(work.id)));
    }
    Ok(ApiResponse::accepted())
}

fn associate(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let holder = call.read(&ASSOCIATION, AssociationTarget::parse_required)?;
    let reserved = simulator.unused_reserved_ip(call.argument("address"))?;
    let Some(address) = reserved.address else { return Err(ApiError::internal()) };
    let vip = VirtualIp { address, reservation: Some(reserved.name.clone()) };
    let id = simulator.associable_deployment(reserved, &holder)?.id;
    simulator.start_vip_change(call, id, vip)
}

fn disassociate(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let holder = call.read(&ASSOCIATION, AssociationTarget::parse_required)?;
    let reserved = simulator.reserved_ip(call.argument("address"))?;
    let deployment = simulator.association_deployment(&holder)?;
    deployment.check_unlocked()?;
    if !deployment.has_reservation(&reserved.name) {
        return Err(ApiError::bad_request(format!(
            "The deployment '{}' does not have the reserved IP address '{}'.",
            deployment.name, reserved.name
        )));
    }
    let id = deployment.id;
    deployment
        .check_virtual_ip(&VirtualIp { address: deployment.vip.address, reservation: None })?;
    let vip = VirtualIp::allocate(&mut simulator.shared);
    simulator.start_vip_change(call, id, vip)
}

/// The deployment that a request gives an address, or takes one from.
struct AssociationTarget {
    service: String,
    deployment: String,
    vip: Option<String>,
}

impl AssociationTarget {
    fn parse(fields: &Fields<'_>) -> Result<Option<Self>, ApiError> {
        let given = |name| fields.text(name).filter(|text| !text.is_empty());
        match (given("ServiceName"), given("DeploymentName")) {
            (Some(service), Some(deployment)) => {
                Ok(Some(Self { service, deployment, vip: given("VirtualIPName") }))
            }
            (None, None) => Ok(None),
            _ => {
                Err(ApiError::bad_request("ServiceName and DeploymentName must be given together."))
            }
        }
    }

    fn parse_required(fields: &Fields<'_>) -> Result<Self, ApiError> {
        let missing =
            "The elements ServiceName and DeploymentName are missing or not in their place.";
        Self::parse(fields)?.ok_or_else(|| ApiError::bad_xml(missing))
    }
}

impl ReservedIp {
    fn check(&self) -> Result<(), ApiError> {
        if !values::is_segment(&self.name, 260) {
            return Err(ApiError::bad_request("The reserved IP name is invalid."));
        }
        if self.label.as_ref().is_some_and(|label| label.chars().count() > 100) {
            return Err(ApiError::bad_request("The label is longer than 100 characters."));
        }
        Ok(())
    }

    fn check_location(&self, service: &CloudService) -> Result<(), ApiError> {
        let location = service.placement.location();
        if location == self.location {
            return Ok(());
        }
        Err(ApiError::bad_request(format!(
            "The reserved IP address '{}' lies in {}, and the hosted service {} in {location}.",
            self.name, self.location, service.name
        )))
    }

    fn state(&self) -> &'static str {
        match (&self.address, &self.pending_operation) {
            (None, _) => "Creating",
            (Some(_), None) => "Created",
            (Some(_), Some(_)) => "Deleting",
        }
    }
}

impl Simulator {
    fn reserved_ip(&self, name: &str) -> Result<&ReservedIp, ApiError> {
        self.reserved_ips.get(&name.to_ascii_lowercase()).ok_or_else(|| {
            ApiError::not_found(format!("The reserved IP address '{name}' does not exist."))
        })
    }

    /// One that is there, and that no deployment has.
    fn unused_reserved_ip(&self, name: &str) -> Result<&ReservedIp, ApiError> {
        let reserved = self.reserved_ip(name)?;
        if let Some(deployment) =
            self.deployments.values().find(|it| it.has_reservation(&reserved.name))
        {
            return Err(ApiError::conflict(format!(
                "The reserved IP address '{}' is in use by the deployment '{}'.",
                reserved.name, deployment.name
            )));
        }
        match &reserved.pending_operation {
            Some((operation, _)) => Err(ApiError::locked(operation)),
            None => Ok(reserved),
        }
    }

    /// The address for a new deployment: the reserved one that its configuration names, or any.
    pub(super) fn virtual_ip_for(
        &mut self,
        service: &str,
        reservation: Option<&str>,
    ) -> Result<VirtualIp, ApiError> {
        let Some(name) = reservation else { return Ok(VirtualIp::allocate(&mut self.shared)) };
        if !self.reserved_ips.contains_key(&name.to_ascii_lowercase()) {
            return Err(ApiError::bad_request(format!(
                "The reserved IP address '{name}' of the configuration does not exist."
            )));
        }
        let reserved = self.unused_reserved_ip(name)?;
        reserved.check_location(self.service(service)?)?;
        let Some(address) = reserved.address else { return Err(ApiError::internal()) };
        Ok(VirtualIp { address, reservation: Some(reserved.name.clone()) })
    }

    fn association_deployment(&self, holder: &AssociationTarget) -> Result<&Deployment, ApiError> {
        let id = self
            .deployment_id(&holder.service, &DeploymentSelector::Name(holder.deployment.clone()))?;
        let deployment = self.deployments.get(&id).ok_or_else(no_deployment)?;
        let own = VirtualIp::default_name(&deployment.service);
        match &holder.vip {
            Some(name) if !name.eq_ignore_ascii_case(&own) => Err(ApiError::bad_request(format!(
                "The deployment has no virtual IP of the name '{name}'."
            ))),
            _ => Ok(deployment),
        }
    }

    /// The deployment that is to get a reserved IP address, if it can.
    fn associable_deployment(
        &self,
        reserved: &ReservedIp,
        holder: &AssociationTarget,
    ) -> Result<&Deployment, ApiError> {
        let deployment = self.association_deployment(holder)?;
        deployment.check_unlocked()?;
        reserved.check_location(self.service(&holder.service)?)?;
        match &deployment.vip.reservation {
            Some(name) => Err(ApiError::conflict(format!(
                "The deployment '{}' has the reserved IP address '{name}' already.",
                deployment.name
            ))),
            None => Ok(deployment),
        }
    }

    fn start_vip_change(
        &mut self,
        call: &Call<'_>,
        id: DeploymentId,
        vip: VirtualIp,
    ) -> Result<ApiResponse, ApiError> {
        let deployment = self.deployments.get_mut(&id).ok_or_else(no_deployment)?;
        self.shared.operations.set_subject(call.id, Subject::Deployment(id));
        deployment.start_virtual_ip_change(call.id, vip, &mut self.shared)?;
        Ok(ApiResponse::accepted())
    }

    /// The address of a new reservation is found.
    pub(super) fn finish_reserved_ip_creation(&mut self, key: &str) -> Result<(), ApiError> {
        let reserved = self.reserved_ips.get_mut(key).ok_or_else(ApiError::internal)?;
        reserved.address = Some(self.shared.addresses.allocate());
        reserved.pending_operation = None;
        Ok(())
    }

    /// A deployment has got a reserved address, which may have been its own before.
    pub(super) fn on_virtual_ip_reserved(&mut self, vip: &VirtualIp) {
        let name = vip.reservation.as_deref().unwrap_or_default();
        if let Some(reserved) = self.reserved_ips.get_mut(&name.to_ascii_lowercase()) {
            reserved.address = Some(vip.address);
            reserved.pending_operation = None;
        }
    }

    pub(super) fn finish_reserved_ip_deletion(&mut self, key: &str) -> Result<(), ApiError> {
        let reserved = self.reserved_ips.remove(key).ok_or_else(ApiError::internal)?;
        if let Some(address) = reserved.address {
            self.shared.addresses.release(address);
        }
        Ok(())
    }

    fn reserved_ip_view<'a>(&'a self, reserved: &'a ReservedIp) -> ReservedIpElement<'a> {
        let uses_address = |it: &&Deployment| {
            it.vip
                .reservation
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(&reserved.name))
        };
        let deployment = self.deployments.values().find(uses_address);
        ReservedIpElement {
            name: &reserved.name,
            address: reserved.address.map(|address| address.to_string()),
            id: &reserved.id,
            label: reserved.label.as_deref(),
            state: reserved.state(),
            in_use: deployment.map(|_| true),
            service_name: deployment.map(|it| it.service.as_str()),
            deployment_name: deployment.map(|it| it.name.as_str()),
            location: &reserved.location,
            virtual_ip_name: deployment.map(|it| VirtualIp::default_name(&it.service)),
        }
    }
}

const RESERVED_IP: Contract = Contract {
    root: "ReservedIP",
    members: &[
        ("Name", ApiVersion::V2014_05_01),
        ("Label", ApiVersion::V2014_05_01),
        ("ServiceName", ApiVersion::V2014_05_01),
        ("DeploymentName", ApiVersion::V2014_05_01),
        ("Location", ApiVersion::V2014_05_01),
        ("VirtualIPName", ApiVersion::V2014_05_01),
    ],
};

const ASSOCIATION: Contract = Contract {
    root: "ReservedIPAssociation",
    members: &[
        ("ServiceName", ApiVersion::V2015_02_01),
        ("DeploymentName", ApiVersion::V2015_02_01),
        ("VirtualIPName", ApiVersion::V2015_02_01),
    ],
};

#[derive(Serialize)]
#[serde(rename = "ReservedIPs")]
struct ReservedIpList<'a>(Vec<ReservedIpElement<'a>>);

#[derive(Serialize)]
#[serde(rename = "ReservedIP", rename_all = "PascalCase")]
struct ReservedIpElement<'a> {
    name: &'a str,
    address: Option<String>,
    id: &'a str,
    label: Option<&'a str>,
    state: &'static str,
    in_use: Option<bool>,
    service_name: Option<&'a str>,
    deployment_name: Option<&'a str>,
    location: &'a str,
    #[serde(rename = "VirtualIPName")]
    virtual_ip_name: Option<String>,
}
