//! Every operation that is answered.

use super::route::Route;
use super::{
    affinity_group, cloud_service, deployment, location, operating_system, operation_status,
    role_size, storage_account,
};

/// One list for each kind of thing; what an operation does stands beside its entry there.
const ROUTES: &[&[Route]] = &[
    affinity_group::ROUTES,
    cloud_service::ROUTES,
    deployment::api::ROUTES,
    location::ROUTES,
    operating_system::ROUTES,
    operation_status::ROUTES,
    role_size::ROUTES,
    storage_account::ROUTES,
];

pub(super) fn routes() -> impl Iterator<Item = &'static Route> + Clone {
    ROUTES.iter().copied().flatten()
}
