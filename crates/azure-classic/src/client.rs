use std::fmt;
use std::sync::Arc;

use azure_classic_protocol::machine::{
    Call, Completed, Instant, LongRunningCall, Machine, OperationHandle, OperationPoller, Poll,
    PollUntil, Progress, Retry, Step, Verifiable, VerifiedCall, VerifiedOutcome,
};
use azure_classic_protocol::{Accepted, Endpoint, Error, Operation, OperationStatus, RequestId};
use azure_classic_transport::{
    BearerTransport, CredentialError, HttpsTransport, Identity, TokenSource, Transport,
};

use tokio::sync::Notify;

use crate::telemetry::CallSpan;

/// Talks to one subscription at one endpoint.
///
/// Cheap to clone; clones share the transport and its connections. It needs a tokio runtime with time
/// enabled (and I/O, for [`HttpsTransport`]).
///
/// Every method's future can be dropped at any moment. That ends the waiting and nothing else: a
/// request on its way may still arrive, and work that the service has accepted goes on.
///
/// # Example
///
/// A private endpoint with a certificate authority of its own:
///
/// ```no_run
/// use azure_classic::{Client, CloudServiceRef, Endpoint, HttpsTransport, Identity};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let transport = HttpsTransport::builder()
///     .identity(Identity::from_pem(&std::fs::read("management.pem")?)?)
///     .root_certificates_pem(&std::fs::read("ca.pem")?)
///     .build()?;
/// let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?;
/// let azure = Client::new(Endpoint::new("https://127.0.0.1:8443", subscription)?, transport);
/// let contoso = azure.send(CloudServiceRef::new("contoso").get()).await?;
/// println!("{contoso:#?}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    endpoint: Arc<Endpoint>,
    transport: Arc<dyn Transport>,
    pub(crate) retry: Retry,
    pub(crate) poll: Poll,
    /// The moment from which machines count.
    origin: tokio::time::Instant,
}

impl Client {
    /// Joins an endpoint with what carries requests to it; retry and poll as their defaults say, with
    /// a seed of this client's own.
    pub fn new(endpoint: Endpoint, transport: impl Transport + 'static) -> Self {
        Self {
            endpoint: Arc::new(endpoint),
            transport: Arc::new(transport),
            retry: Retry { seed: Some(fastrand::u64(..)), ..Retry::default() },
            poll: Poll { seed: Some(fastrand::u64(..)), ..Poll::default() },
            origin: tokio::time::Instant::now(),
        }
    }

    /// Makes a client with an [`HttpsTransport`] of default settings, which trusts the operating
    /// system's root certificates. Opens no connection.
    ///
    /// Endpoints with an authority of their own need [`new`](Self::new).
    ///
    /// # Errors
    ///
    /// A [`CredentialError`] when the operating system's root certificates cannot be read.
    pub fn connect(endpoint: Endpoint, identity: Identity) -> Result<Self, CredentialError> {
        let transport = HttpsTransport::builder().identity(identity).build()?;
        Ok(Self::new(endpoint, transport))
    }

