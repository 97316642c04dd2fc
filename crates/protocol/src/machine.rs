//! Conversations with the service as state machines that are handed the time.
//!
//! A [`Machine`] says what it wants next ([`Step`]): send a request, wait until a moment, or be done.
//! Who drives it sends and sleeps, with whatever runtime is at hand:
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
//! Machines are built from each other: [`Call`] is one call with its redirects and retries,
//! [`PollUntil`] a read that is repeated until a condition holds, [`OperationPoller`] follows accepted work to
//! its end, [`LongRunningCall`] is an exchange and then a tracker, [`VerifiedCall`] is an exchange and, where its
//! answer is lost, the reads that settle what became of it, and [`Pages`] is an exchange for each page
//! of a list.

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

/// A conversation that ends in a value. Reads no clock, opens no connection.
///
/// After [`Step::Send`] the driver calls [`receive`](Self::receive) once and then
/// [`step`](Self::step) again; after [`Step::WaitUntil`] it calls `step` again at that moment, or
/// earlier, which does no harm; after [`Step::Done`] it lets the machine go.
///
/// Dropping a machine stops the conversation and nothing else: work that was accepted goes on at the
/// service.
pub trait Machine {
    /// What the conversation ends in.
    type Output;

    /// What to do next.
    fn step(&mut self, now: Instant) -> Step<Self::Output>;

    /// Takes the reply to the request that `step` asked to send.
    fn receive(&mut self, now: Instant, reply: TransportResult);
}

/// What a machine wants next.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a step lives for one turn of the loop; a box would be every driver's burden"
)]
pub enum Step<T> {
    /// Send this request and hand the reply to [`Machine::receive`].
    Send(Request<Bytes>),
    /// Nothing to do before this moment.
    WaitUntil(Instant),
    /// The conversation is over.
    Done(Result<T, Error>),
}

impl<T> Step<T> {
    /// The outcome, or the step for an outer machine to pass on: for machines that are made of machines.
    pub fn into_control_flow<U>(self) -> ControlFlow<Result<T, Error>, Step<U>> {
        match self {
            Self::Send(request) => ControlFlow::Continue(Step::Send(request)),
            Self::WaitUntil(time) => ControlFlow::Continue(Step::WaitUntil(time)),
            Self::Done(outcome) => ControlFlow::Break(outcome),
        }
    }
}

/// What became of a request that was sent.
pub type TransportResult = Result<Response<Bytes>, SendError>;
