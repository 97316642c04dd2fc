//! Every operation that is answered.

use std::collections::BTreeSet;

use super::route::Route;
use super::{
    cloud_service, deployment, extension, management_certificate, operation_status,
    service_certificate, service_principal, subscription,
};

/// One list for each kind of thing; what an operation does stands beside its entry there.
const ROUTES: &[&[Route]] = &[
    cloud_service::ROUTES,
    deployment::api::ROUTES,
    extension::ROUTES,
    extension::catalogue::ROUTES,
    management_certificate::ROUTES,
    operation_status::ROUTES,
    service_certificate::ROUTES,
    service_principal::ROUTES,
    subscription::ROUTES,
    subscription::operations::ROUTES,
    subscription::providers::ROUTES,
];

pub(super) fn routes() -> impl Iterator<Item = &'static Route> + Clone {
    ROUTES.iter().copied().flatten()
}

/// What can be asked for, by the names of the reference pages.
pub(crate) fn operation_names() -> Vec<&'static str> {
    let names: BTreeSet<_> = routes().map(|route| route.operation).collect();
    names.into_iter().collect()
}
