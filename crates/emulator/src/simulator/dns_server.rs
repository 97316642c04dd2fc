//! The DNS servers of a deployment.

use std::net::Ipv4Addr;

use azure_classic_protocol::ApiVersion;
use serde::{Deserialize, Serialize};

use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::contract::Contract;
use super::deployment::routes::start_operation;
use super::route::Route;
use super::values;

pub(super) const ROUTES: &[Route] = &[
    Route::post("Add DNS Server", DNS_SERVERS, ApiVersion::V2014_06_01, add),
    Route::put("Update DNS Server", SERVER_PATH, ApiVersion::V2014_06_01, update),
    Route::delete("Delete DNS Server", SERVER_PATH, ApiVersion::V2014_06_01, delete),
];

const DNS_SERVERS: &str = "/services/hostedservices/{service}/deployments/{deployment}/dnsservers";
const SERVER_PATH: &str =
    "/services/hostedservices/{service}/deployments/{deployment}/dnsservers/{server}";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DnsServer {
    pub(crate) name: String,
    pub(crate) address: Ipv4Addr,
}

impl DnsServer {
    /// What is wrong, if something is.
    pub(crate) fn read(name: &str, address: &str) -> Result<Self, String> {
        if !values::is_segment(name, 260) {
            return Err("a DNS server has no usable name".to_owned());
        }
        let address = address
            .trim()
            .parse()
            .map_err(|_| format!("the address of the DNS server '{name}' is no IPv4 address"))?;
        Ok(Self { name: name.to_owned(), address })
    }

    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

fn add(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    start_operation(simulator, call, |deployment, shared| {
        let server = read(call)?;
        deployment.check_unlocked()?;
        let mut servers = deployment.dns_servers.clone();
        if servers.iter().any(|own| own.has_name(&server.name)) {
            return Err(ApiError::conflict(format!(
                "The DNS server name '{}' is already taken.",
                server.name
            )));
        }
        servers.push(server);
        deployment.start_dns_server_change(call.id, servers, shared);
        Ok(())
    })
}

fn update(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    start_operation(simulator, call, |deployment, shared| {
        let name = call.argument("server");
        let mut servers = deployment.dns_servers.clone();
        let Some(server) = servers.iter_mut().find(|server| server.has_name(name)) else {
            return Err(not_found(name));
        };
        let changed = read(call)?;
        if !changed.has_name(name) {
            return Err(ApiError::bad_request("The name of a DNS server cannot be changed."));
        }
        deployment.check_unlocked()?;
        server.address = changed.address;
        deployment.start_dns_server_change(call.id, servers, shared);
        Ok(())
    })
}

fn delete(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    start_operation(simulator, call, |deployment, shared| {
        let name = call.argument("server");
        let mut servers = deployment.dns_servers.clone();
        let count = servers.len();
        servers.retain(|server| !server.has_name(name));
        if servers.len() == count {
            return Err(not_found(name));
        }
        deployment.check_unlocked()?;
        deployment.start_dns_server_change(call.id, servers, shared);
        Ok(())
    })
}

fn read(call: &Call<'_>) -> Result<DnsServer, ApiError> {
    call.read(&DNS_SERVER, |fields| {
        DnsServer::read(&fields.required("Name")?, &fields.required("Address")?)
            .map_err(|why| ApiError::bad_request(format!("The request is not valid: {why}.")))
    })
}

fn not_found(name: &str) -> ApiError {
    ApiError::not_found(format!("The DNS server '{name}' does not exist."))
}

const DNS_SERVER: Contract = Contract {
    root: "DnsServer",
    members: &[("Name", ApiVersion::V2014_06_01), ("Address", ApiVersion::V2014_06_01)],
};

/// The element of deployments and virtual networks.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Dns<'a> {
    dns_servers: Vec<DnsServerElement<'a>>,
}

#[derive(Serialize)]
#[serde(rename = "DnsServer", rename_all = "PascalCase")]
struct DnsServerElement<'a> {
    name: &'a str,
    address: String,
}

impl<'a> Dns<'a> {
    /// `None` when there are none.
    pub(crate) fn new(servers: &'a [DnsServer]) -> Option<Self> {
        let element = |it: &'a DnsServer| DnsServerElement {
            name: &it.name,
            address: it.address.to_string(),
        };
        let dns_servers: Vec<_> = servers.iter().map(element).collect();
        (!dns_servers.is_empty()).then_some(Self { dns_servers })
    }
}
