use std::pin::Pin;
use std::sync::Arc;

use azure_classic_protocol::machine::TransportResult;
use bytes::Bytes;
use http::Request;

/// A request on its way.
///
/// Dropping it gives the answer up; the request may have reached the service by then.
pub type ResponseFuture<'a> = Pin<Box<dyn Future<Output = TransportResult> + Send + 'a>>;

/// Carries one request to its server and brings the whole answer.
///
/// An implementation follows no redirect, repeats nothing that may have been executed, and answers
/// every HTTP status with `Ok`. It fails with [`SendError::not_sent`] only when the server certainly saw
/// nothing of the request, and with [`SendError::ambiguous`] whenever it is not certain.
///
/// # Example
///
/// A transport that needs no network, for tests:
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
///         let mut answer = Response::new(Bytes::new());
///         *answer.status_mut() = http::StatusCode::IM_A_TEAPOT;
///         Box::pin(async { Ok(answer) })
///     }
/// }
///
/// let boxed: Box<dyn Transport> = Box::new(Teapot);
/// ```
///
/// [`SendError::not_sent`]: azure_classic_protocol::SendError::not_sent
/// [`SendError::ambiguous`]: azure_classic_protocol::SendError::ambiguous
pub trait Transport: Send + Sync {
    /// Sends the request, whose address is absolute, and waits for the answer.
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
