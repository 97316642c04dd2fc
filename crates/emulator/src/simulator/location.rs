//! List Locations, and what a location has.

mod catalogue;

use azure_classic_protocol::ApiVersion;
use serde::Serialize;

use self::catalogue::LOCATIONS;
use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::role_size::{ComputeCapabilities, Series, compute_capabilities};
use super::route::Route;

pub(super) const ROUTES: &[Route] =
    &[Route::get("List Locations", "/locations", ApiVersion::V2010_10_28, list)];

/// A region with data centres.
#[derive(Debug)]
pub(crate) struct Location {
    pub(crate) name: &'static str,
    /// Where storage that lies here is replicated to.
    pub(crate) paired_region: &'static str,
    /// The sizes that it has.
    series: &'static [Series],
}

/// The location of this name, in any case.
pub(crate) fn find(name: &str) -> Result<&'static Location, ApiError> {
    LOCATIONS
        .iter()
        .find(|location| location.name.eq_ignore_ascii_case(name))
        .ok_or_else(|| ApiError::bad_request("The location constraint is not valid"))
}

impl Location {
    pub(crate) fn compute_capabilities(&self) -> ComputeCapabilities {
        compute_capabilities(self.series)
    }

    pub(crate) fn has_premium_storage(&self) -> bool {
        self.series.contains(&Series::Ds)
    }

    fn storage_account_types(&self) -> Vec<StorageAccountType> {
        let types = ["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_RAGRS"];
        let premium = self.has_premium_storage().then_some("Premium_LRS");
        types.into_iter().chain(premium).map(StorageAccountType).collect()
    }

    fn element(&self, call: &Call<'_>) -> LocationElement {
        LocationElement {
            name: self.name,
            display_name: self.name,
            available_services: call.has_version(ApiVersion::V2012_03_01).then(|| {
                ["Compute", "Storage", "PersistentVMRole", "HighMemory"].map(AvailableService)
            }),
            compute_capabilities: call
                .has_version(ApiVersion::V2014_05_01)
                .then(|| self.compute_capabilities()),
            storage_capabilities: call.has_version(ApiVersion::V2014_06_01).then(|| {
                StorageCapabilities { storage_account_types: self.storage_account_types() }
            }),
        }
    }
}

fn list(_: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::xml(&Locations(LOCATIONS.iter().map(|location| location.element(call)).collect()))
}

#[derive(Serialize)]
struct Locations(Vec<LocationElement>);

#[derive(Serialize)]
#[serde(rename = "Location", rename_all = "PascalCase")]
struct LocationElement {
    name: &'static str,
    display_name: &'static str,
    available_services: Option<[AvailableService; 4]>,
    compute_capabilities: Option<ComputeCapabilities>,
    storage_capabilities: Option<StorageCapabilities>,
}

#[derive(Serialize)]
struct AvailableService(&'static str);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StorageCapabilities {
    storage_account_types: Vec<StorageAccountType>,
}

#[derive(Serialize)]
struct StorageAccountType(&'static str);
