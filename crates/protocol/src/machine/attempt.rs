/// The operation and the number of the attempt, for logs and metrics. It is an extension of each request that
/// a machine of this crate returns.
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
    /// The name of the operation, as the title of its reference page.
    pub operation: &'static str,
    /// Counted from 1. Following a redirect is the same attempt.
    pub number: u32,
}
