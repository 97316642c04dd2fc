use crate::{Accepted, Body, Operation, Target};

/// The same operation, whose answer is taken for the beginning of work that may go on.
///
/// For operations that are finished with their answer as far as is known, where a service or an
/// `x-ms-version` at hand answers 202 all the same: [`Run`](crate::machine::Run) follows the work of a
/// 202 and is done after any other success.
///
/// # Example
///
/// The page of Create Cloud Service calls it asynchronous, recorded answers are 201:
///
/// ```
/// use azure_classic_protocol::machine::{Poll, Retry, Run};
/// use azure_classic_protocol::{CloudServiceRef, Endpoint, Followed, Place};
///
/// # let endpoint = Endpoint::new("https://management.example.net", "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse()?)?;
/// let create = CloudServiceRef::new("contoso").create(Place::Location("West Europe".into()), "shop");
/// let run = Run::new(&endpoint, &Followed(create), &Poll::default(), &Retry::default());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed<O>(pub O);

impl<O: Operation<Output = ()>> Operation for Followed<O> {
    type Output = Accepted;

    const SPEC: crate::Spec = O::SPEC;

    fn target(&self, target: &mut Target) {
        self.0.target(target);
    }

    fn body(&self) -> Body {
        self.0.body()
    }
}
