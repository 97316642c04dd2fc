//! List Cloud Services, page by page.

use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderName;

use super::CloudService;
use super::views::{HostedService, HostedServices};
use crate::simulator::Simulator;
use crate::simulator::api_error::ApiError;
use crate::simulator::api_response::ApiResponse;
use crate::simulator::call::Call;

/// In a response: there are more pages. In a request: the next page.
const CONTINUATION_TOKEN: HeaderName = HeaderName::from_static("x-ms-continuation-token");

pub(super) fn list(simulator: &mut Simulator, call: &Call<'_>) -> Result<ApiResponse, ApiError> {
    let settings = &simulator.shared.settings;
    let last = parse_continuation_token(call)?;
    let start = last.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let mut rest = simulator.services.range::<str, _>((start, Bound::Unbounded));
    let size = usize::try_from(settings.page_size.max(1)).unwrap_or(usize::MAX);
    let page: Vec<(&String, &CloudService)> = rest.by_ref().take(size).collect();
    let last = page.last().map(|(key, _)| STANDARD.encode(key));
    let last = last.filter(|_| rest.next().is_some());
    let services =
        page.into_iter().map(|(_, service)| HostedService::detailed(service, settings, call));
    let response = ApiResponse::xml(&HostedServices(services.collect()))?;
    Ok(match last {
        Some(last) => response.with(CONTINUATION_TOKEN, last),
        None => response,
    })
}

/// The token is the name of the last returned service, so that services may be added and deleted in between.
fn parse_continuation_token(call: &Call<'_>) -> Result<Option<String>, ApiError> {
    let Some(token) = call.headers.get(CONTINUATION_TOKEN).filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    let name = STANDARD.decode(token).ok().and_then(|name| String::from_utf8(name).ok());
    name.map(Some).ok_or_else(|| ApiError::bad_request("The continuation token is not valid."))
}
