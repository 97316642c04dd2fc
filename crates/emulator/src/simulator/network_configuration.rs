//! The network configuration of the subscription: one document that describes all virtual networks.

mod document;
mod prefix;
mod sites;
mod static_address;

use azure_classic_protocol::ApiVersion;
use http::header;
use serde::{Deserialize, Serialize};

pub(super) use self::document::parse;
pub(super) use self::prefix::Prefix;
use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::deployment::configuration::Configuration;
use super::dns_server::DnsServer;
use super::location;
use super::route::Route;
use super::tasks::Task;

pub(super) const ROUTES: &[Route] = &[
    Route::get("Get Network Configuration", MEDIA_PATH, ApiVersion::V2012_03_01, get),
    Route::put("Set Network Configuration", MEDIA_PATH, ApiVersion::V2012_03_01, set),
    Route::get("List Virtual Network Sites", SITES_PATH, ApiVersion::V2012_03_01, sites::list),
    Route::get(
        "Check Static IP Availability",
        "/services/networking/{network}",
        ApiVersion::V2013_11_01,
        static_address::check,
    )
    .when("op", "checkavailability"),
    Route::get(
        "Get Gateway (networking) Operation Status",
        "/services/networking/operation/{operation}",
        ApiVersion::V2012_03_01,
        gateway_operation,
    ),
];

const MEDIA_PATH: &str = "/services/networking/media";
const SITES_PATH: &str = "/services/networking/virtualnetwork";

/// The document as it was sent, without a declaration, and what it says.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct NetworkConfiguration {
    text: String,
    sites: Vec<Site>,
    /// The number of its local networks and DNS servers, used or not. Older saved states lack it.
    #[serde(default)]
    local_sites: usize,
    #[serde(default)]
    dns_servers: usize,
}

/// A virtual network.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Site {
    id: String,
    name: String,
    label: Option<String>,
    affinity_group: Option<String>,
    location: Option<String>,
    address_space: Vec<Prefix>,
    subnets: Vec<Subnet>,
    dns_servers: Vec<DnsServer>,
    gateway: Option<Vec<LocalSite>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Subnet {
    name: String,
    prefix: Prefix,
}

/// A network elsewhere that a virtual network is joined with.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct LocalSite {
    name: String,
    address_space: Vec<Prefix>,
    gateway_address: Option<String>,
    /// The types of the connections to it.
    connections: Vec<String>,
}

impl Site {
    fn has_subnet(&self, name: &str) -> bool {
        self.subnets.iter().any(|subnet| subnet.name.eq_ignore_ascii_case(name))
    }
}

/// How many things of a kind a network configuration has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NetworkCounts {
    pub(super) sites: usize,
    pub(super) local_sites: usize,
    pub(super) dns_servers: usize,
}

fn get(simulator: &mut Simulator, _: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let text = simulator.shared.network.as_ref().map(|network| network.text.as_str()).ok_or_else(
        || ApiError::not_found("The subscription does not have a network configuration."),
    )?;
    let document = format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{text}");
    Ok(ApiResponse::text("text/plain", document))
}

fn set(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    check_content_type(call)?;
    let network = call.prepared.network()?;
    for site in &network.sites {
        if let Some(location) = &site.location {
            location::find(location)?;
        }
        if let Some(group) = &site.affinity_group {
            simulator.affinity_group(group)?;
        }
    }
    simulator.check_network(&network)?;
    simulator.start_task(call.id, Task::SetNetwork(Box::new(network)));
    Ok(ApiResponse::accepted())
}

/// The document is a file for the service, and no XML that it reads as a request.
fn check_content_type(call: &Call<'_>) -> Result<(), ApiError> {
    const ACCEPTED: [&str; 2] = ["text/plain", "application/octet-stream"];

    let Some(given) = call.headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let given = given.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if ACCEPTED.iter().any(|taken| taken.eq_ignore_ascii_case(given)) {
        return Ok(());
    }
    Err(ApiError::bad_content_type())
}

/// Operations of virtual network gateways have their own status operation. No operation here creates them.
fn gateway_operation(_: &mut Simulator, _: &Call<'_>) -> Result<ApiResponse, ApiError> {
    Err(ApiError::not_found("The operation request ID was not found."))
}

impl Simulator {
    /// Whether the deployments have the networks that they are in.
    fn check_network(&self, network: &NetworkConfiguration) -> Result<(), ApiError> {
        for deployment in self.deployments.values() {
            let Some(name) = deployment.virtual_network() else { continue };
            let in_use = |what: &str| {
                Err(ApiError::bad_request(format!(
                    "{what} is in use by the deployment '{}' and cannot be deleted.",
                    deployment.name
                )))
            };
            let Some(site) = network.site(name) else {
                return in_use(&format!("The virtual network '{name}'"));
            };
            if let Some(subnet) = deployment.subnets().find(|subnet| !site.has_subnet(subnet)) {
                return in_use(&format!("The subnet '{subnet}' of the virtual network '{name}'"));
            }
        }
        Ok(())
    }

    /// Virtual networks of the same name stay the same.
    pub(super) fn set_network(
        &mut self,
        mut network: NetworkConfiguration,
    ) -> Result<(), ApiError> {
        self.check_network(&network)?;
        for site in &mut network.sites {
            let before = self.shared.network.as_ref().and_then(|network| network.site(&site.name));
            site.id = match before {
                Some(before) => before.id.clone(),
                None => self.shared.random.guid(),
            };
        }
        self.shared.network = Some(network);
        Ok(())
    }

    /// Whether the network that a service configuration names is there, and its subnets are.
    pub(super) fn check_network_of(&self, configuration: &Configuration) -> Result<(), ApiError> {
        let requested = &configuration.network;
        let Some(name) = &requested.site else { return Ok(()) };
        let Some(site) = self.shared.network.as_ref().and_then(|network| network.site(name)) else {
            return Err(ApiError::bad_request(format!("Virtual network '{name}' not found.")));
        };
        match requested.named_subnets().find(|subnet| !site.has_subnet(subnet)) {
            Some(subnet) => Err(ApiError::bad_request(format!(
                "Subnet '{subnet}' not found in the virtual network '{name}'."
            ))),
            None => Ok(()),
        }
    }
}

impl NetworkConfiguration {
    pub(super) fn counts(&self) -> NetworkCounts {
        let Self { sites, local_sites, dns_servers, .. } = self;
        NetworkCounts { sites: sites.len(), local_sites: *local_sites, dns_servers: *dns_servers }
    }

    /// Whether a virtual network lies in this affinity group.
    pub(super) fn uses_affinity_group(&self, name: &str) -> bool {
        let mut groups = self.sites.iter().filter_map(|site| site.affinity_group.as_deref());
        groups.any(|group| group.eq_ignore_ascii_case(name))
    }

    /// Whether machines in a virtual network use other DNS servers than the platform's.
    pub(super) fn site_has_dns_servers(&self, name: &str) -> bool {
        self.site(name).is_some_and(|site| !site.dns_servers.is_empty())
    }

    pub(super) fn site_id(&self, name: &str) -> Option<&str> {
        self.site(name).map(|site| site.id.as_str())
    }

    fn site(&self, name: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.name.eq_ignore_ascii_case(name))
    }
}
