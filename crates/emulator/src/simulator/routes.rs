//! All supported operations.

use std::collections::BTreeSet;

use super::route::Route;
use super::{
    affinity_group, cloud_service, deployment, dns_server, extension, location,
    management_certificate, network_configuration, operating_system, operation_status, reserved_ip,
    role_size, service_certificate, service_principal, storage_account, subscription,
};

/// One list for each kind of thing; what an operation does stands beside its entry there.
const ROUTES: &[&[Route]] = &[
    affinity_group::ROUTES,
    cloud_service::ROUTES,
    deployment::routes::ROUTES,
    deployment::events::ROUTES,
    deployment::get_package::ROUTES,
    deployment::role_instance::ROUTES,
    dns_server::ROUTES,
    extension::ROUTES,
    extension::catalogue::ROUTES,
    location::ROUTES,
    management_certificate::ROUTES,
    network_configuration::ROUTES,
    operating_system::ROUTES,
    operation_status::ROUTES,
    reserved_ip::ROUTES,
    role_size::ROUTES,
    service_certificate::ROUTES,
    service_principal::ROUTES,
    storage_account::ROUTES,
    subscription::ROUTES,
    subscription::operations::ROUTES,
    subscription::providers::ROUTES,
];

pub(super) fn routes() -> impl Iterator<Item = &'static Route> + Clone {
    ROUTES.iter().copied().flatten()
}

/// The supported operations, by the names of their reference pages.
pub(crate) fn operation_names() -> Vec<&'static str> {
    let names: BTreeSet<_> = routes().map(|route| route.operation).collect();
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use azure_classic_protocol::OPERATIONS;

    use super::*;

    /// The protocol crate and this one have typed the same facts on their own.
    #[test]
    fn every_operation_of_the_protocol_crate_has_a_route_since_its_version() {
        for spec in OPERATIONS {
            let mut own = routes().filter(|route| route.operation == spec.name);
            let oldest = own.clone().map(|route| route.since).min();
            assert_eq!(oldest, Some(spec.min_version), "{}", spec.name);
            assert!(own.all(|route| route.verb.as_str() == spec.method), "{}", spec.name);
        }
        let known = |name: &str| OPERATIONS.iter().any(|spec| spec.name == name);
        let unknown: Vec<_> = operation_names().into_iter().filter(|name| !known(name)).collect();
        assert_eq!(unknown, [""; 0]);
        assert_eq!(operation_names().len(), OPERATIONS.len());
    }
}
