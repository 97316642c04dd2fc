//! Answers that come in pages.

use bytes::Bytes;
use http::Response;
use serde::Serialize;

use crate::{Error, FromResponse, Model, Operation, xml};

/// An operation whose answer comes in pages.
///
/// Each page but the last carries a token, and the same question with the token is answered with
/// the page after it. Where the token stands differs: in a header, in the body, in the query.
///
/// [`machine::Pages`](crate::machine::Pages) turns the pages; by hand it is [`next`](Self::next).
/// The service cuts pages by time, so a page may be short, and an empty one need not be the last.
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
    /// The token of the page after this one; `None` on the last.
    fn token(page: &Self::Output) -> Option<&str>;

    /// The same question for the page that the token stands for.
    fn continued(&self, token: &str) -> Self;

    /// The operation that reads the page after this one; `None` after the last. An empty token is
    /// none.
    fn next(&self, page: &Self::Output) -> Option<Self> {
        Self::token(page).filter(|token| !token.is_empty()).map(|token| self.continued(token))
    }
}

/// One page of an answer whose token is in a header.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Page<T> {
    /// What the body tells.
    pub content: T,
    /// Names the page after this one; `None` on the last.
    pub continuation_token: Option<String>,
}

/// The header with which the service names the next page, and a request asks for it.
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
    // To take it for the last page would lose the rest without a word.
    token.to_str().map(|token| Some(token.to_owned())).map_err(|error| {
        let what = "its x-ms-continuation-token is not text, so the pages after it cannot be read";
        Error::invalid_response_because(response.status(), what, error)
    })
}
