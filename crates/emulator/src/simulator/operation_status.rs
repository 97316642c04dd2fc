//! Get Operation Status.

use azure_classic_protocol::{ApiVersion, ErrorBody, RequestId};
use serde::Serialize;

use super::Simulator;
use super::api_error::ApiError;
use super::api_response::ApiResponse;
use super::call::Call;
use super::operations::Progress;
use super::route::Route;

pub(super) const ROUTES: &[Route] =
    &[Route::get("Get Operation Status", "/operations/{operation}", ApiVersion::V2009_10_01, get)];

fn get(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let id = RequestId::new(call.argument("operation"));
    if let Some(subject) =
        simulator.shared.operations.get(&id).and_then(|operation| operation.subject)
    {
        simulator.count_poll(subject);
    }
    let operation = simulator
        .shared
        .operations
        .get(&id)
        .ok_or_else(|| ApiError::not_found("The operation request ID was not found."))?;
    ApiResponse::xml(&Operation::new(&id, &operation.progress))
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Operation {
    #[serde(rename = "ID")]
    id: String,
    status: &'static str,
    http_status_code: Option<u16>,
    error: Option<ErrorBody>,
}

impl Operation {
    pub(super) fn new(id: &RequestId, progress: &Progress) -> Self {
        let (http_status_code, error) = match progress {
            Progress::Running => (None, None),
            // Operations with a 201 response have a status, too.
            Progress::Succeeded => (Some(200), None),
            Progress::Failed(status, error) => (Some(*status), Some(error.clone())),
        };
        Self { id: id.hyphenated(), status: progress.as_str(), http_status_code, error }
    }
}
