//! A cloud service: a name with two slots.

use azure_classic_protocol::machine::Instant;

use super::requests::CreateService;
use super::values::{self, Properties};
use super::world::DeploymentId;

#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) description: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) affinity_group: Option<String>,
    pub(crate) properties: Properties,
    pub(crate) reverse_dns_fqdn: Option<String>,
    pub(crate) created: Instant,
    /// What the slots hold; by [`Slot::index`](super::route::Slot::index).
    pub(crate) slots: [Option<DeploymentId>; 2],
}

impl Service {
    pub(crate) fn new(create: CreateService, now: Instant) -> Self {
        Self {
            name: create.name,
            label: create.label,
            description: create.description,
            location: create.location,
            affinity_group: create.affinity_group,
            properties: values::initial(create.properties),
            reverse_dns_fqdn: create.reverse_dns_fqdn,
            created: now,
            slots: [None, None],
        }
    }
}
