use std::fmt;

use azure_classic_protocol::machine::TransportResult;
use azure_classic_protocol::{Endpoint, LikelyCause, SendError};
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Request, StatusCode, Uri};

use crate::token::{Token, TokenSource};
use crate::token_cache::TokenCache;
use crate::{ResponseFuture, Transport, TransportError, TransportErrorKind};

/// Puts a bearer token on each request, in place of a management certificate.
///
/// The token goes over https only, and only to addresses that the endpoint allows a credential
/// ([`Endpoint::may_have_credential`]): its own host and those that its redirects may lead to.
///
/// A token is renewed five minutes before it ends (half-way, if it lives less than ten), once for all
/// calls that need it. When the source has none to give, the old token is used to its end. When the
/// service refuses a token with 401, the next one is fetched and the request sent once more: a request
/// with status 401 was certainly not executed. A source that has only the same token gets the 401
/// handed back.
///
/// The transport below must have no certificate: the service takes one or the other, and
/// [`HttpsTransport`](crate::HttpsTransport) refuses to send both.
///
/// It needs tokio's time.
///
/// # Example
///
/// ```no_run
/// use azure_classic_protocol::{Cloud, Endpoint};
/// use azure_classic_transport::{BearerTransport, HttpsTransport, Token};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let endpoint = Endpoint::for_cloud(Cloud::China, "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?);
/// let token = Token::new(std::fs::read_to_string("token.txt")?)?;
/// let transport = BearerTransport::new(HttpsTransport::builder().build()?, &endpoint, token);
/// # Ok(())
/// # }
/// ```
pub struct BearerTransport<T> {
    inner: T,
    endpoint: Endpoint,
    tokens: TokenCache,
}

impl<T: Transport> BearerTransport<T> {
    /// Joins what carries requests, where they may go with a token, and where tokens come from.
    pub fn new(below: T, endpoint: &Endpoint, source: impl TokenSource + 'static) -> Self {
        Self { inner: below, endpoint: endpoint.clone(), tokens: TokenCache::new(source) }
    }

    async fn send_with_token(&self, request: Request<Bytes>) -> TransportResult {
        self.check(request.uri()).map_err(SendError::permanent)?;
        let token = self.tokens.token(None).await.map_err(SendError::not_sent)?;
        let mut answer = self.inner.send(with(&token, request.clone())).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        match self.tokens.token(Some(&token)).await {
            Ok(next) if !next.is_same(&token) => self.inner.send(with(&next, request)).await,
            Ok(_) => Ok(answer),
            Err(error) => {
                answer.extensions_mut().insert(LikelyCause::new(error));
                Ok(answer)
            }
        }
    }

    fn check(&self, address: &Uri) -> Result<(), TransportError> {
        if self.endpoint.may_have_credential(address) {
            return Ok(());
        }
        let host = address.host().unwrap_or_default();
        let message = format!(
            "the token is not sent to {host:?}: it goes over https, and to hosts of {} only",
            self.endpoint.authority()
        );
        Err(TransportError::new(TransportErrorKind::TokenWithheld, message))
    }
}

fn with(token: &Token, mut request: Request<Bytes>) -> Request<Bytes> {
    request.headers_mut().insert(AUTHORIZATION, token.header());
    request
}

impl<T: Transport> Transport for BearerTransport<T> {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        Box::pin(self.send_with_token(request))
    }
}

impl<T: fmt::Debug> fmt::Debug for BearerTransport<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BearerTransport")
            .field("below", &self.inner)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
