/// Which attempt at which operation a request is: among the extensions of each request that a machine
/// of this crate hands out, for whoever logs or counts.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::machine::{Attempt, Call, Instant, Machine, Retry, Step};
/// use azure_classic_protocol::{CloudServiceRef, Endpoint};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let mut exchange = Call::new(&endpoint, &CloudServiceRef::new("contoso").get(), &Retry::default());
/// let Step::Send(request) = exchange.step(Instant::ORIGIN) else { unreachable!() };
/// let attempt = request.extensions().get::<Attempt>().unwrap();
/// assert_eq!((attempt.operation, attempt.number), ("Get Cloud Service Properties", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The operation's name, as its reference page is headed.
    pub operation: &'static str,
    /// From 1. Following a redirect is the same attempt.
    pub number: u32,
}
