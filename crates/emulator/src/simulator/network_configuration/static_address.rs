//! Check Static IP Availability.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde::Serialize;

use super::Prefix;
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::deployment::Deployment;

/// How many other addresses are offered for one that cannot be had.
const MAX_SUGGESTIONS: usize = 5;

pub(super) fn check(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("network");
    let site = simulator.shared.network.as_ref().and_then(|network| network.site(name));
    let site = site.ok_or_else(|| {
        ApiError::not_found(format!("The virtual network '{name}' does not exist."))
    })?;
    let address: Ipv4Addr =
        call.query.required("address")?.trim().parse().map_err(|_| {
            ApiError::bad_query("The query parameter address must be an IPv4 address.")
        })?;
    let in_network = simulator.deployments.values().filter(|deployment| {
        deployment.virtual_network().is_some_and(|name| name.eq_ignore_ascii_case(&site.name))
    });
    let taken: BTreeSet<_> = in_network.flat_map(Deployment::internal_addresses).collect();
    let (own, others): (Vec<_>, Vec<_>) =
        site.subnets.iter().map(|subnet| subnet.prefix).partition(|it| it.contains(address));
    let is_available =
        own.iter().any(|subnet| subnet.is_usable(address)) && !taken.contains(&address);
    // Addresses of its own subnet come first.
    let free = own.into_iter().chain(others).flat_map(Prefix::usable_addresses);
    let free = free.filter(|address| !taken.contains(address)).take(MAX_SUGGESTIONS);
    ApiResponse::xml(&AddressAvailabilityResponse {
        is_available,
        available_addresses: (!is_available)
            .then(|| free.map(|address| AvailableAddress(address.to_string())).collect()),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AddressAvailabilityResponse {
    is_available: bool,
    available_addresses: Option<Vec<AvailableAddress>>,
}

#[derive(Serialize)]
struct AvailableAddress(String);
