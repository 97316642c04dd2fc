use crate::{Accepted, Body, Operation, RequestBuilder};

/// The same operation, whose response is read as the start of a long-running operation.
///
/// Use it for operations that usually end with their response, if the service or the `x-ms-version` at hand
/// responds with 202: [`LongRunningCall`](crate::machine::LongRunningCall) polls after a 202 and ends after
/// any other success.
///
/// # Example
///
/// The reference page of Create Cloud Service calls it asynchronous, but recorded responses are 201:
///
/// ```
/// use azure_classic_protocol::machine::{Poll, Retry, LongRunningCall};
/// use azure_classic_protocol::{CloudServiceRef, Endpoint, AsLongRunning, Placement};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let create = CloudServiceRef::new("contoso").create(Placement::Location("West Europe".into()), "shop");
/// let run = LongRunningCall::new(&endpoint, &AsLongRunning(create), &Poll::default(), &Retry::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsLongRunning<O>(pub O);

impl<O: Operation<Output = ()>> Operation for AsLongRunning<O> {
    type Output = Accepted;

    const METADATA: crate::Metadata = O::METADATA;

    fn build(&self, request: &mut RequestBuilder) {
        self.0.build(request);
    }

    fn body(&self) -> Body {
        self.0.body()
    }
}
