//! List Operating Systems and List Operating System Families.

mod catalogue;

use azure_classic_protocol::{ApiVersion, Base64Text};
use serde::Serialize;

use self::catalogue::FAMILIES;
use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::route::Route;

pub(super) const ROUTES: &[Route] = &[
    Route::get("List Operating Systems", "/operatingsystems", ApiVersion::V2010_04_01, list),
    Route::get(
        "List Operating System Families",
        "/operatingsystemfamilies",
        ApiVersion::V2010_10_28,
        list_families,
    ),
];

/// Releases of the guest operating system on the same Windows Server.
struct Family {
    name: &'static str,
    label: &'static str,
    releases: &'static [Release],
}

struct Release {
    /// Such as `4.21`.
    number: &'static str,
    /// The month of the patches that it has, and how often it was released: `201506-01`.
    patches: &'static str,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The release for a configuration with `osVersion="*"`.
    Default,
    Active,
    Disabled,
}

fn list(_: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let with_family = call.has_version(ApiVersion::V2010_10_28);
    let systems = FAMILIES.iter().flat_map(|family| {
        let about = with_family.then_some(family);
        family.releases.iter().map(move |release| release.element(about))
    });
    ApiResponse::xml(&OperatingSystems(systems.collect()))
}

fn list_families(_: &mut Simulator, _: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let families = FAMILIES.iter().map(|family| OperatingSystemFamily {
        name: family.name,
        label: family.label.into(),
        operating_systems: family.releases.iter().map(|release| release.element(None)).collect(),
    });
    ApiResponse::xml(&OperatingSystemFamilies(families.collect()))
}

/// The release for a configuration of this family without `osVersion`; empty if there is none.
pub(super) fn newest_release(family: &str) -> String {
    let family = FAMILIES.iter().find(|known| known.name == family);
    let mut releases = family.into_iter().flat_map(|family| family.releases);
    releases
        .find(|release| release.state == State::Default)
        .map_or_else(String::new, Release::version)
}

impl Release {
    fn version(&self) -> String {
        format!("WA-GUEST-OS-{}_{}", self.number, self.patches)
    }

    fn element(&self, family: Option<&Family>) -> OperatingSystem {
        let Self { number, patches, state } = *self;
        OperatingSystem {
            version: self.version(),
            label: format!("Windows Azure Guest OS {number} (Release {patches})").into(),
            is_default: state == State::Default,
            is_active: state != State::Disabled,
            family: family.map(|family| family.name),
            family_label: family.map(|family| family.label.into()),
        }
    }
}

#[derive(Serialize)]
struct OperatingSystems(Vec<OperatingSystem>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OperatingSystem {
    version: String,
    label: Base64Text,
    is_default: bool,
    is_active: bool,
    family: Option<&'static str>,
    family_label: Option<Base64Text>,
}

#[derive(Serialize)]
struct OperatingSystemFamilies(Vec<OperatingSystemFamily>);

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OperatingSystemFamily {
    name: &'static str,
    label: Base64Text,
    operating_systems: Vec<OperatingSystem>,
}
