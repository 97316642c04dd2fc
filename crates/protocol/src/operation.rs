use bytes::Bytes;
use http::header::CONTENT_ENCODING;
use http::{Method, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{ApiVersion, Error, RequestBuilder, RequestId, xml};

/// One call of the Service Management API, as a plain value.
///
/// It holds what the call says and nothing that carries it: no client, no credential, no future.
/// [`Endpoint::request`](crate::Endpoint::request) makes an `http::Request` of it and
/// [`Endpoint::response`](crate::Endpoint::response) reads the answer.
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
    /// What the answer is read as.
    type Output: FromResponse;

    /// What is the same for every call.
    const METADATA: Metadata;

    /// Fills the placeholders of the route and adds query parameters.
    fn build(&self, request: &mut RequestBuilder) {
        let _ = request;
    }

    /// The body of the request.
    fn body(&self) -> Body {
        Body::NONE
    }
}

/// What is the same for every call of an operation.
#[derive(Debug, Clone)]
pub struct Metadata {
    /// The operation's name, as its reference page is headed.
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// Path and fixed query after `/{subscription-id}`, exactly as tabled (a slash before `?comp`
    /// matters), with placeholders in braces. Two slashes at its beginning stand for the host: the
    /// path has no subscription then.
    pub route: &'static str,
    /// The oldest `x-ms-version` that knows the operation.
    pub min_version: ApiVersion,
    /// The name of the reference page, without folder and extension.
    pub docs_slug: &'static str,
    /// Whether the same request may be sent twice.
    pub idempotency: Idempotency,
}

impl Metadata {
    /// Whether the operation can change anything at the service.
    pub fn changes_state(&self) -> bool {
        self.method != Method::GET
    }
}

/// Whether a request that may have arrived can be sent again without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// A second request changes nothing that the first did not.
    Idempotent,
    /// A second request may do the work twice, or meet the first one's effect and fail.
    NonIdempotent,
}

/// The body of a request, ready to be sent.
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

    /// The value as XML; the root element is named after the type.
    ///
    /// A value that cannot be written (a character that XML forbids) is reported when the request is
    /// built.
    pub fn xml<T: Serialize>(value: &T) -> Self {
        Self::new(xml::to_string(value).map(Bytes::from), "application/xml")
    }

    /// A file, whose bytes are sent as they are, as `application/octet-stream`.
    pub fn octet_stream(bytes: impl Into<Bytes>) -> Self {
        Self::try_octet_stream(Ok(bytes.into()))
    }

    /// As [`file`](Self::octet_stream), for a file that may have turned out not to be writable.
    pub(crate) fn try_octet_stream(bytes: Result<Bytes, xml::WriteError>) -> Self {
        Self::new(bytes, "application/octet-stream")
    }

    fn new(bytes: Result<Bytes, xml::WriteError>, content_type: &'static str) -> Self {
        Self(Some(Content { bytes, content_type }))
    }

    /// The bytes with their `Content-Type`, where there is a body.
    pub(crate) fn into_parts(self) -> Result<Option<(Bytes, &'static str)>, Error> {
        let Some(Content { bytes, content_type }) = self.0 else { return Ok(None) };
        match bytes {
            Ok(bytes) => Ok(Some((bytes, content_type))),
            Err(error) => {
                let what = "the request's body cannot be written as XML";
                Err(Error::invalid_because(what, error))
            }
        }
    }
}

/// What an answer can be read as.
///
/// Implemented for `()` (the body does not matter, and any success is the end of it, 202 too: see
/// [`AsLongRunning`](crate::AsLongRunning)), for [`Accepted`], and through [`Model`] for
/// everything that is read from XML.
pub trait FromResponse: Sized + Send + Sync + 'static {
    /// Reads a successful answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) when the answer is not what the
    /// operation promises.
    fn read(response: &Response<Bytes>) -> Result<Self, Error>;

    /// As [`read`](Self::read), and tells what of the body the output does not hold.
    ///
    /// Everything, unless the implementation says otherwise.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    fn read_with_unknown(response: &Response<Bytes>) -> Result<(Self, xml::Unknown), Error> {
        Ok((Self::read(response)?, xml::everything(response.body())))
    }
}

/// A type that is read from the XML body of an answer; the root element is named after the type.
pub trait Model: DeserializeOwned + Send + Sync + 'static {
    /// How its documents are read, for those of another namespace than the service's own.
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
            "its body is encoded as {encoding:?}, which was not asked for; something on the way \
             alters answers"
        ),
        None => "its XML is not as expected".to_owned(),
    };
    Error::invalid_response_because(response.status(), what, error)
}

/// The `Content-Encoding` of a body that no request of ours asks for.
pub(crate) fn unsupported_encoding(response: &Response<Bytes>) -> Option<&str> {
    let encoding = response.headers().get(CONTENT_ENCODING)?.to_str().ok()?.trim();
    (!encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity")).then_some(encoding)
}

impl FromResponse for () {
    fn read(_: &Response<Bytes>) -> Result<Self, Error> {
        Ok(())
    }
}

/// The service has taken a request on; the work itself may go on.
///
/// "Accepted" is not "done", and "done" is not "settled". These are two waits: that the operation has
/// succeeded, with a [`OperationPoller`](crate::machine::OperationPoller) (or a [`LongRunningCall`](crate::machine::LongRunningCall) from the
/// start), and that the deployment has settled, with a [`PollUntil`](crate::machine::PollUntil) and
/// [`Deployment::is_settled`](crate::Deployment::is_settled). The docs of each operation say whether
/// the first is enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[must_use = "the work has only been accepted; follow it to learn how it ends"]
pub struct Accepted {
    request_id: Option<RequestId>,
    is_finished: bool,
}

impl Accepted {
    /// Names the work for Get Operation Status. Always there unless [`is_finished`](Self::is_finished).
    pub fn request_id(&self) -> Option<&RequestId> {
        self.request_id.as_ref()
    }

    /// Whether the answer was not 202 but 200 or another success: there is nothing to follow.
    pub fn is_finished(&self) -> bool {
        self.is_finished
    }

    /// The id to follow, where there is something to follow.
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
                "it has no x-ms-request-id header, so the accepted work cannot be followed; \
                 read the state to learn how it goes",
            ));
        }
        Ok(Self { request_id, is_finished })
    }
}

/// The id of a request, from the header of its answer.
pub(crate) fn request_id_of<B>(response: &Response<B>) -> Option<RequestId> {
    let text = response.headers().get("x-ms-request-id")?.to_str().ok()?.trim();
    (!text.is_empty()).then(|| RequestId::new(text))
}
