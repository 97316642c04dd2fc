//! The subscription: what it has and may have.

pub(super) mod operations;
pub(super) mod providers;

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, DateTime};
use serde::Serialize;

use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::network_configuration::NetworkConfiguration;
use super::route::Route;

pub(super) const ROUTES: &[Route] = &[
    Route::get("Get Subscription", "", ApiVersion::V2011_10_01, get),
    Route::get(
        "List Subscriptions (token callers)",
        "//subscriptions",
        ApiVersion::V2013_08_01,
        list,
    ),
];

/// Its name, as in the `.publishsettings` file.
pub(crate) const NAME: &str = "azure-classic emulator";

/// There is no portal to sign in to.
const ADMINISTRATOR: &str = "admin@contoso.example";

fn get(simulator: &mut Simulator, _: &Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::xml(&view(simulator))
}

fn list(simulator: &mut Simulator, _: &Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::xml(&Subscriptions(vec![view(simulator)]))
}

/// Limits without a setting are those of a recorded subscription; they are reported but not enforced.
fn view(simulator: &Simulator) -> Subscription<'_> {
    let settings = &simulator.shared.settings;
    let limits = &settings.limits;
    let networks =
        simulator.shared.network.as_ref().map(NetworkConfiguration::counts).unwrap_or_default();
    Subscription {
        id: settings.subscription.as_str(),
        name: NAME,
        status: "Active",
        account_admin_live_email_id: ADMINISTRATOR,
        service_admin_live_email_id: ADMINISTRATOR,
        max_core_count: limits.cores,
        max_storage_accounts: limits.storage_accounts,
        max_hosted_services: limits.cloud_services,
        current_core_count: simulator.cores().used,
        current_hosted_services: simulator.services.len(),
        current_storage_accounts: simulator.storage_accounts.len(),
        max_virtual_network_sites: 50,
        current_virtual_network_sites: non_zero(networks.sites),
        max_local_network_sites: 20,
        current_local_network_sites: non_zero(networks.local_sites),
        max_dns_servers: 20,
        current_dns_servers: non_zero(networks.dns_servers),
        created_time: settings.date_time(Instant::ORIGIN),
        max_reserved_ips: 20,
        current_reserved_ips: simulator.reserved_ips.len(),
        max_public_ip_count: 5,
        current_network_security_groups: 0,
        max_network_security_groups: 100,
        max_network_security_rules_per_group: 200,
        max_route_tables: 100,
        max_routes_per_route_table: 100,
    }
}

fn non_zero(count: usize) -> Option<usize> {
    Some(count).filter(|count| *count > 0)
}

#[derive(Serialize)]
struct Subscriptions<'a>(Vec<Subscription<'a>>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Subscription<'a> {
    #[serde(rename = "SubscriptionID")]
    id: &'a str,
    #[serde(rename = "SubscriptionName")]
    name: &'static str,
    #[serde(rename = "SubscriptionStatus")]
    status: &'static str,
    account_admin_live_email_id: &'static str,
    service_admin_live_email_id: &'static str,
    max_core_count: u32,
    max_storage_accounts: u32,
    max_hosted_services: u32,
    current_core_count: u32,
    current_hosted_services: usize,
    current_storage_accounts: usize,
    max_virtual_network_sites: u32,
    current_virtual_network_sites: Option<usize>,
    max_local_network_sites: u32,
    current_local_network_sites: Option<usize>,
    max_dns_servers: u32,
    current_dns_servers: Option<usize>,
    created_time: DateTime,
    #[serde(rename = "MaxReservedIPs")]
    max_reserved_ips: u32,
    #[serde(rename = "CurrentReservedIPs")]
    current_reserved_ips: usize,
    #[serde(rename = "MaxPublicIPCount")]
    max_public_ip_count: u32,
    current_network_security_groups: usize,
    max_network_security_groups: u32,
    max_network_security_rules_per_group: u32,
    max_route_tables: u32,
    max_routes_per_route_table: u32,
}
