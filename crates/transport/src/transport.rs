use std::pin::Pin;
use std::sync::Arc;

use azure_classic_protocol::machine::TransportResult;
use bytes::Bytes;
use http::Request;

/// The future of one response.
///
/// Dropping it cancels the wait; the request may have reached the service already.
pub type ResponseFuture<'a> = Pin<Box<dyn Future<Output = TransportResult> + Send + 'a>>;

/// Sends one request to its server and returns the whole response.
///
/// An implementation must not follow redirects, must not resend a request that may have been executed, and
/// returns `Ok` for every HTTP status. It fails with [`SendError::not_sent`] only if the server certainly
/// received no part of the request, and otherwise with [`SendError::ambiguous`].
///
/// # Example
///
/// A transport for tests, which needs no network:
///
/// ```
/// use azure_classic_transport::{ResponseFuture, Transport};
/// use bytes::Bytes;
/// use http::{Request, Response};
///
/// struct Teapot;
///
/// impl Transport for Teapot {
///     fn send(&self, _: Request<Bytes>) -> ResponseFuture<'_> {
///         let mut response = Response::new(Bytes::new());
///         *response.status_mut() = http::StatusCode::IM_A_TEAPOT;
///         Box::pin(async { Ok(response) })
///     }
/// }
///
/// let boxed: Box<dyn Transport> = Box::new(Teapot);
/// ```
///
/// [`SendError::not_sent`]: azure_classic_protocol::SendError::not_sent
/// [`SendError::ambiguous`]: azure_classic_protocol::SendError::ambiguous
pub trait Transport: Send + Sync {
    /// Sends the request, whose address is absolute, and waits for the response.
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        (**self).send(request)
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(&self, request: Request<Bytes>) -> ResponseFuture<'_> {
        (**self).send(request)
    }
}
