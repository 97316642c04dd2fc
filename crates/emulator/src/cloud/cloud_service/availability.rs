//! Check Cloud Service Name Availability.

use azure_classic_protocol::ApiVersion;

use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::Call;
use crate::cloud::name_availability::AvailabilityResponse;
use crate::cloud::refusal::Refusal;
use crate::cloud::values;

/// Names that nobody gets.
const RESERVED: &[&str] = &[
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
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name))
}

pub(super) fn check(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let name = call.argument("service");
    // Older versions say that a reserved name can be had; it cannot.
    let knows_reserved = call.knows(ApiVersion::V2013_03_01);
    let reason = if cloud.service(name).is_ok() {
        Some("A hosted service with the specified name already exists.")
    } else if !values::is_dns_label(name) || (knows_reserved && is_reserved(name)) {
        Some("The hosted service name is invalid.")
    } else {
        None
    };
    let response = AvailabilityResponse::new(reason);
    Answer::xml(&if knows_reserved { response } else { response.without_reason() })
}
