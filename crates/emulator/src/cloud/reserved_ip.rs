//! Reserved IP addresses: they outlive the deployments that have them.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use azure_classic_protocol::{ApiVersion, RequestId};
use serde::{Deserialize, Serialize};

use super::Cloud;
use super::answer::Answer;
use super::call::{Call, Which};
use super::cloud_service::{Service, no_deployment};
use super::contract::{Contract, Fields};
use super::deployment::Deployment;
use super::deployment::virtual_ip::VirtualIp;
use super::location;
use super::refusal::Refusal;
use super::route::Route;
use super::values;
use super::work::Task;
use super::world::{DeploymentId, Subject};

pub(super) const ROUTES: &[Route] = &[
    Route::get("List Reserved IP Addresses", ALL, ApiVersion::V2014_05_01, list),
    Route::get("Get Reserved IP Address", ONE, ApiVersion::V2014_05_01, get),
    Route::post("Create Reserved IP Address", ALL, ApiVersion::V2014_05_01, create),
    Route::delete("Delete Reserved IP Address", ONE, ApiVersion::V2014_05_01, delete),
    Route::post("Associate Reserved IP Address", ASSOCIATE, ApiVersion::V2015_02_01, associate),
    Route::post(
        "Disassociate Reserved IP Address",
        DISASSOCIATE,
        ApiVersion::V2015_02_01,
        disassociate,
    ),
];

const ALL: &str = "/services/networking/reservedips";
const ONE: &str = "/services/networking/reservedips/{address}";
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
    /// The operation that creates or deletes it, and what a question about it asks about.
    under_way: Option<(RequestId, Subject)>,
}

fn list(cloud: &mut Cloud, _: &Call<'_>) -> Result<Answer, Refusal> {
    let all = cloud.reserved_ips.values().map(|reserved| cloud.told(reserved));
    Answer::xml(&ReservedIpList(all.collect()))
}

fn get(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("address");
    if let Some((_, subject)) = cloud.reserved_ip(name)?.under_way {
        cloud.poll(subject);
    }
    // The question may have been what a deletion waited for.
    Answer::xml(&cloud.told(cloud.reserved_ip(name)?))
}

fn create(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let (mut reserved, holder) = call.read(&RESERVED_IP, |fields| {
        let reserved = ReservedIp {
            name: fields.required("Name")?,
            id: String::new(),
            label: fields.text("Label"),
            location: location::named(&fields.required("Location")?)?.name.to_owned(),
            address: None,
            under_way: None,
        };
        Ok((reserved, Holder::read(fields)?))
    })?;
    reserved.check()?;
    let key = reserved.name.to_ascii_lowercase();
    if cloud.reserved_ips.contains_key(&key) {
        return Err(Refusal::conflict(format!(
            "The reserved IP name '{}' is already taken.",
            reserved.name
        )));
    }
    let subject = if let Some(holder) = holder {
        let deployment = cloud.deployment_to_have(&reserved, &holder)?;
        let (id, address) = (deployment.id, deployment.vip.address);
        let vip = VirtualIp { address, reservation: Some(reserved.name.clone()) };
        cloud.begin_change_of_vip(call, id, vip)?;
        Subject::Deployment(id)
    } else {
        Subject::Work(cloud.begin_work(call.id, Task::CreateReservedIp(key.clone())).id)
    };
    reserved.id = cloud.world.random.guid();
    reserved.under_way = Some((call.id.clone(), subject));
    cloud.reserved_ips.insert(key, reserved);
    Ok(Answer::accepted())
}

fn delete(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let key = cloud.idle_reserved_ip(call.argument("address"))?.name.to_ascii_lowercase();
    let work = cloud.begin_work(call.id, Task::DeleteReservedIp(key.clone()));
    if let Some(reserved) = cloud.reserved_ips.get_mut(&key) {
        reserved.under_way = Some((call.id.clone(), Subject::Work(work.id)));
    }
    Ok(Answer::accepted())
}

