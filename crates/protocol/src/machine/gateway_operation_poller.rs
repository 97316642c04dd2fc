use http::StatusCode;

use super::operation_poller::{Ended, MAY_BE_UNKNOWN, failed};
use super::{Instant, Machine, Poll, PollUntil, Retry, Step, TransportResult};
use crate::{
    Endpoint, Error, GatewayOperation, GatewayOperationState, GetGatewayOperationStatus, RequestId,
};

/// Polls an operation on a virtual network gateway or application gateway until it ends, through Get Gateway
/// (networking) Operation Status. For all other operations use [`OperationPoller`](super::OperationPoller).
///
/// It succeeds only if the operation was `Successful`; a failed operation and an expired deadline are errors.
/// The id comes from the body of the first response
/// ([`GatewayOperationAsyncResponse`](crate::GatewayOperationAsyncResponse)), not from its header.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::machine::{GatewayOperationPoller, Poll, Retry};
/// use azure_classic_protocol::{Endpoint, GatewayOperationAsyncResponse, xml};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let body = br#"<GatewayOperationAsyncResponse xmlns="http://schemas.microsoft.com/windowsazure">
///   <ID>4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1</ID>
/// </GatewayOperationAsyncResponse>"#;
/// let accepted: GatewayOperationAsyncResponse = xml::from_slice(body)?;
/// let tracker = GatewayOperationPoller::new(&endpoint, accepted.id, &Poll::default(), &Retry::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is sent until the machine is driven"]
pub struct GatewayOperationPoller {
    id: String,
    poll: PollUntil<GetGatewayOperationStatus, fn(&GatewayOperation) -> bool>,
}

impl GatewayOperationPoller {
    /// Polls the operation with this id, first after [`Poll::first_delay`].
    pub fn new(endpoint: &Endpoint, id: impl Into<String>, poll: &Poll, retry: &Retry) -> Self {
        let id = id.into();
        let get = GetGatewayOperationStatus::new(id.clone());
        let mut watch = PollUntil::new(endpoint, &get, has_ended as fn(&_) -> bool, poll, retry)
            .with_initial_delay("the accepted operation had ended; it continues at the service");
        watch.not_found_means_not_yet = MAY_BE_UNKNOWN;
        Self { id, poll: watch }
    }

    /// Returns the id of the operation, with the hyphens of its address. Another process can poll the
    /// operation with it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Reports to the observer each status that is read, and each failure after which the machine polls
    /// again.
    pub fn on_progress(
        self,
        observer: impl FnMut(Result<&GatewayOperation, &Error>) + Send + 'static,
    ) -> Self {
        Self { poll: self.poll.on_progress(observer), ..self }
    }

    fn conclude(
        &self,
        outcome: Result<GatewayOperation, Error>,
    ) -> Result<GatewayOperation, Error> {
        match outcome {
            Ok(operation) if operation.status == GatewayOperationState::Failed => {
                Err(failed(Ended {
                    status: operation.http_status_code.as_deref().and_then(status_code_by_name),
                    error: operation.error,
                    request_id: RequestId::new(&self.id),
                }))
            }
            Ok(operation) => Ok(operation),
            Err(error) => Err(error.about_gateway_operation(RequestId::new(&self.id))),
        }
    }
}

/// An unknown state counts as in progress, because taking it for an end would be a guess.
fn has_ended(operation: &GatewayOperation) -> bool {
    matches!(operation.status, GatewayOperationState::Successful | GatewayOperationState::Failed)
}

/// Parses a status that is given as text: `BadRequest` for 400. Numbers are accepted as well.
fn status_code_by_name(word: &str) -> Option<StatusCode> {
    if let Ok(status) = word.trim().parse() {
        return Some(status);
    }
    let is_named = |status: &StatusCode| {
        status.canonical_reason().is_some_and(|reason| {
            reason.chars().filter(char::is_ascii_alphanumeric).eq(word.trim().chars())
        })
    };
    (100..600).filter_map(|code| StatusCode::from_u16(code).ok()).find(is_named)
}

impl Machine for GatewayOperationPoller {
    type Output = GatewayOperation;

    fn step(&mut self, now: Instant) -> Step<GatewayOperation> {
        match self.poll.step(now) {
            Step::Done(outcome) => Step::Done(self.conclude(outcome)),
            step => step,
        }
    }

    fn receive(&mut self, now: Instant, reply: TransportResult) {
        self.poll.receive(now, reply);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_codes_as_text_are_read() {
        for (word, code) in [
            ("OK", Some(200)),
            ("BadRequest", Some(400)),
            ("NotFound", Some(404)),
            ("Conflict", Some(409)),
            ("InternalServerError", Some(500)),
            ("503", Some(503)),
            ("Pondering", None),
            ("", None),
        ] {
            assert_eq!(status_code_by_name(word).map(|status| status.as_u16()), code, "{word}");
        }
    }
}
