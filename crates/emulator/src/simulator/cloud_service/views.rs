//! The views of cloud services, in the order of the wire.

use azure_classic_protocol::{ApiVersion, Base64Text, DateTime};
use serde::Serialize;

use super::CloudService;
use crate::simulator::api_response::Nillable;
use crate::simulator::call::Call;
use crate::simulator::deployment::views::Deployment;
use crate::simulator::location;
use crate::simulator::role_size::ComputeCapabilities;
use crate::simulator::settings::Settings;
use crate::simulator::values::{ExtendedProperty, property_views};

#[derive(Serialize)]
pub(super) struct HostedServices<'a>(pub(super) Vec<HostedService<'a>>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::simulator) struct HostedService<'a> {
    url: String,
    service_name: &'a str,
    #[serde(rename = "HostedServiceProperties")]
    properties: HostedServiceProperties<'a>,
    deployments: Option<Vec<Deployment<'a>>>,
    compute_capabilities: Option<ComputeCapabilities>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HostedServiceProperties<'a> {
    description: Nillable<'a>,
    affinity_group: Option<&'a str>,
    location: Option<&'a str>,
    label: Base64Text,
    status: Option<&'static str>,
    date_created: Option<DateTime>,
    date_last_modified: Option<DateTime>,
    extended_properties: Option<Vec<ExtendedProperty<'a>>>,
    reverse_dns_fqdn: Option<&'a str>,
}

impl<'a> HostedService<'a> {
    /// The elements of every response about a service.
    pub(in crate::simulator) fn new(
        service: &'a CloudService,
        settings: &Settings,
        call: &Call<'_>,
    ) -> Self {
        Self {
            url: settings.url(&format!("services/hostedservices/{}", service.name)),
            service_name: &service.name,
            properties: HostedServiceProperties::new(service, settings, call),
            deployments: None,
            compute_capabilities: None,
        }
    }

    /// With its reverse name and the available sizes, which views in affinity groups lack.
    pub(super) fn detailed(
        service: &'a CloudService,
        settings: &Settings,
        call: &Call<'_>,
    ) -> Self {
        let location = location::find(service.placement.location()).ok();
        let location = location.filter(|_| call.has_version(ApiVersion::V2014_05_01));
        let reverse_dns_fqdn = service.reverse_dns_fqdn.as_deref();
        let mut view = Self::new(service, settings, call);
        view.compute_capabilities = location.map(location::Location::compute_capabilities);
        view.properties.reverse_dns_fqdn =
            reverse_dns_fqdn.filter(|_| call.has_version(ApiVersion::V2014_06_01));
        view
    }

    /// With its deployments.
    pub(super) fn with_deployments(self, deployments: Vec<Deployment<'a>>) -> Self {
        Self { deployments: Some(deployments), ..self }
    }
}

impl<'a> HostedServiceProperties<'a> {
    fn new(service: &'a CloudService, settings: &Settings, call: &Call<'_>) -> Self {
        let dated = call.has_version(ApiVersion::V2012_03_01);
        let status = if service.deletion.is_some() { "Deleting" } else { "Created" };
        Self {
            description: service.description.as_deref().into(),
            affinity_group: service.placement.affinity_group(),
            location: service.placement.own_location(),
            label: service.label.as_str().into(),
            status: dated.then_some(status),
            date_created: dated.then(|| settings.date_time(service.created)),
            date_last_modified: dated.then(|| settings.date_time(service.modified)),
            extended_properties: dated.then(|| property_views(&service.properties)),
            reverse_dns_fqdn: None,
        }
    }
}