fn associate(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let holder = call.read(&ASSOCIATION, Holder::read_required)?;
    let reserved = cloud.idle_reserved_ip(call.argument("address"))?;
    let Some(address) = reserved.address else { return Err(Refusal::internal()) };
    let vip = VirtualIp { address, reservation: Some(reserved.name.clone()) };
    let id = cloud.deployment_to_have(reserved, &holder)?.id;
    cloud.begin_change_of_vip(call, id, vip)
}

fn disassociate(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let holder = call.read(&ASSOCIATION, Holder::read_required)?;
    let reserved = cloud.reserved_ip(call.argument("address"))?;
    let deployment = cloud.holding(&holder)?;
    deployment.check_unlocked()?;
    if !deployment.claims(&reserved.name) {
        return Err(Refusal::bad_request(format!(
            "The deployment '{}' does not have the reserved IP address '{}'.",
            deployment.name, reserved.name
        )));
    }
    let id = deployment.id;
    deployment
        .check_virtual_ip(&VirtualIp { address: deployment.vip.address, reservation: None })?;
    let vip = VirtualIp::take(&mut cloud.world);
    cloud.begin_change_of_vip(call, id, vip)
}

/// The deployment that a request gives an address, or takes one from.
struct Holder {
    service: String,
    deployment: String,
    vip: Option<String>,
}

impl Holder {
    fn read(fields: &Fields<'_>) -> Result<Option<Self>, Refusal> {
        let given = |name| fields.text(name).filter(|text| !text.is_empty());
        match (given("ServiceName"), given("DeploymentName")) {
            (Some(service), Some(deployment)) => {
                Ok(Some(Self { service, deployment, vip: given("VirtualIPName") }))
            }
            (None, None) => Ok(None),
            _ => {
                Err(Refusal::bad_request("ServiceName and DeploymentName must be given together."))
            }
        }
    }

    fn read_required(fields: &Fields<'_>) -> Result<Self, Refusal> {
        let missing =
            "The elements ServiceName and DeploymentName are missing or not in their place.";
        Self::read(fields)?.ok_or_else(|| Refusal::bad_xml(missing))
    }
}

impl ReservedIp {
    fn check(&self) -> Result<(), Refusal> {
        if !values::is_segment(&self.name, 260) {
            return Err(Refusal::bad_request("The reserved IP name is invalid."));
        }
        if self.label.as_ref().is_some_and(|label| label.chars().count() > 100) {
            return Err(Refusal::bad_request("The label is longer than 100 characters."));
        }
        Ok(())
    }

    fn check_location(&self, service: &Service) -> Result<(), Refusal> {
        let location = service.place.location();
        if location == self.location {
            return Ok(());
        }
        Err(Refusal::bad_request(format!(
            "The reserved IP address '{}' lies in {}, and the hosted service {} in {location}.",
            self.name, self.location, service.name
        )))
    }

    fn state(&self) -> &'static str {
        match (&self.address, &self.under_way) {
            (None, _) => "Creating",
            (Some(_), None) => "Created",
            (Some(_), Some(_)) => "Deleting",
        }
    }
}

impl Cloud {
    fn reserved_ip(&self, name: &str) -> Result<&ReservedIp, Refusal> {
        self.reserved_ips.get(&name.to_ascii_lowercase()).ok_or_else(|| {
            Refusal::not_found(format!("The reserved IP address '{name}' does not exist."))
        })
    }

    /// One that is there, and that no deployment has.
    fn idle_reserved_ip(&self, name: &str) -> Result<&ReservedIp, Refusal> {
        let reserved = self.reserved_ip(name)?;
        if let Some(deployment) = self.deployments.values().find(|it| it.claims(&reserved.name)) {
            return Err(Refusal::conflict(format!(
                "The reserved IP address '{}' is in use by the deployment '{}'.",
                reserved.name, deployment.name
            )));
        }
        match &reserved.under_way {
            Some((operation, _)) => Err(Refusal::locked(operation)),
            None => Ok(reserved),
        }
    }

