//! From a stored response to what it is.

use azure_classic::Error;
use azure_classic::protocol::ErrorBody;
use azure_classic::protocol::xml::{Limits, Unknown, root_name};
use serde_json::Value;

use super::catalogue::{Catalogue, HttpResponse, KnownOperation};
use super::decode_error::ResponseDecodeError;
use super::request_line::RequestLine;

/// The result of one response.
#[derive(Debug)]
pub(crate) struct DecodeResult {
    /// The name of the operation, if it is known.
    pub(crate) operation: Option<&'static str>,
    pub(crate) outcome: Result<DecodedResponse, ResponseDecodeError>,
}

#[derive(Debug)]
pub(crate) struct DecodedResponse {
    /// The parts of the response that the model does not contain.
    pub(crate) unknown: Unknown,
    /// Reads the response once more, for its model.
    pub(crate) model: fn(&HttpResponse) -> Result<Value, Error>,
}

impl DecodeResult {
    /// Reads the response to a request.
    pub(crate) fn from_exchange(
        catalogue: &Catalogue,
        call: &RequestLine,
        response: &HttpResponse,
    ) -> Self {
        let status = response.status();
        if !status.is_success() {
            let operation = match catalogue.by_route(call)[..] {
                [known] => Some(known.spec.name),
                _ => None,
            };
            let is_error = status.is_client_error() || status.is_server_error();
            let outcome = if is_error {
                decode_service_error(response)
            } else {
                Err(ResponseDecodeError::not_final_response(status))
            };
            return Self { operation, outcome };
        }
        let candidates = catalogue.candidates(call, response.body());
        // Of equal ones this takes the first.
        let best = candidates
            .iter()
            .map(|known| Self::for_operation(known, response))
            .min_by_key(Self::unknown_count);
        best.unwrap_or_else(|| {
            let is_error = root_name(response.body()).as_deref() == Some(ERROR);
            let outcome = if is_error {
                decode_service_error(response)
            } else {
                Err(unknown_operation(catalogue, call, response))
            };
            Self { operation: None, outcome }
        })
    }

    /// Reads a document of which nothing else is known, or only the operation.
    pub(crate) fn from_document(
        catalogue: &Catalogue,
        operation: Option<&KnownOperation>,
        response: &HttpResponse,
    ) -> Self {
        match operation {
            Some(known) if root_name(response.body()).as_deref() != Some(ERROR) => {
                Self::for_operation(known, response)
            }
            _ => Self::from_exchange(catalogue, &RequestLine::default(), response),
        }
    }

    fn for_operation(known: &KnownOperation, response: &HttpResponse) -> Self {
        let operation = known.spec.name;
        let outcome = match (known.unknown)(response) {
            Ok(unknown) => Ok(DecodedResponse { unknown, model: known.model }),
            Err(error) => Err(ResponseDecodeError::invalid_response(operation, &error)),
        };
        Self { operation: Some(operation), outcome }
    }

    /// How much of the response is not carried.
    fn unknown_count(&self) -> usize {
        self.outcome
            .as_ref()
            .map_or(usize::MAX, |decoded| decoded.unknown.paths.len() + decoded.unknown.omitted)
    }
}

impl DecodedResponse {
    /// The paths of what the model does not carry, and a last line where there were too many to list.
    pub(crate) fn unknown_paths(self) -> Vec<String> {
        let Unknown { mut paths, omitted: left_out } = self.unknown;
        if left_out > 0 {
            paths.push(format!("… and {left_out} more"));
        }
        paths
    }
}

/// The root element of the error model.
const ERROR: &str = "Error";

/// Says that neither the request nor the root element is one of an operation.
fn unknown_operation(
    catalogue: &Catalogue,
    call: &RequestLine,
    response: &HttpResponse,
) -> ResponseDecodeError {
    let root = match root_name(response.body()) {
        None if response.body().trim_ascii().is_empty() => "an empty body".to_owned(),
        None if response.body().len() > Limits::default().bytes => {
            format!("a body of {} bytes, which is too large", response.body().len())
        }
        None => "a body that is not XML".to_owned(),
        Some(root) if catalogue.knows_root(&root) => {
            format!("root element {root}, which lies in another namespace than the service's")
        }
        Some(root) => format!("root element {root}"),
    };
    let detail: Vec<_> = call.description().into_iter().chain([root]).collect();
    ResponseDecodeError::new("no known operation has this response", detail.join(", "))
}

/// Reads an error response, whichever operation's it is.
fn decode_service_error(response: &HttpResponse) -> Result<DecodedResponse, ResponseDecodeError> {
    match ErrorBody::read(response.body()) {
        Ok((_, unknown)) => Ok(DecodedResponse { unknown, model: service_error_model }),
        Err(error) => Err(ResponseDecodeError::invalid_service_error(response.status(), &error)),
    }
}

fn service_error_model(response: &HttpResponse) -> Result<Value, Error> {
    let unreadable = |what: String| Error::invalid_response(response.status(), what);
    let (body, _) =
        ErrorBody::read(response.body()).map_err(|error| unreadable(error.to_string()))?;
    serde_json::to_value(body).map_err(|error| unreadable(error.to_string()))
}
