use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::front::{Decision, Visit};
use crate::Caller;

/// What becomes of a request.
///
/// Without faults that is an answer at once. Whoever drives a [`Cloud`](crate::Cloud) and uses faults
/// does this with it:
///
/// ```
/// use azure_classic_emulator::{Caller, Cloud, Outcome};
/// use azure_classic_protocol::{Bytes, machine::Instant};
/// use http::{Request, Response};
///
/// /// The moment at which the answer arrives, and the answer; `None` when the connection is cut.
/// fn ask(
///     cloud: &mut Cloud,
///     mut now: Instant,
///     caller: &Caller,
///     request: &Request<Bytes>,
/// ) -> (Instant, Option<Response<Bytes>>) {
///     let mut outcome = cloud.handle(now, caller, request);
///     loop {
///         now += outcome.delay;
///         match outcome.held {
///             Some(held) => outcome = cloud.resume(now, held),
///             None => return (now, outcome.answer),
///         }
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// How long what comes next is held back, in the emulator's own time.
    pub delay: Duration,
    /// The answer; `None` when a fault cuts the connection instead, or holds the request back.
    pub answer: Option<Response<Bytes>>,
    /// The request, when a fault holds it back: nothing has been done yet. It goes on when this is
    /// handed to [`Cloud::resume`](crate::Cloud::resume) after the delay, and is lost otherwise.
    pub held: Option<Held>,
}

/// A request that a fault holds back.
#[derive(Debug)]
pub struct Held {
    pub(super) visit: Visit,
    pub(super) caller: Caller,
    pub(super) request: Request<Bytes>,
}

impl Held {
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    pub(crate) fn request(&self) -> &Request<Bytes> {
        &self.request
    }

    pub(crate) fn decision(&self) -> Decision {
        self.visit.decision()
    }
}
