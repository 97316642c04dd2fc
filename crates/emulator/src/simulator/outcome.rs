use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::dispatch::{Decision, RequestContext};
use crate::Caller;

/// The outcome of a request.
///
/// Without faults it is an immediate response. To use faults with a [`Simulator`](crate::Simulator), handle
/// it like this:
///
/// ```
/// use azure_classic_emulator::{Caller, Outcome, Simulator};
/// use azure_classic_protocol::{Bytes, machine::Instant};
/// use http::{Request, Response};
///
/// /// The moment at which the answer arrives, and the answer; `None` when the connection is cut.
/// fn send(
///     simulator: &mut Simulator,
///     mut now: Instant,
///     caller: &Caller,
///     request: &Request<Bytes>,
/// ) -> (Instant, Option<Response<Bytes>>) {
///     let mut outcome = simulator.handle(now, caller, request);
///     loop {
///         now += outcome.delay;
///         match outcome.delayed {
///             Some(delayed) => outcome = simulator.resume(now, delayed),
///             None => return (now, outcome.response),
///         }
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// How long what comes next is held back, in the emulator's own time.
    pub delay: Duration,
    /// The response; `None` if a fault closes the connection instead, or delays the request.
    pub response: Option<Response<Bytes>>,
    /// The request, when a fault holds it back: nothing has been done yet. It goes on when this is
    /// handed to [`Simulator::resume`](crate::Simulator::resume) after the delay, and is lost otherwise.
    pub delayed: Option<DelayedRequest>,
}

/// A request that a fault holds back.
#[derive(Debug)]
pub struct DelayedRequest {
    pub(super) context: RequestContext,
    pub(super) caller: Caller,
    pub(super) request: Request<Bytes>,
}

impl DelayedRequest {
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    pub(crate) fn request(&self) -> &Request<Bytes> {
        &self.request
    }

    pub(crate) fn decision(&self) -> Decision {
        self.context.decision()
    }
}
