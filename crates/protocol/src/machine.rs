//! Calls and waits as state machines that get the time as an argument.
//!
//! A [`Machine`] returns its next [`Step`]: send a request, wait until a time, or end. The driver sends and
//! sleeps, in any runtime:
//!
//! ```
//! use azure_classic_protocol::machine::{Instant, Machine, TransportResult, Step};
//!
//! # use azure_classic_protocol::{Error, Bytes};
//! fn drive<M: Machine>(
//!     mut machine: M,
//!     mut send: impl FnMut(http::Request<Bytes>) -> TransportResult,
//! ) -> Result<M::Output, Error> {
//!     let origin = std::time::Instant::now();
//!     let now = || Instant::from_origin(origin.elapsed());
//!     loop {
//!         match machine.step(now()) {
//!             Step::Send(request) => {
//!                 let reply = send(request);
//!                 machine.receive(now(), reply);
//!             }
//!             Step::WaitUntil(moment) => std::thread::sleep(moment - now()),
//!             Step::Done(outcome) => return outcome,
//!         }
//!     }
//! }
//! ```
//!
//! Machines are composed: [`Call`] is one call with its redirects and retries; [`PollUntil`] repeats a read
//! until a condition holds; [`OperationPoller`] polls an accepted operation until it ends;
//! [`LongRunningCall`] is a call and then a poller; [`VerifiedCall`] is a call and, if its response is lost,
//! the reads that show whether it took effect; [`Pages`] is a call for each page of a list.

mod attempt;
mod call;
mod conflict;
mod gateway_operation_poller;
mod instant;
mod long_running_call;
mod operation_poller;
mod pages;
mod policy;
mod poll_until;
mod progress;
mod redirect;
mod retry_after;
#[cfg(test)]
mod tests;
mod verified_call;

use std::ops::ControlFlow;

use bytes::Bytes;
use http::{Request, Response};

pub use self::attempt::Attempt;
pub use self::call::Call;
pub use self::gateway_operation_poller::GatewayOperationPoller;
pub use self::instant::Instant;
pub use self::long_running_call::{Completed, LongRunningCall};
pub use self::operation_poller::OperationPoller;
pub use self::pages::{PageStep, Pages};
pub use self::policy::{Backoff, OnConflict, Poll, Retry};
pub use self::poll_until::PollUntil;
pub use self::progress::{OperationHandle, Progress};
pub use self::verified_call::{Classifier, Evidence, Verifiable, VerifiedCall, VerifiedOutcome};
use crate::{Error, SendError};

/// A state machine that ends with a value. It reads no clock and opens no connection.
///
/// After [`Step::Send`] the driver calls [`receive`](Self::receive) once and then [`step`](Self::step) again.
/// After [`Step::WaitUntil`] it calls `step` again at that time; an earlier call does no harm. After
/// [`Step::Done`] it drops the machine.
///
/// Dropping a machine only stops the driver: an accepted operation continues at the service.
pub trait Machine {
    /// The outcome of the machine.
    type Output;

    /// Returns the next step.
    fn step(&mut self, now: Instant) -> Step<Self::Output>;

    /// Takes the result of the request that `step` returned.
    fn receive(&mut self, now: Instant, reply: TransportResult);
}

/// The next action of a machine.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a step lives for one turn of the loop, and a box would burden every driver"
)]
pub enum Step<T> {
    /// Send this request and pass the result to [`Machine::receive`].
    Send(Request<Bytes>),
    /// Wait until this time.
    WaitUntil(Instant),
    /// The machine has ended.
    Done(Result<T, Error>),
}

impl<T> Step<T> {
    /// The outcome, or the step that an outer machine passes on; for machines composed of machines.
    pub fn into_control_flow<U>(self) -> ControlFlow<Result<T, Error>, Step<U>> {
        match self {
            Self::Send(request) => ControlFlow::Continue(Step::Send(request)),
            Self::WaitUntil(time) => ControlFlow::Continue(Step::WaitUntil(time)),
            Self::Done(outcome) => ControlFlow::Break(outcome),
        }
    }
}

/// The result of a sent request.
pub type TransportResult = Result<Response<Bytes>, SendError>;
