//! The public address of a deployment, and the network that it is in.

use std::net::Ipv4Addr;

use azure_classic_protocol::RequestId;
use serde::{Deserialize, Serialize};

use super::Deployment;
use super::configuration::Configuration;
use super::lock::{Continuation, Lock};
use crate::simulator::api_error::ApiError;
use crate::simulator::shared_state::SharedState;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VirtualIp {
    pub(crate) address: Ipv4Addr,
    /// The name of the reserved IP address that it is.
    pub(crate) reservation: Option<String>,
}

impl VirtualIp {
    /// One that goes with its deployment.
    pub(crate) fn allocate(shared: &mut SharedState) -> Self {
        Self { address: shared.addresses.allocate(), reservation: None }
    }

    /// What the platform calls the only one of a service.
    pub(crate) fn default_name(service: &str) -> String {
        format!("{service}ContractContract")
    }
}

impl Deployment {
    /// The virtual network that it is in.
    pub(crate) fn virtual_network(&self) -> Option<&str> {
        self.stable_version().configuration.network.site.as_deref()
    }

    /// The addresses of its instances.
    pub(crate) fn internal_addresses(&self) -> impl Iterator<Item = Ipv4Addr> {
        let instances = self.roles.values().flat_map(|role| role.instances.values());
        instances.map(|instance| instance.address)
    }

    /// Whether it has the reserved IP address of this name, or is about to get it.
    pub(crate) fn has_reservation(&self, reservation: &str) -> bool {
        let coming = match &self.lock {
            Some(Lock { continuation: Continuation::SetVirtualIp(vip), .. }) => {
                vip.reservation.as_deref()
            }
            _ => None,
        };
        let present = self.vip.reservation.as_deref();
        present.into_iter().chain(coming).any(|own| own.eq_ignore_ascii_case(reservation))
    }

    /// Begins to give the deployment another address, if its configurations can tell of it.
    pub(crate) fn start_virtual_ip_change(
        &mut self,
        request: &RequestId,
        vip: VirtualIp,
        shared: &mut SharedState,
    ) -> Result<(), ApiError> {
        self.check_virtual_ip(&vip)?;
        self.lock_and_schedule(request, Continuation::SetVirtualIp(vip), shared);
        Ok(())
    }

    /// Whether the configurations can tell of this address.
    pub(crate) fn check_virtual_ip(&self, vip: &VirtualIp) -> Result<(), ApiError> {
        self.configurations_with(vip).map(drop)
    }

    /// Gives the deployment another address; configurations tell of one that is reserved.
    pub(super) fn set_virtual_ip(&mut self, vip: VirtualIp) -> Result<(), ApiError> {
        let configurations = self.configurations_with(&vip)?;
        for (version, configuration) in self.versions.values_mut().zip(configurations) {
            version.configuration = configuration;
        }
        self.vip = vip;
        Ok(())
    }

    /// The configurations of all versions, as they are with another address.
    fn configurations_with(&self, vip: &VirtualIp) -> Result<Vec<Configuration>, ApiError> {
        let is_other = vip.reservation != self.vip.reservation;
        let changed = self.versions.values().map(|version| {
            let mut configuration = version.configuration.clone();
            if is_other {
                configuration.set_reserved_ip(vip.reservation.as_deref())?;
            }
            Ok(configuration)
        });
        changed.collect()
    }

    /// Makes the configuration of an update tell of the address that the deployment has. An update
    /// cannot change it, and neither the virtual network.
    pub(super) fn preserve_network(
        &self,
        configuration: &mut Configuration,
    ) -> Result<(), ApiError> {
        let own = self.vip.reservation.as_deref();
        let other = configuration
            .network
            .reserved_ip
            .as_deref()
            .filter(|name| !own.is_some_and(|own| own.eq_ignore_ascii_case(name)));
        if let Some(name) = other {
            return Err(ApiError::bad_request(format!(
                "An update cannot give the deployment the reserved IP address '{name}'. Associate it \
                 instead."
            )));
        }
        let lower = |name: &str| name.to_ascii_lowercase();
        let wanted = configuration.network.site.as_deref().map(lower);
        if wanted != self.virtual_network().map(lower) {
            return Err(ApiError::bad_request("An update cannot change the virtual network."));
        }
        configuration.set_reserved_ip(own)
    }
}
