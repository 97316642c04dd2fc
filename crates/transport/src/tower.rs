use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

use azure_classic_protocol::SendError;
use azure_classic_protocol::machine::TransportResult;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Limited};
use hyper::body::Body;
use tower_service::Service;

use crate::{ResponseFuture, Transport};

/// Sends requests through any `tower` service over `http` types: another HTTP client, another TLS library, or
/// your own layers.
///
/// `Q` is the type of the service's request bodies: [`Bytes`], or a type that is created from it with `From`,
/// such as `Full<Bytes>`. Each request goes to a clone of the service as soon as the clone is ready.
///
/// The service must not follow redirects, and must not resend a request that may have been executed. Its
/// errors count as [ambiguous](SendError::ambiguous), with two exceptions: a [`SendError`] is returned as it
/// is, and an error before the service was ready counts as not sent. The service must set its own timeouts.
///
/// # Example
///
/// ```
/// use azure_classic_transport::{SendError, TowerTransport, Transport};
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body_util::Full;
/// # use std::future::{Ready, ready};
/// # use std::task::{Context, Poll};
///
/// #[derive(Clone)]
/// struct Teapot;
///
/// impl tower_service::Service<Request<Full<Bytes>>> for Teapot {
///     type Response = Response<Full<Bytes>>;
///     type Error = SendError;
///     type Future = Ready<Result<Self::Response, SendError>>;
/// #
/// #   fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), SendError>> {
/// #       Poll::Ready(Ok(()))
/// #   }
///
///     fn call(&mut self, _: Request<Full<Bytes>>) -> Self::Future {
///         ready(Ok(Response::builder().status(418).body(Full::default()).unwrap()))
///     }
/// }
///
/// let boxed: Box<dyn Transport> = Box::new(TowerTransport::new(Teapot));
/// ```
pub struct TowerTransport<S, Q> {
    /// A lock, because many boxed services are not `Sync`; it is held only while cloning.
    service: Mutex<S>,
    max_response_bytes: usize,
    request_body: PhantomData<fn(Q)>,
}

impl<S, Q> TowerTransport<S, Q> {
    /// Creates a transport from a service.
    pub fn new(service: S) -> Self {
        Self {
            service: Mutex::new(service),
            max_response_bytes: crate::builder::MAX_RESPONSE_BYTES,
            request_body: PhantomData,
        }
    }

    /// Rejects responses with a longer body, in bytes. Default: 64 MiB.
    pub fn max_response_bytes(mut self, limit: usize) -> Self {
        self.max_response_bytes = limit;
        self
    }
}

impl<S, Q, R> Transport for TowerTransport<S, Q>
where
    S: Service<Request<Q>, Response = Response<R>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    S::Future: Send,
    Q: From<Bytes> + Send + 'static,
    R: Body + Send + 'static,
    R::Data: Send,
    R::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        let service = self.service.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(call_service(service, request.map(Q::from), self.max_response_bytes))
    }
}

async fn call_service<S, Q, R>(mut service: S, request: Request<Q>, limit: usize) -> TransportResult
where
    S: Service<Request<Q>, Response = Response<R>>,
    S::Error: Into<Box<dyn StdError + Send + Sync>>,
    R: Body,
    R::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    poll_fn(|context| service.poll_ready(context))
        .await
        .map_err(|error| known_or(SendError::not_sent, error))?;
    let response =
        service.call(request).await.map_err(|error| known_or(SendError::ambiguous, error))?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, limit).collect().await.map_err(SendError::ambiguous)?;
    Ok(Response::from_parts(head, body.to_bytes()))
}

type BoxedError = Box<dyn StdError + Send + Sync>;

/// Returns the error itself if it is a `SendError`; otherwise wraps it with `make`.
fn known_or(make: fn(BoxedError) -> SendError, error: impl Into<BoxedError>) -> SendError {
    error.into().downcast().map_or_else(make, |lost| *lost)
}

impl<S, Q> fmt::Debug for TowerTransport<S, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerTransport")
            .field("service", &std::any::type_name::<S>())
            .field("max_response_bytes", &self.max_response_bytes)
            .finish_non_exhaustive()
    }
}
