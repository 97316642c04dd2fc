//! Every operation that is answered.

use super::route::Route;
use super::{cloud_service, deployment, operation_status};

/// One list for each kind of thing; what an operation does stands beside its entry there.
const ROUTES: &[&[Route]] = &[
    cloud_service::ROUTES,
    deployment::api::ROUTES,
    deployment::events::ROUTES,
    deployment::get_package::ROUTES,
    deployment::role_instance::ROUTES,
    operation_status::ROUTES,
];

pub(super) fn routes() -> impl Iterator<Item = &'static Route> + Clone {
    ROUTES.iter().copied().flatten()
}
