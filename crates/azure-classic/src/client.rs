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

/// A client of one subscription at one endpoint.
///
/// A clone is cheap and shares the transport and its connections. The client needs a tokio runtime with time
/// enabled (and I/O, for [`HttpsTransport`]).
///
/// The future of every method can be dropped at any time. That only cancels the wait: a request in flight may
/// still arrive, and an operation that the service has accepted continues.
///
/// # Example
///
/// A private endpoint with its own certificate authority:
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
    /// The time from which machines count.
    origin: tokio::time::Instant,
}

impl Client {
    /// Creates a client from an endpoint and a transport, with the default policies for retries and polling
    /// and a random seed for jitter.
    pub fn new(endpoint: Endpoint, transport: impl Transport + 'static) -> Self {
        Self {
            endpoint: Arc::new(endpoint),
            transport: Arc::new(transport),
            retry: Retry { seed: Some(fastrand::u64(..)), ..Retry::default() },
            poll: Poll { seed: Some(fastrand::u64(..)), ..Poll::default() },
            origin: tokio::time::Instant::now(),
        }
    }

    /// Creates a client with a default [`HttpsTransport`], which trusts the operating system's root
    /// certificates. Opens no connection.
    ///
    /// Endpoints with their own authority need [`new`](Self::new).
    ///
    /// # Errors
    ///
    /// A [`CredentialError`] if the operating system's root certificates cannot be read.
    pub fn connect(endpoint: Endpoint, identity: Identity) -> Result<Self, CredentialError> {
        let transport = HttpsTransport::builder().identity(identity).build()?;
        Ok(Self::new(endpoint, transport))
    }

    /// Creates a client with a bearer token instead of a certificate: a fixed token, or a source that
    /// supplies new ones; see [`BearerTransport`].
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

    /// Sets the retry policy. Clones keep sharing the transport's connections.
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the polling policy of [`run`](Self::run), [`wait`](Self::wait) and
    /// [`poll_until`](Self::poll_until).
    pub fn with_poll(mut self, poll: Poll) -> Self {
        self.poll = poll;
        self
    }

    /// Returns the endpoint of the requests.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Sends one operation, with its redirects and retries.
    ///
    /// If the output is [`Accepted`], the operation has only started; [`run`](Self::run) waits for its end.
    ///
    /// # Errors
    ///
    /// An [`Error`] of any kind except [`OperationFailed`](crate::ErrorKind::OperationFailed) and
    /// [`TimedOut`](crate::ErrorKind::TimedOut). Check [`may_have_applied`](Error::may_have_applied) before
    /// you repeat a write.
    pub async fn send<O: Operation>(&self, operation: O) -> Result<O::Output, Error> {
        self.drive(Call::new(&self.endpoint, &operation, &self.retry)).await
    }

    /// Sends one operation and, if the response is lost, reads the state to find out whether the change took
    /// effect.
    ///
    /// To supply your own classifier, [`drive`](Self::drive) a
    /// [`VerifiedCall`](azure_classic_protocol::machine::VerifiedCall).
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send). [`may_have_applied`](Error::may_have_applied) is true only if the state
    /// was inconclusive until [`Poll::deadline`], or could not be read.
    pub async fn send_verified<O>(&self, operation: O) -> Result<VerifiedOutcome<O::Output>, Error>
    where
        O: Verifiable + Clone + Send + 'static,
    {
        self.drive(VerifiedCall::for_operation(&self.endpoint, &operation, &self.poll, &self.retry))
            .await
    }

    /// Sends one operation and polls it until it ends.
    ///
    /// "Succeeded" means that the platform has taken over the change; instances may still be in transition.
    /// To wait for them, [`poll_until`](Self::poll_until) the deployment is ready.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); [`OperationFailed`](crate::ErrorKind::OperationFailed) if the operation
    /// failed; [`TimedOut`](crate::ErrorKind::TimedOut) if it took longer than [`Poll::deadline`]. It then
    /// continues at the service, and [`resume`](Self::resume) can poll it again with the error's
    /// [`handle`](Error::handle).
    pub async fn run<O: Operation<Output = Accepted>>(
        &self,
        operation: O,
    ) -> Result<Completed, Error> {
        self.drive(LongRunningCall::new(&self.endpoint, &operation, &self.poll, &self.retry)).await
    }

    /// Does the same as [`run`](Self::run), and reports each step to the observer, first the
    /// [`OperationHandle`] of the accepted operation. Store that handle if the process may end before the
    /// operation does.
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

    /// Polls an accepted operation from its stored handle until it ends.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub async fn resume(&self, work: &OperationHandle) -> Result<OperationStatus, Error> {
        self.drive(OperationPoller::resume(&self.endpoint, work, &self.poll, &self.retry)).await
    }

    /// Polls an operation that was accepted earlier, perhaps by another process, until it ends.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub async fn wait(&self, work: &RequestId) -> Result<OperationStatus, Error> {
        self.drive(OperationPoller::new(&self.endpoint, work.clone(), &self.poll, &self.retry))
            .await
    }

    /// Repeats a read until the condition holds, and returns the value for which it holds.
    ///
    /// The condition sees every value, so it can also report progress.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send), and [`TimedOut`](crate::ErrorKind::TimedOut) if the condition does not
    /// hold within [`Poll::deadline`].
    pub async fn poll_until<O, F>(&self, operation: O, until: F) -> Result<O::Output, Error>
    where
        O: Operation,
        F: FnMut(&O::Output) -> bool,
    {
        self.drive(PollUntil::new(&self.endpoint, &operation, until, &self.poll, &self.retry)).await
    }

    /// Drives any machine to its end: sends its requests and sleeps for its pauses.
    ///
    /// All other methods use this loop, and their `tracing` spans come from it. The machine's clock is
    /// tokio's, so tests can pause it.
    ///
    /// # Errors
    ///
    /// The error with which the machine ends.
    pub async fn drive<M: Machine>(&self, machine: M) -> Result<M::Output, Error> {
        self.drive_awake(machine, &Notify::const_new()).await
    }

    /// Does the same as [`drive`](Self::drive), and wakes a waiting machine when it has a new input.
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
                Step::WaitUntil(deadline) => {
                    // Not `timeout_at`: the time may lie beyond the range of tokio's clock.
                    let _ = tokio::time::timeout(deadline - self.now(), woken.notified()).await;
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
