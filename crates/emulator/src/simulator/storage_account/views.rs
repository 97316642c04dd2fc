//! The views of storage accounts, in the order of the wire.

use azure_classic_protocol::{ApiVersion, Base64Text, DateTime};
use serde::Serialize;

use super::StorageAccount;
use super::account_type::AccountType;
use crate::simulator::api_response::Nillable;
use crate::simulator::call::Call;
use crate::simulator::location;
use crate::simulator::settings::Settings;
use crate::simulator::values::{ExtendedProperty, property_views};

#[derive(Serialize)]
pub(super) struct StorageServices<'a>(pub(super) Vec<StorageService<'a>>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StorageService<'a> {
    url: String,
    service_name: &'a str,
    #[serde(rename = "StorageServiceProperties")]
    properties: StorageServiceProperties<'a>,
    extended_properties: Option<Vec<ExtendedProperty<'a>>>,
    capabilities: Option<[Capability; 1]>,
}

/// An account in its affinity group.
#[derive(Serialize)]
#[serde(rename = "StorageService", rename_all = "PascalCase")]
pub(in crate::simulator) struct StorageServiceReference<'a> {
    url: String,
    service_name: &'a str,
    extended_properties: Option<Vec<ExtendedProperty<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StorageServiceProperties<'a> {
    description: Nillable<'a>,
    affinity_group: Option<&'a str>,
    location: Option<&'a str>,
    label: Base64Text,
    status: &'static str,
    endpoints: Vec<Endpoint>,
    geo_replication_enabled: Option<bool>,
    geo_primary_region: Option<&'a str>,
    status_of_primary: Option<&'static str>,
    /// Empty for an account in one data centre.
    geo_secondary_region: Option<&'static str>,
    status_of_secondary: Option<&'static str>,
    creation_time: DateTime,
    custom_domains: Vec<CustomDomain<'a>>,
    secondary_read_enabled: Option<bool>,
    secondary_endpoints: Option<Vec<Endpoint>>,
    account_type: Option<&'static str>,
}

#[derive(Serialize)]
struct Endpoint(String);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CustomDomain<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Capability(&'static str);

impl StorageAccount {
    pub(super) fn url(&self, settings: &Settings) -> String {
        settings.url(&format!("services/storageservices/{}", self.name))
    }

    fn listed_properties(&self, call: &Call<'_>) -> Option<Vec<ExtendedProperty<'_>>> {
        call.has_version(ApiVersion::V2012_03_01).then(|| property_views(&self.properties))
    }

    /// The addresses of its services, for the account or its secondary.
    fn endpoints(&self, suffix: &str, services: &[&str]) -> Vec<Endpoint> {
        let endpoint = |service: &&str| {
            Endpoint(format!("https://{}{suffix}.{service}.core.windows.net/", self.name))
        };
        services.iter().map(endpoint).collect()
    }
}

impl<'a> StorageServiceReference<'a> {
    pub(in crate::simulator) fn new(
        account: &'a StorageAccount,
        settings: &Settings,
        call: &Call<'_>,
    ) -> Self {
        Self {
            url: account.url(settings),
            service_name: &account.name,
            extended_properties: account.listed_properties(call),
        }
    }
}

impl<'a> StorageService<'a> {
    pub(super) fn listed(
        account: &'a StorageAccount,
        settings: &Settings,
        call: &Call<'_>,
    ) -> Self {
        Self {
            url: account.url(settings),
            service_name: &account.name,
            properties: StorageServiceProperties::new(account, settings, call),
            extended_properties: account.listed_properties(call),
            capabilities: None,
        }
    }

    pub(super) fn detailed(
        account: &'a StorageAccount,
        settings: &Settings,
        call: &Call<'_>,
    ) -> Self {
        let knows_machines = call.has_version(ApiVersion::V2012_03_01);
        Self {
            capabilities: knows_machines.then_some([Capability("PersistentVMRole")]),
            ..Self::listed(account, settings, call)
        }
    }
}

impl<'a> StorageServiceProperties<'a> {
    fn new(account: &'a StorageAccount, settings: &Settings, call: &Call<'_>) -> Self {
        let known = Self::without_endpoints(account, settings, call);
        if account.creation.is_some() {
            return known;
        }
        let secondary = match account.account_type {
            AccountType::StandardLrs | AccountType::PremiumLrs => Some(("", "")),
            AccountType::StandardZrs => None,
            AccountType::StandardGrs | AccountType::StandardRagrs => {
                let location = location::find(account.placement.location()).ok();
                location.map(|location| (location.paired_region, "Available"))
            }
        };
        let is_readable = account.account_type == AccountType::StandardRagrs;
        Self {
            endpoints: account.endpoints("", &["blob", "queue", "table", "file"]),
            geo_primary_region: Some(account.placement.location()),
            status_of_primary: Some("Available"),
            geo_secondary_region: secondary.map(|(region, _)| region),
            status_of_secondary: secondary.map(|(_, status)| status),
            secondary_endpoints: is_readable
                .then(|| account.endpoints("-secondary", &["blob", "queue", "table"])),
            ..known
        }
    }

    /// The view of an account that is being created.
    fn without_endpoints(
        account: &'a StorageAccount,
        settings: &Settings,
        call: &Call<'_>,
    ) -> Self {
        let kind = account.account_type;
        let knows_type = call.has_version(ApiVersion::V2014_06_01);
        let knows_reading = call.has_version(ApiVersion::V2013_11_01) && !knows_type;
        Self {
            description: account.description.as_deref().into(),
            affinity_group: account.placement.affinity_group(),
            location: account.placement.own_location(),
            label: account.label.as_str().into(),
            status: if account.creation.is_some() { "Creating" } else { "Created" },
            endpoints: Vec::new(),
            geo_replication_enabled: (!knows_type).then(|| kind.is_geo_replicated()),
            geo_primary_region: None,
            status_of_primary: None,
            geo_secondary_region: None,
            status_of_secondary: None,
            creation_time: settings.date_time(account.created),
            custom_domains: account
                .custom_domains
                .iter()
                .map(|name| CustomDomain { name })
                .collect(),
            secondary_read_enabled: knows_reading.then_some(kind == AccountType::StandardRagrs),
            secondary_endpoints: None,
            account_type: knows_type.then_some(kind.as_str()),
        }
    }
}
