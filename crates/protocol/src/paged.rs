//! Responses with several pages.

use bytes::Bytes;
use http::Response;
use serde::Serialize;

use crate::{Error, FromResponse, Model, Operation, xml};

/// An operation whose response has several pages.
///
/// Each page except the last has a token, and the same request with the token returns the next page. The
/// place of the token differs: a header, the body, or the query.
///
/// [`machine::Pages`](crate::machine::Pages) reads all pages; without it, use [`next`](Self::next). The
/// service ends a page after a time limit, so a page may be short, and an empty one need not be the last.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::{CloudService, Endpoint, Error, ListCloudServices, Page, Paged};
///
/// # type Response = http::Response<azure_classic_protocol::Bytes>;
/// fn all(
///     endpoint: &Endpoint,
///     mut send: impl FnMut(http::Request<azure_classic_protocol::Bytes>) -> Response,
/// ) -> Result<Vec<CloudService>, Error> {
///     let mut services = Vec::new();
///     let mut next = Some(ListCloudServices::new());
///     while let Some(list) = next {
///         let page = Endpoint::response::<ListCloudServices>(&send(endpoint.request(&list)?))?;
///         next = list.next(&page);
///         services.extend(page.content.0);
///     }
///     Ok(services)
/// }
/// ```
pub trait Paged: Operation + Sized {
    /// Returns the token of the next page; `None` on the last.
    fn token(page: &Self::Output) -> Option<&str>;

    /// Returns the same request for the page of the token.
    fn continued(&self, token: &str) -> Self;

    /// Returns the operation that reads the next page; `None` after the last. An empty token counts as none.
    fn next(&self, page: &Self::Output) -> Option<Self> {
        Self::token(page).filter(|token| !token.is_empty()).map(|token| self.continued(token))
    }
}

/// One page of a response with its token in a header.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Page<T> {
    /// The content of the body.
    pub content: T,
    /// The token of the next page; `None` on the last.
    pub continuation_token: Option<String>,
}

/// The header with which the service returns the token of the next page, and a request sends it.
pub(crate) const CONTINUATION_TOKEN: &str = "x-ms-continuation-token";

impl<T: Model> FromResponse for Page<T> {
    fn read(response: &Response<Bytes>) -> Result<Self, Error> {
        let content = T::read(response)?;
        Ok(Self { content, continuation_token: token_of(response)? })
    }

    fn read_with_unknown(response: &Response<Bytes>) -> Result<(Self, xml::Unknown), Error> {
        let (content, unknown) = T::read_with_unknown(response)?;
        Ok((Self { content, continuation_token: token_of(response)? }, unknown))
    }
}

fn token_of(response: &Response<Bytes>) -> Result<Option<String>, Error> {
    let Some(token) = response.headers().get(CONTINUATION_TOKEN) else {
        return Ok(None);
    };
    // To take it for the last page would silently lose the rest.
    token.to_str().map(|token| Some(token.to_owned())).map_err(|error| {
        let what = "its x-ms-continuation-token is not text, so the pages after it cannot be read";
        Error::invalid_response_because(response.status(), what, error)
    })
}
