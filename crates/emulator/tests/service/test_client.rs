//! Somebody with the protocol crate and a cloud; time jumps to wherever a machine wants it.

use azure_classic_protocol::machine::{
    Call, Instant, LongRunningCall, Machine, Poll, PollUntil, Retry, Step, TransportResult,
};
use azure_classic_protocol::{
    Accepted, Deployment, DeploymentRef, Endpoint, Error, Operation, SendError,
};
use bytes::Bytes;
use http::Request;

use crate::harness::{Harness, SUBSCRIPTION};

pub(crate) struct TestClient {
    pub(crate) harness: Harness,
    pub(crate) endpoint: Endpoint,
    pub(crate) poll: Poll,
    pub(crate) retry: Retry,
    pub(crate) now: Instant,
}

impl TestClient {
    pub(crate) fn new() -> Self {
        Self::with(Harness::new())
    }

    pub(crate) fn with(harness: Harness) -> Self {
        let subscription = SUBSCRIPTION.parse().unwrap();
        let endpoint = Endpoint::new("https://management.example.net", subscription).unwrap();
        let now = harness.simulator.now();
        Self { harness, endpoint, poll: Poll::default(), retry: Retry::default(), now }
    }

    pub(crate) fn drive<M: Machine>(&mut self, mut machine: M) -> Result<M::Output, Error> {
        loop {
            match machine.step(self.now) {
                Step::Send(request) => {
                    let reply = self.exchange(&request);
                    machine.receive(self.now, reply);
                }
                Step::WaitUntil(time) => self.now = time,
                Step::Done(result) => return result,
            }
        }
    }

    /// One request, whatever faults make of it.
    fn exchange(&mut self, request: &Request<Bytes>) -> TransportResult {
        self.harness.simulator.advance(self.now);
        let mut outcome = self.harness.outcome(request);
        loop {
            self.now += outcome.delay;
            let Some(delayed) = outcome.delayed else { break };
            outcome = self.harness.simulator.resume(self.now, delayed);
        }
        outcome.response.ok_or_else(|| SendError::ambiguous("the connection was cut"))
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

    pub(crate) fn poll_until(
        &mut self,
        deployment: &DeploymentRef,
        until: impl FnMut(&Deployment) -> bool,
    ) -> Deployment {
        self.try_poll_until(deployment, until).unwrap()
    }

    pub(crate) fn try_poll_until(
        &mut self,
        deployment: &DeploymentRef,
        until: impl FnMut(&Deployment) -> bool,
    ) -> Result<Deployment, Error> {
        let get = deployment.get();
        self.drive(PollUntil::new(&self.endpoint, &get, until, &self.poll, &self.retry))
    }
}
