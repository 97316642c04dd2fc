//! Conversations with the service as state machines that are handed the time.
//!
//! A [`Machine`] says what it wants next ([`Step`]): send a request, wait until a moment, or be done.
//! Who drives it sends and sleeps, with whatever runtime is at hand:
//!
//! ```
//! use azure_classic_protocol::machine::{Instant, Machine, Reply, Step};
//!
//! # use azure_classic_protocol::{Error, Bytes};
//! fn drive<M: Machine>(
//!     mut machine: M,
//!     mut send: impl FnMut(http::Request<Bytes>) -> Reply,
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
//! Machines are built from each other: [`Exchange`] is one call with its redirects and retries,
//! [`Watch`] a read that is repeated until a condition holds, [`Tracker`] follows accepted work to
//! its end, [`Run`] is an exchange and then a tracker, [`Reconcile`] is an exchange and, where its
//! answer is lost, the reads that settle what became of it, and [`Pages`] is an exchange for each page
//! of a list.

mod attempt;
mod conflict;
mod exchange;
mod gateway_tracker;
mod instant;
mod pages;
mod policy;
mod progress;
mod reconcile;
mod redirect;
mod retry_after;
mod run;
#[cfg(test)]
mod tests;
mod tracker;
mod watch;

use std::ops::ControlFlow;

use bytes::Bytes;
use http::{Request, Response};

pub use self::attempt::Attempt;
pub use self::exchange::Exchange;
pub use self::gateway_tracker::GatewayTracker;
pub use self::instant::Instant;
pub use self::pages::{Pages, Turned};
pub use self::policy::{Backoff, OnConflict, Poll, Retry};
pub use self::progress::{Progress, Work};
pub use self::reconcile::{Judge, Reconcilable, Reconcile, Reconciled, Verdict};
pub use self::run::{Completed, Run};
pub use self::tracker::Tracker;
pub use self::watch::Watch;
use crate::{Error, Lost};

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
    fn receive(&mut self, now: Instant, reply: Reply);
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
    pub fn passing<U>(self) -> ControlFlow<Result<T, Error>, Step<U>> {
        match self {
            Self::Send(request) => ControlFlow::Continue(Step::Send(request)),
            Self::WaitUntil(moment) => ControlFlow::Continue(Step::WaitUntil(moment)),
            Self::Done(outcome) => ControlFlow::Break(outcome),
        }
    }
}

/// What became of a request that was sent.
pub type Reply = Result<Response<Bytes>, Lost>;
