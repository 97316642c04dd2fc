use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{Method, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{ApiVersion, Error, RequestBuilder, RequestId, xml};

/// One call of the Service Management API, as a plain value.
///
/// It contains the content of the call, but no client, credential or future.
/// [`Endpoint::request`](crate::Endpoint::request) builds the `http::Request`, and
/// [`Endpoint::response`](crate::Endpoint::response) reads the response.
///
/// # Example
///
/// An operation that this crate does not have:
///
/// ```
/// use azure_classic_protocol::{ApiVersion, Endpoint, Method, Operation, Idempotency, Metadata, RequestBuilder};
///
/// struct DeleteDisk(String);
///
/// impl Operation for DeleteDisk {
///     type Output = ();
///     const METADATA: Metadata = Metadata {
///         name: "Delete Disk",
///         method: Method::DELETE,
///         route: "/services/disks/{disk}",
///         min_version: ApiVersion::V2012_03_01,
///         docs_slug: "delete-disk",
///         idempotency: Idempotency::NonIdempotent,
///     };
///
///     fn build(&self, request: &mut RequestBuilder) {
///         request.segment("disk", "disk name", &self.0);
///     }
/// }
///
/// let endpoint = Endpoint::new(
///     "https://management.example.net",
///     "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?,
/// )?;
/// let request = endpoint.request(&DeleteDisk("contoso-os".into()))?;
/// assert!(request.uri().path().ends_with("/services/disks/contoso-os"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Operation {
    /// The type that the response is read as.
    type Output: FromResponse;

    /// The constant facts of the operation.
    const METADATA: Metadata;

    /// Fills the placeholders of the route and adds query parameters.
    fn build(&self, request: &mut RequestBuilder) {
        let _ = request;
    }

    /// Returns the body of the request.
    fn body(&self) -> Body {
        Body::NONE
    }
}

/// The constant facts of an operation.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// The name of the operation, as the title of its reference page.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path and fixed query after `/{subscription-id}`, exactly as documented (a slash before `?comp`
    /// matters), with placeholders in braces. Two slashes at the start stand for the host: the path then has
    /// no subscription.
    pub route: &'static str,
    /// The oldest `x-ms-version` with the operation.
    pub min_version: ApiVersion,
    /// The name of the reference page, without folder and extension.
    pub docs_slug: &'static str,
    /// Whether the same request may be sent twice.
    pub idempotency: Idempotency,
}

impl Metadata {
    /// Whether the operation is a write.
    pub fn changes_state(&self) -> bool {
        self.method != Method::GET
    }
}

/// Whether a request that may have arrived can be retried without a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// A second identical request has no further effect.
    Idempotent,
    /// A second identical request may repeat the work, or fail because of the first one's effect.
    NonIdempotent,
}

/// The body of a request.
#[derive(Debug)]
pub struct Body(Option<Content>);

#[derive(Debug)]
struct Content {
    bytes: Result<Bytes, xml::WriteError>,
    content_type: &'static str,
}

impl Body {
    /// No body.
    pub const NONE: Self = Self(None);

    /// Writes the value as XML; the root element has the name of the type.
    ///
    /// A value that cannot be written (a character that XML forbids) is reported when the request is built.
    pub fn xml<T: Serialize>(value: &T) -> Self {
        Self::new(xml::to_string(value).map(Bytes::from), "application/xml")
    }

    /// Sends the bytes of a file unchanged, as `application/octet-stream`.
    pub fn octet_stream(bytes: impl Into<Bytes>) -> Self {
        Self::try_octet_stream(Ok(bytes.into()))
    }

    /// Does the same as [`octet_stream`](Self::octet_stream), for a file that may have failed to be written.
    pub(crate) fn try_octet_stream(bytes: Result<Bytes, xml::WriteError>) -> Self {
        Self::new(bytes, "application/octet-stream")
    }

    fn new(bytes: Result<Bytes, xml::WriteError>, content_type: &'static str) -> Self {
        Self(Some(Content { bytes, content_type }))
    }

    /// Returns the bytes and their `Content-Type`, if there is a body.
    pub(crate) fn into_parts(self) -> Result<Option<(Bytes, &'static str)>, Error> {
        let Some(Content { bytes, content_type }) = self.0 else { return Ok(None) };
        match bytes {
            Ok(bytes) => Ok(Some((bytes, content_type))),
            Err(error) => {
                let what = "cannot write the body of the request as XML";
                Err(Error::invalid_because(what, error))
            }
        }
    }
}

