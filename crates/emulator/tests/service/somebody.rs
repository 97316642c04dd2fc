//! Somebody with the protocol crate and a cloud; time jumps to wherever a machine wants it.

use azure_classic_protocol::machine::{
    Call, Instant, LongRunningCall, Machine, Poll, PollUntil, Retry, Step, TransportResult,
};
use azure_classic_protocol::{
    Accepted, Deployment, DeploymentRef, Endpoint, Error, Operation, SendError,
};
use bytes::Bytes;
use http::Request;

use crate::bench::{Bench, SUBSCRIPTION};

pub(crate) struct Somebody {
    pub(crate) bench: Bench,
    pub(crate) endpoint: Endpoint,
    pub(crate) poll: Poll,
    pub(crate) retry: Retry,
    pub(crate) now: Instant,
}

impl Somebody {
    pub(crate) fn new() -> Self {
        Self::with(Bench::new())
    }

    pub(crate) fn with(bench: Bench) -> Self {
        let subscription = SUBSCRIPTION.parse().unwrap();
        let endpoint = Endpoint::new("https://management.example.net", subscription).unwrap();
        let now = bench.cloud.now();
        Self { bench, endpoint, poll: Poll::default(), retry: Retry::default(), now }
    }

    pub(crate) fn drive<M: Machine>(&mut self, mut machine: M) -> Result<M::Output, Error> {
        loop {
            match machine.step(self.now) {
                Step::Send(request) => {
                    let reply = self.ask(&request);
                    machine.receive(self.now, reply);
                }
                Step::WaitUntil(moment) => self.now = moment,
                Step::Done(result) => return result,
            }
        }
    }

    /// One request, whatever faults make of it.
    fn ask(&mut self, request: &Request<Bytes>) -> TransportResult {
        self.bench.cloud.advance(self.now);
        let mut outcome = self.bench.outcome(request);
        loop {
            self.now += outcome.delay;
            let Some(held) = outcome.held else { break };
            outcome = self.bench.cloud.resume(self.now, held);
        }
        outcome.answer.ok_or_else(|| SendError::ambiguous("the connection was cut"))
    }

    pub(crate) fn send<O: Operation>(&mut self, operation: &O) -> O::Output {
        self.try_send(operation).unwrap()
    }

    pub(crate) fn try_send<O: Operation>(&mut self, operation: &O) -> Result<O::Output, Error> {
        self.drive(Call::new(&self.endpoint, operation, &self.retry))
    }

    pub(crate) fn run<O: Operation<Output = Accepted>>(&mut self, operation: &O) {
        self.try_run(operation).unwrap();
    }

    pub(crate) fn try_run<O>(&mut self, operation: &O) -> Result<(), Error>
    where
        O: Operation<Output = Accepted>,
    {
        self.drive(LongRunningCall::new(&self.endpoint, operation, &self.poll, &self.retry))
            .map(drop)
    }

    pub(crate) fn watch(
        &mut self,
        deployment: &DeploymentRef,
        until: impl FnMut(&Deployment) -> bool,
    ) -> Deployment {
        self.try_watch(deployment, until).unwrap()
    }

    pub(crate) fn try_watch(
        &mut self,
        deployment: &DeploymentRef,
        until: impl FnMut(&Deployment) -> bool,
    ) -> Result<Deployment, Error> {
        let get = deployment.get();
        self.drive(PollUntil::new(&self.endpoint, &get, until, &self.poll, &self.retry))
    }
}
