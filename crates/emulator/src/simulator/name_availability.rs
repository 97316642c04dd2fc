//! The response about the availability of a name.

use serde::Serialize;

use super::api_response::Nillable;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AvailabilityResponse<'a> {
    result: bool,
    /// Why it cannot be taken; `None` where the version does not know the element.
    reason: Option<Nillable<'a>>,
}

impl<'a> AvailabilityResponse<'a> {
    pub(super) fn new(reason: Option<&'a str>) -> Self {
        Self { result: reason.is_none(), reason: Some(reason.into()) }
    }

    pub(super) fn without_reason(self) -> Self {
        Self { reason: None, ..self }
    }
}
