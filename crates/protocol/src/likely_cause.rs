use std::error::Error as StdError;
use std::sync::Arc;

/// The transport's explanation of a rejection, in the extensions of the response.
///
/// The service's own message about a credential is often misleading, and only the transport knows, for
/// example, that the server requested no certificate. [`Error`](crate::Error) returns it as its source if the
/// response is an error; for other responses it is ignored.
///
/// # Example
///
/// ```
/// use std::error::Error;
/// use azure_classic_protocol::{Bytes, Endpoint, GetCloudServiceProperties, LikelyCause};
///
/// let mut answer = http::Response::new(Bytes::new());
/// *answer.status_mut() = http::StatusCode::FORBIDDEN;
/// answer.extensions_mut().insert(LikelyCause::new("the proxy removed the token"));
///
/// let error = Endpoint::response::<GetCloudServiceProperties>(&answer).unwrap_err();
/// assert_eq!(error.source().unwrap().to_string(), "the proxy removed the token");
/// ```
#[derive(Debug, Clone)]
pub struct LikelyCause(Arc<dyn StdError + Send + Sync>);

impl LikelyCause {
    /// Takes the error: one phrase with the way out.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Arc::from(cause.into()))
    }

    pub(crate) fn as_source(&self) -> &(dyn StdError + 'static) {
        &*self.0
    }
}
