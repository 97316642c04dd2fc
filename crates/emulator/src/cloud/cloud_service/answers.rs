//! What the cloud tells about its services, in the order of the wire.

use azure_classic_protocol::machine::Instant;
use azure_classic_protocol::{ApiVersion, Base64Text, DateTime};
use serde::Serialize;

use super::Service;
use crate::cloud::deployment::answers::Deployment;
use crate::cloud::settings::Settings;
use crate::cloud::values::{ExtendedProperty, listed};

/// Tells things to one request, as far as its `x-ms-version` knows them.
pub(super) struct Narrator<'a> {
    pub(super) settings: &'a Settings,
    pub(super) version: ApiVersion,
}

impl Narrator<'_> {
    pub(super) fn service<'a>(
        &self,
        service: &'a Service,
        deployments: Option<Vec<Deployment<'a>>>,
    ) -> HostedService<'a> {
        let dated = self.knows(ApiVersion::V2012_03_01);
        HostedService {
            url: self.settings.url(&format!("services/hostedservices/{}", service.name)),
            service_name: &service.name,
            properties: HostedServiceProperties {
                description: service.description.as_deref(),
                affinity_group: service.affinity_group.as_deref(),
                location: service.location.as_deref(),
                label: service.label.as_str().into(),
                status: dated.then_some("Created"),
                date_created: self.time(service.created).filter(|_| dated),
                date_last_modified: self.time(service.created).filter(|_| dated),
                extended_properties: dated.then(|| listed(&service.properties)),
                reverse_dns_fqdn: service
                    .reverse_dns_fqdn
                    .as_deref()
                    .filter(|_| self.knows(ApiVersion::V2014_06_01)),
            },
            deployments,
        }
    }

    fn knows(&self, since: ApiVersion) -> bool {
        self.version >= since
    }

    fn time(&self, moment: Instant) -> Option<DateTime> {
        self.settings.date_time(moment)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HostedService<'a> {
    url: String,
    service_name: &'a str,
    #[serde(rename = "HostedServiceProperties")]
    properties: HostedServiceProperties<'a>,
    deployments: Option<Vec<Deployment<'a>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct HostedServiceProperties<'a> {
    description: Option<&'a str>,
    affinity_group: Option<&'a str>,
    location: Option<&'a str>,
    label: Base64Text,
    status: Option<&'static str>,
    date_created: Option<DateTime>,
    date_last_modified: Option<DateTime>,
    extended_properties: Option<Vec<ExtendedProperty<'a>>>,
    reverse_dns_fqdn: Option<&'a str>,
}
