use std::fmt;

use azure_classic_protocol::machine::TransportResult;
use azure_classic_protocol::{Endpoint, LikelyCause, SendError};
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Request, StatusCode, Uri};

use crate::token::{Token, TokenSource};
use crate::token_cache::TokenCache;
use crate::{ResponseFuture, Transport, TransportError, TransportErrorKind};

/// Adds a bearer token to each request, as the alternative to a management certificate.
///
/// It sends the token over https only, and only to the addresses for which the endpoint allows a credential
/// ([`Endpoint::may_have_credential`]): its own host and the hosts that its redirects may lead to.
///
/// It renews a token five minutes before the token expires, or half-way through a lifetime of less than ten
/// minutes. Concurrent calls share one renewal. If the source fails, it uses the old token until that
/// expires. If the service rejects a token with 401, it fetches the next token and sends the request once
/// more, because a request with status 401 was not executed. If the source returns the same token again, the
/// caller gets the 401.
///
/// The inner transport must have no certificate: the service takes one or the other, and
/// [`HttpsTransport`](crate::HttpsTransport) refuses to send both.
///
/// It needs a tokio runtime with time enabled.
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
    /// Creates a transport that sends requests through `inner`, with tokens from `source`, to the addresses
    /// of `endpoint`.
    pub fn new(inner: T, endpoint: &Endpoint, source: impl TokenSource + 'static) -> Self {
        Self { inner, endpoint: endpoint.clone(), tokens: TokenCache::new(source) }
    }

    async fn send_with_token(&self, request: Request<Bytes>) -> TransportResult {
        self.check(request.uri()).map_err(SendError::permanent)?;
        let token = self.tokens.token(None).await.map_err(SendError::not_sent)?;
        let mut response = self.inner.send(with(&token, request.clone())).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        match self.tokens.token(Some(&token)).await {
            Ok(next) if !next.is_same(&token) => self.inner.send(with(&next, request)).await,
            Ok(_) => Ok(response),
            Err(error) => {
                response.extensions_mut().insert(LikelyCause::new(error));
                Ok(response)
            }
        }
    }

    fn check(&self, address: &Uri) -> Result<(), TransportError> {
        if self.endpoint.may_have_credential(address) {
            return Ok(());
        }
        let host = address.host().unwrap_or_default();
        let message = format!(
            "the token is not sent to {host:?}; it is sent over https to hosts of {} only",
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
            .field("inner", &self.inner)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}