    /// As [`connect`](Self::connect), with a bearer token in place of a certificate: one that stays the
    /// same, or a source that makes the next one; see [`BearerTransport`].
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    ///
    /// # Example
    ///
    /// ```no_run
    /// use azure_classic::{Client, Cloud, Endpoint, Token};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?;
    /// let token = Token::new(std::env::var("AZURE_CLASSIC_TOKEN")?)?;
    /// let endpoint = Endpoint::for_cloud(Cloud::UsGovernment, subscription);
    /// let azure = Client::connect_with_token(endpoint, token)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect_with_token(
        endpoint: Endpoint,
        source: impl TokenSource + 'static,
    ) -> Result<Self, CredentialError> {
        let transport = HttpsTransport::builder().build()?;
        let transport = BearerTransport::new(transport, &endpoint, source);
        Ok(Self::new(endpoint, transport))
    }

    /// Tries calls again as this says. The transport's connections stay shared with other clones.
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Asks for states as often and as long as this says, in [`run`](Self::run),
    /// [`wait`](Self::wait) and [`watch`](Self::poll_until).
    pub fn with_poll(mut self, poll: Poll) -> Self {
        self.poll = poll;
        self
    }

    /// Where requests go.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Makes one call, with its redirects and retries.
    ///
    /// For an operation that is answered with [`Accepted`] the work has only begun then;
    /// [`run`](Self::run) follows it.
    ///
    /// # Errors
    ///
    /// An [`Error`] of any stage but [`Failed`](crate::ErrorKind::OperationFailed) and
    /// [`DeadlinePassed`](crate::ErrorKind::TimedOut). Ask
    /// [`may_have_happened`](Error::may_have_applied) before you repeat a call that changes something.
    pub async fn send<O: Operation>(&self, operation: O) -> Result<O::Output, Error> {
        self.drive(Call::new(&self.endpoint, &operation, &self.retry)).await
    }

    /// Makes one call, and where its answer is lost, reads the state to learn whether it happened.
    ///
    /// For an operation with a judgement of one's own, [`drive`](Self::drive) a
    /// [`VerifiedCall`](azure_classic_protocol::machine::VerifiedCall).
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send). [`may_have_happened`](Error::may_have_applied) is true only where
    /// the state did not tell within [`Poll::deadline`] or could not be read.
    pub async fn send_verified<O>(&self, operation: O) -> Result<VerifiedOutcome<O::Output>, Error>
    where
        O: Verifiable + Clone + Send + 'static,
    {
        self.drive(VerifiedCall::for_operation(&self.endpoint, &operation, &self.poll, &self.retry))
            .await
    }

    /// Makes a call and follows the work that it starts to its end.
    ///
    /// "Ended" is the platform's word for having taken the change over; instances may still be on
    /// their way. [`watch`](Self::poll_until) the deployment where they matter.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); [`Failed`](crate::ErrorKind::OperationFailed) when the work ended badly;
    /// [`DeadlinePassed`](crate::ErrorKind::TimedOut) when it took longer than
    /// [`Poll::deadline`]. It goes on then, and [`resume`](Self::resume) can take it up by the
    /// error's [`work`](Error::handle).
    pub async fn run<O: Operation<Output = Accepted>>(
        &self,
        operation: O,
    ) -> Result<Completed, Error> {
        self.drive(LongRunningCall::new(&self.endpoint, &operation, &self.poll, &self.retry)).await
    }

    /// As [`run`](Self::run), and shows the observer each step of the way, first of all the handle of
    /// the accepted [`OperationHandle`]: store it where the process may end before the work does.
    ///
    /// # Errors
    ///
    /// Those of [`run`](Self::run).
    pub async fn run_with_progress<O: Operation<Output = Accepted>>(
        &self,
        operation: O,
        observer: impl FnMut(Progress<'_>) + Send + 'static,
    ) -> Result<Completed, Error> {
        let run = LongRunningCall::new(&self.endpoint, &operation, &self.poll, &self.retry);
        self.drive(run.on_progress(observer)).await
    }

    /// Takes up accepted work from its stored handle, and follows it to its end.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub async fn resume(&self, work: &OperationHandle) -> Result<OperationStatus, Error> {
        self.drive(OperationPoller::resume(&self.endpoint, work, &self.poll, &self.retry)).await
    }

    /// Follows work that was accepted earlier, perhaps by another process, to its end.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub async fn wait(&self, work: &RequestId) -> Result<OperationStatus, Error> {
        self.drive(OperationPoller::new(&self.endpoint, work.clone(), &self.poll, &self.retry))
            .await
    }

    /// Repeats a read until the condition holds, and returns the value for which it did.
    ///
    /// The condition sees every value that is read, so it can also show progress.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send), and [`DeadlinePassed`](crate::ErrorKind::TimedOut) when the
    /// condition did not hold within [`Poll::deadline`].
    pub async fn poll_until<O, F>(&self, operation: O, until: F) -> Result<O::Output, Error>
    where
        O: Operation,
        F: FnMut(&O::Output) -> bool,
    {
        self.drive(PollUntil::new(&self.endpoint, &operation, until, &self.poll, &self.retry)).await
    }

    /// Drives any machine to its end: sends what it wants sent, sleeps while it wants to wait.
    ///
    /// The one loop behind all other methods, and the place of their `tracing` spans. The machine's clock is tokio's, so that tests can pause
    /// it.
    ///
    /// # Errors
    ///
    /// The error in which the machine ends.
    pub async fn drive<M: Machine>(&self, machine: M) -> Result<M::Output, Error> {
        self.drive_awake(machine, &Notify::const_new()).await
    }

    /// As [`drive`](Self::drive); whoever has something to say to the machine while it waits can wake it.
    pub(crate) async fn drive_awake<M: Machine>(
        &self,
        mut machine: M,
        woken: &Notify,
    ) -> Result<M::Output, Error> {
        let mut call = CallSpan::start();
        loop {
            match machine.step(self.now()) {
                Step::Send(request) => {
                    let sent = call.attempt(&request);
                    let reply = call.await_response(sent, self.transport.send(request)).await;
                    machine.receive(self.now(), reply);
                }
                Step::WaitUntil(moment) => {
                    // Not `timeout_at`: a moment may lie beyond what tokio's clock can say.
                    let _ = tokio::time::timeout(moment - self.now(), woken.notified()).await;
                }
                Step::Done(outcome) => return call.end(outcome),
            }
        }
    }

    fn now(&self) -> Instant {
        Instant::from_origin(self.origin.elapsed())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.endpoint)
            .field("retry", &self.retry)
            .field("poll", &self.poll)
            .finish_non_exhaustive()
    }
}