/// A type that a response can be read as.
///
/// Implemented for `()` (the body does not matter, and any success is the end, even 202: see
/// [`AsLongRunning`](crate::AsLongRunning)), for [`Accepted`], and through [`Model`] for every type that is
/// read from XML.
pub trait FromResponse: Sized + Send + Sync + 'static {
    /// Reads a successful response.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) if the response does not have the
    /// form of the operation's output.
    fn read(response: &Response<Bytes>) -> Result<Self, Error>;

    /// Does the same as [`read`](Self::read), and returns the parts of the body that the output does not
    /// contain.
    ///
    /// By default it reports nothing.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    fn read_with_unknown(response: &Response<Bytes>) -> Result<(Self, xml::Unknown), Error> {
        Ok((Self::read(response)?, xml::everything(response.body())))
    }
}

/// A type that is read from the XML body of a response; the root element has the name of the type.
pub trait Model: DeserializeOwned + Send + Sync + 'static {
    /// The options for reading its documents, for types in another namespace than the service's own.
    fn reader() -> xml::Reader<'static> {
        xml::Reader::new()
    }
}

impl<T: Model> FromResponse for T {
    fn read(response: &Response<Bytes>) -> Result<Self, Error> {
        T::reader().read(response.body()).map_err(|error| unexpected(response, error))
    }

    fn read_with_unknown(response: &Response<Bytes>) -> Result<(Self, xml::Unknown), Error> {
        T::reader().read_with_unknown(response.body()).map_err(|error| unexpected(response, error))
    }
}

fn unexpected(response: &Response<Bytes>, error: xml::ReadError) -> Error {
    let what = match unsupported_encoding(response) {
        Some(encoding) => format!(
            "its body is encoded as {encoding:?}, which was not requested; an intermediary alters responses"
        ),
        None => "its XML is not as expected".to_owned(),
    };
    Error::invalid_response_because(response.status(), what, error)
}

/// The `Content-Encoding` of a body, which no request of this crate accepts.
pub(crate) fn unsupported_encoding(response: &Response<Bytes>) -> Option<&str> {
    let encoding = response.headers().get(CONTENT_ENCODING)?.to_str().ok()?.trim();
    (!encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")).then_some(encoding)
}

impl FromResponse for () {
    fn read(_: &Response<Bytes>) -> Result<Self, Error> {
        Ok(())
    }
}

/// The service has accepted a request; its operation may still be in progress.
///
/// "Accepted" does not mean "succeeded", and "succeeded" does not mean "settled". There are two waits: until
/// the operation has succeeded, with an [`OperationPoller`](crate::machine::OperationPoller) (or a
/// [`LongRunningCall`](crate::machine::LongRunningCall) from the start), and until the deployment has
/// settled, with a [`PollUntil`](crate::machine::PollUntil) and
/// [`Deployment::is_settled`](crate::Deployment::is_settled). The docs of each operation say whether the
/// first is sufficient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use = "the operation has only been accepted; poll it to learn its result"]
pub struct Accepted {
    request_id: Option<RequestId>,
    is_finished: bool,
}

impl Accepted {
    /// Returns the id for Get Operation Status. Always present unless [`is_finished`](Self::is_finished).
    pub fn request_id(&self) -> Option<&RequestId> {
        self.request_id.as_ref()
    }

    /// Whether the response was not 202 but 200 or another success: there is nothing to poll.
    pub fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// Returns the id to poll, if there is an operation to poll.
    pub(crate) fn pending(self) -> Option<RequestId> {
        self.request_id.filter(|_| !self.is_finished)
    }
}

impl FromResponse for Accepted {
    fn read(response: &Response<Bytes>) -> Result<Self, Error> {
        let request_id = request_id_of(response);
        let is_finished = response.status() != StatusCode::ACCEPTED;
        if request_id.is_none() && !is_finished {
            return Err(Error::invalid_response(
                response.status(),
                "it has no x-ms-request-id header, so the accepted operation cannot be polled; read the state to see its progress",
            ));
        }
        Ok(Self { request_id, is_finished })
    }
}

/// Reads the id of a request from the header of its response.
pub(crate) fn request_id_of<B>(response: &Response<B>) -> Option<RequestId> {
    let text = response.headers().get("x-ms-request-id")?.to_str().ok()?.trim();
    (!text.is_empty()).then(|| RequestId::new(text))
}