    /// The address for a new deployment: the reserved one that its configuration names, or any.
    pub(super) fn virtual_ip_for(
        &mut self,
        service: &str,
        reservation: Option<&str>,
    ) -> Result<VirtualIp, Refusal> {
        let Some(name) = reservation else { return Ok(VirtualIp::take(&mut self.world)) };
        if !self.reserved_ips.contains_key(&name.to_ascii_lowercase()) {
            return Err(Refusal::bad_request(format!(
                "The reserved IP address '{name}' of the configuration does not exist."
            )));
        }
        let reserved = self.idle_reserved_ip(name)?;
        reserved.check_location(self.service(service)?)?;
        let Some(address) = reserved.address else { return Err(Refusal::internal()) };
        Ok(VirtualIp { address, reservation: Some(reserved.name.clone()) })
    }

    fn holding(&self, holder: &Holder) -> Result<&Deployment, Refusal> {
        let id = self.deployment_id(&holder.service, &Which::Name(holder.deployment.clone()))?;
        let deployment = self.deployments.get(&id).ok_or_else(no_deployment)?;
        let own = VirtualIp::name(&deployment.service);
        match &holder.vip {
            Some(name) if !name.eq_ignore_ascii_case(&own) => Err(Refusal::bad_request(format!(
                "The deployment has no virtual IP of the name '{name}'."
            ))),
            _ => Ok(deployment),
        }
    }

    /// The deployment that is to get a reserved IP address, if it can.
    fn deployment_to_have(
        &self,
        reserved: &ReservedIp,
        holder: &Holder,
    ) -> Result<&Deployment, Refusal> {
        let deployment = self.holding(holder)?;
        deployment.check_unlocked()?;
        reserved.check_location(self.service(&holder.service)?)?;
        match &deployment.vip.reservation {
            Some(name) => Err(Refusal::conflict(format!(
                "The deployment '{}' has the reserved IP address '{name}' already.",
                deployment.name
            ))),
            None => Ok(deployment),
        }
    }

    fn begin_change_of_vip(
        &mut self,
        call: &Call<'_>,
        id: DeploymentId,
        vip: VirtualIp,
    ) -> Result<Answer, Refusal> {
        let deployment = self.deployments.get_mut(&id).ok_or_else(no_deployment)?;
        self.world.operations.concerns(call.id, Subject::Deployment(id));
        deployment.change_virtual_ip(call.id, vip, &mut self.world)?;
        Ok(Answer::accepted())
    }

    /// The address of a new reservation is found.
    pub(super) fn create_reserved_ip(&mut self, key: &str) -> Result<(), Refusal> {
        let reserved = self.reserved_ips.get_mut(key).ok_or_else(Refusal::internal)?;
        reserved.address = Some(self.world.addresses.take());
        reserved.under_way = None;
        Ok(())
    }

    /// A deployment has got a reserved address, which may have been its own before.
    pub(super) fn on_virtual_ip_reserved(&mut self, vip: &VirtualIp) {
        let name = vip.reservation.as_deref().unwrap_or_default();
        if let Some(reserved) = self.reserved_ips.get_mut(&name.to_ascii_lowercase()) {
            reserved.address = Some(vip.address);
            reserved.under_way = None;
        }
    }

    pub(super) fn delete_reserved_ip(&mut self, key: &str) -> Result<(), Refusal> {
        let reserved = self.reserved_ips.remove(key).ok_or_else(Refusal::internal)?;
        if let Some(address) = reserved.address {
            self.world.addresses.give_back(address);
        }
        Ok(())
    }

    fn told<'a>(&'a self, reserved: &'a ReservedIp) -> ReservedIpElement<'a> {
        let has_it = |it: &&Deployment| {
            it.vip
                .reservation
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(&reserved.name))
        };
        let deployment = self.deployments.values().find(has_it);
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
            virtual_ip_name: deployment.map(|it| VirtualIp::name(&it.service)),
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
