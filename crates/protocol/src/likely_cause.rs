use std::error::Error as StdError;
use std::sync::Arc;

/// What a transport knows about why an answer is a refusal, put among the answer's extensions.
///
/// The service's own words about a credential are often misleading, and only the transport knows, for
/// example, that no certificate was asked for. [`Error`](crate::Error) gives it as its source where the
/// answer is an error; for other answers it is ignored.
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
    /// Takes the error that says it: one phrase, and the way out.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Arc::from(cause.into()))
    }

    pub(crate) fn as_source(&self) -> &(dyn StdError + 'static) {
        &*self.0
    }
}
