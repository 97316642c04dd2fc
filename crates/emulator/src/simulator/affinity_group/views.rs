//! The views of affinity groups, in the order of the wire.

use azure_classic_protocol::{ApiVersion, Base64Text, DateTime};
use serde::Serialize;

use super::AffinityGroup;
use crate::simulator::Simulator;
use crate::simulator::api_response::Nillable;
use crate::simulator::call::Call;
use crate::simulator::cloud_service::views::HostedService;
use crate::simulator::location;
use crate::simulator::role_size::ComputeCapabilities;
use crate::simulator::settings::Settings;
use crate::simulator::storage_account::views::StorageServiceReference;

#[derive(Serialize)]
pub(super) struct AffinityGroups<'a>(pub(super) Vec<AffinityGroupElement<'a>>);

#[derive(Serialize)]
#[serde(rename = "AffinityGroup", rename_all = "PascalCase")]
pub(super) struct AffinityGroupElement<'a> {
    name: &'a str,
    label: Base64Text,
    description: Nillable<'a>,
    location: &'a str,
    hosted_services: Option<Vec<HostedService<'a>>>,
    storage_services: Option<Vec<StorageServiceReference<'a>>>,
    capabilities: [Capability; 2],
    created_time: DateTime,
    compute_capabilities: Option<ComputeCapabilities>,
}

#[derive(Serialize)]
struct Capability(&'static str);

impl<'a> AffinityGroupElement<'a> {
    fn new(group: &'a AffinityGroup, settings: &Settings) -> Self {
        Self {
            name: &group.name,
            label: group.label.as_str().into(),
            description: group.description.as_deref().into(),
            location: &group.location,
            hosted_services: None,
            storage_services: None,
            capabilities: ["PersistentVMRole", "HighMemory"].map(Capability),
            created_time: settings.date_time(group.created),
            compute_capabilities: None,
        }
    }

    /// In the list, with the sizes and without what is in it.
    pub(super) fn listed(group: &'a AffinityGroup, settings: &Settings, call: &Call<'_>) -> Self {
        let location = location::find(&group.location).ok();
        let location = location.filter(|_| call.has_version(ApiVersion::V2014_05_01));
        Self {
            compute_capabilities: location.map(location::Location::compute_capabilities),
            ..Self::new(group, settings)
        }
    }

    /// By itself, with what is in it and without the sizes. An account that is being made is not
    /// in it yet.
    pub(super) fn detailed(
        group: &'a AffinityGroup,
        simulator: &'a Simulator,
        call: &Call<'_>,
    ) -> Self {
        let settings = &simulator.shared.settings;
        let services = simulator.services.values().filter(|service| service.placement.is_in(group));
        let accounts = simulator
            .storage_accounts
            .values()
            .filter(|account| account.placement.is_in(group) && account.creation.is_none());
        Self {
            hosted_services: Some(
                services.map(|service| HostedService::new(service, settings, call)).collect(),
            ),
            storage_services: Some(
                accounts
                    .map(|account| StorageServiceReference::new(account, settings, call))
                    .collect(),
            ),
            ..Self::new(group, settings)
        }
    }
}
