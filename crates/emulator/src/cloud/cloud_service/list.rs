//! List Cloud Services, page by page.

use std::ops::Bound;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderName;

use super::Service;
use super::answers::{HostedService, HostedServices};
use crate::cloud::Cloud;
use crate::cloud::answer::Answer;
use crate::cloud::call::Call;
use crate::cloud::refusal::Refusal;

/// In an answer: there is more. In a request: go on there.
const TOKEN: HeaderName = HeaderName::from_static("x-ms-continuation-token");

pub(super) fn list(cloud: &mut Cloud, call: &Call<'_>) -> Result<Answer, Refusal> {
    let settings = &cloud.world.settings;
    let last = last_of_the_page_before(call)?;
    let begin = last.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let mut rest = cloud.services.range::<str, _>((begin, Bound::Unbounded));
    let size = usize::try_from(settings.page_size.max(1)).unwrap_or(usize::MAX);
    let page: Vec<(&String, &Service)> = rest.by_ref().take(size).collect();
    let last = page.last().map(|(key, _)| STANDARD.encode(key));
    let last = last.filter(|_| rest.next().is_some());
    let services =
        page.into_iter().map(|(_, service)| HostedService::in_full(service, settings, call));
    let answer = Answer::xml(&HostedServices(services.collect()))?;
    Ok(match last {
        Some(last) => answer.with(TOKEN, last),
        None => answer,
    })
}

/// The token is the name of the last service that was told, so that it does not matter which ones
/// have come and gone in between.
fn last_of_the_page_before(call: &Call<'_>) -> Result<Option<String>, Refusal> {
    let Some(token) = call.headers.get(TOKEN).filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    let name = STANDARD.decode(token).ok().and_then(|name| String::from_utf8(name).ok());
    name.map(Some).ok_or_else(|| Refusal::bad_request("The continuation token is not valid."))
}
