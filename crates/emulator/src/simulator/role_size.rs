//! List Role Sizes, and which sizes a location has.

mod catalogue;

use azure_classic_protocol::ApiVersion;
use serde::Serialize;

use self::catalogue::ROLE_SIZES;
use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::route::Route;

pub(super) const ROUTES: &[Route] =
    &[Route::get("List Role Sizes", "/rolesizes", ApiVersion::V2013_08_01, list)];

/// A size of machines.
struct RoleSize {
    name: &'static str,
    series: Series,
    cores: u32,
    memory_in_mb: u32,
    data_disks: u32,
    /// 0 where web and worker roles cannot have the size.
    web_worker_disk_in_mb: u32,
    virtual_machine_disk_in_mb: u32,
}

/// Sizes that came to locations together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Series {
    /// The sizes that every location has.
    A,
    /// With InfiniBand.
    Hpc,
    D,
    /// With premium storage.
    Ds,
    G,
}

fn list(_: &mut Simulator, _: &Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::xml(&RoleSizes(ROLE_SIZES.iter().map(RoleSize::element).collect()))
}

/// The cores of a size, if web and worker roles can have it.
pub(super) fn cores(name: &str) -> Option<u32> {
    let size = ROLE_SIZES.iter().find(|size| size.name == name);
    size.filter(|size| size.is_for_web_and_worker_roles()).map(|size| size.cores)
}

/// The sizes of these series, as the element of locations, affinity groups and cloud services.
pub(super) fn compute_capabilities(series: &[Series]) -> ComputeCapabilities {
    let sizes = || ROLE_SIZES.iter().filter(|size| series.contains(&size.series));
    ComputeCapabilities {
        web_worker_role_sizes: sizes()
            .filter(|size| size.is_for_web_and_worker_roles())
            .map(|size| SizeName(size.name))
            .collect(),
        virtual_machines_role_sizes: sizes().map(|size| SizeName(size.name)).collect(),
    }
}

impl RoleSize {
    fn is_for_web_and_worker_roles(&self) -> bool {
        self.web_worker_disk_in_mb > 0
    }

    fn element(&self) -> RoleSizeElement {
        let Self { name, cores, memory_in_mb, .. } = *self;
        RoleSizeElement {
            name,
            label: format!("{name} ({cores} cores, {memory_in_mb} MB)"),
            cores,
            memory_in_mb,
            supported_by_web_worker_roles: self.is_for_web_and_worker_roles(),
            supported_by_virtual_machines: true,
            max_data_disk_count: self.data_disks,
            web_worker_resource_disk_size_in_mb: self.web_worker_disk_in_mb,
            virtual_machine_resource_disk_size_in_mb: self.virtual_machine_disk_in_mb,
        }
    }
}

#[derive(Serialize)]
struct RoleSizes(Vec<RoleSizeElement>);

#[derive(Serialize)]
#[serde(rename = "RoleSize", rename_all = "PascalCase")]
struct RoleSizeElement {
    name: &'static str,
    label: String,
    cores: u32,
    memory_in_mb: u32,
    supported_by_web_worker_roles: bool,
    supported_by_virtual_machines: bool,
    max_data_disk_count: u32,
    web_worker_resource_disk_size_in_mb: u32,
    virtual_machine_resource_disk_size_in_mb: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ComputeCapabilities {
    web_worker_role_sizes: Vec<SizeName>,
    virtual_machines_role_sizes: Vec<SizeName>,
}

#[derive(Serialize)]
#[serde(rename = "RoleSize")]
struct SizeName(&'static str);
