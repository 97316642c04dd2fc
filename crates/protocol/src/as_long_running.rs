use crate::{Accepted, Body, Operation, RequestBuilder};

/// The same operation, whose answer is taken for the beginning of work that may go on.
///
/// For operations that are finished with their answer as far as is known, where a service or an
/// `x-ms-version` at hand answers 202 all the same: [`LongRunningCall`](crate::machine::LongRunningCall) follows the work of a
/// 202 and is done after any other success.
///
/// # Example
///
/// The page of Create Cloud Service calls it asynchronous, recorded answers are 201:
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
