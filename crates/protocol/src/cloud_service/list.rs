use serde::{Deserialize, Serialize};

use super::CloudService;
use crate::paged::CONTINUATION_TOKEN;
use crate::{
    ApiVersion, Idempotency, Metadata, Method, Model, Operation, Page, Paged, RequestBuilder,
};

/// Lists the cloud services of the subscription, without their deployments.
///
/// The response has pages; the service ends a page after a time limit, so their sizes vary.
/// [`machine::Pages`](crate::machine::Pages) reads them all, a single call only the first. Since 2009-10-01.
/// Versions below 2012-03-01 omit cloud services with virtual machines.
///
/// Reference page: *List Cloud Services* (`rest-list-cloud-services`).
///
/// # Example
///
/// ```
/// use azure_classic_protocol::ListCloudServices;
/// use azure_classic_protocol::machine::{Pages, Retry};
///
/// # let endpoint = azure_classic_protocol::Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let pages = Pages::new(&endpoint, ListCloudServices::new(), &Retry::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListCloudServices {
    continuation_token: Option<String>,
}

impl ListCloudServices {
    /// Begins with the first page.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Cloud services of a subscription (`HostedServices` on the wire).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename = "HostedServices")]
pub struct CloudServices(pub Vec<CloudService>);

impl Model for CloudServices {}

impl Operation for ListCloudServices {
    type Output = Page<CloudServices>;

    const METADATA: Metadata = Metadata {
        name: "List Cloud Services",
        method: Method::GET,
        route: "/services/hostedservices",
        min_version: ApiVersion::V2009_10_01,
        docs_slug: "rest-list-cloud-services",
        idempotency: Idempotency::Idempotent,
    };

    fn build(&self, request: &mut RequestBuilder) {
        if let Some(token) = &self.continuation_token {
            request.header(CONTINUATION_TOKEN, token);
        }
    }
}

impl Paged for ListCloudServices {
    fn token(page: &Page<CloudServices>) -> Option<&str> {
        page.continuation_token.as_deref()
    }

    fn continued(&self, token: &str) -> Self {
        Self { continuation_token: Some(token.to_owned()) }
    }
}

#[cfg(test)]
mod tests;
