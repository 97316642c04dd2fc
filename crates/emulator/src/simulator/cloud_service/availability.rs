//! Check Cloud Service Name Availability.

use azure_classic_protocol::ApiVersion;

use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;
use crate::simulator::name_availability::AvailabilityResponse;
use crate::simulator::values;

/// Names that are never available.
const RESERVED_NAMES: &[&str] = &[
    "azure",
    "bing",
    "cloudapp",
    "live",
    "login",
    "microsoft",
    "msn",
    "office",
    "skype",
    "windows",
    "windowsazure",
    "www",
    "xbox",
];

pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED_NAMES.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
}

pub(super) fn check(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let name = call.argument("service");
    // Older versions say that a reserved name can be had; it cannot.
    let knows_reserved = call.has_version(ApiVersion::V2013_03_01);
    let reason = if simulator.service(name).is_ok() {
        Some("A hosted service with the specified name already exists.")
    } else if !values::is_dns_label(name) || (knows_reserved && is_reserved(name)) {
        Some("The hosted service name is invalid.")
    } else {
        None
    };
    let response = AvailabilityResponse::new(reason);
    ApiResponse::xml(&if knows_reserved { response } else { response.without_reason() })
}
