use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::{fmt, mem};

use http::StatusCode;

use super::{Call, Instant, Machine, Retry, Step, TransportResult};
use crate::{Endpoint, Error, Paged};

/// Reads a list page by page: it ends with a page, and with the machine that reads the rest.
///
/// A list of any length needs the memory of one page, and reading can stop after each. A repeated token would
/// cause an endless loop: the page that contains it is followed by an error
/// ([`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse)) instead of the earlier pages again.
///
/// # Example
///
/// ```
/// use azure_classic_protocol::machine::{Pages, Retry, PageStep};
/// use azure_classic_protocol::{Endpoint, Error, ListCloudServices};
///
/// fn print_all(
///     endpoint: &Endpoint,
///     drive: impl Fn(Pages<ListCloudServices>) -> Result<PageStep<ListCloudServices>, Error>,
/// ) -> Result<(), Error> {
///     let mut rest = Some(Pages::new(endpoint, ListCloudServices::new(), &Retry::default()));
///     while let Some(pages) = rest {
///         let step = drive(pages)?;
///         for service in &step.page.content.0 {
///             println!("{}", service.service_name);
///         }
///         rest = step.next;
///     }
///     Ok(())
/// }
/// ```
#[must_use = "nothing is sent until the machine is driven"]
pub struct Pages<O: Paged> {
    endpoint: Endpoint,
    retry: Retry,
    operation: O,
    exchange: Box<Call<O>>,
    /// Digests of the tokens so far: eight bytes for each page, however long a token is.
    seen: BTreeSet<u64>,
}

/// A page, and the machine that reads the rest.
#[derive(Debug)]
pub struct PageStep<O: Paged> {
    /// The page.
    pub page: O::Output,
    /// Reads the pages after it; `None` after the last.
    pub next: Option<Pages<O>>,
}

impl<O: Paged> Pages<O> {
    /// Starts with the page that the operation requests.
    pub fn new(endpoint: &Endpoint, operation: O, retry: &Retry) -> Self {
        Self {
            exchange: Box::new(Call::new(endpoint, &operation, retry)),
            endpoint: endpoint.clone(),
            retry: retry.clone(),
            operation,
            seen: BTreeSet::new(),
        }
    }

    fn advance(&mut self, page: O::Output) -> PageStep<O> {
        let next = self.operation.next(&page).zip(O::token(&page));
        let rest = next.map(|(next, token)| self.rest(next, token));
        PageStep { page, next: rest }
    }

    fn rest(&mut self, next: O, token: &str) -> Self {
        let request = if self.seen.insert(digest(token)) {
            self.endpoint.request(&next)
        } else {
            let what =
                "its continuation token repeats an earlier one, so the pages would never end";
            Err(Error::invalid_response(StatusCode::OK, what).during(&O::METADATA))
        };
        Self {
            exchange: Box::new(Call::of(&self.endpoint, request, &self.retry)),
            endpoint: self.endpoint.clone(),
            retry: self.retry.clone(),
            operation: next,
            seen: mem::take(&mut self.seen),
        }
    }
}

fn digest(token: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    token.hash(&mut hasher);
    hasher.finish()
}

impl<O: Paged> Machine for Pages<O> {
    type Output = PageStep<O>;

    fn step(&mut self, now: Instant) -> Step<PageStep<O>> {
        match self.exchange.step(now) {
            Step::Send(request) => Step::Send(request),
            Step::WaitUntil(time) => Step::WaitUntil(time),
            Step::Done(outcome) => Step::Done(outcome.map(|page| self.advance(page))),
        }
    }

    fn receive(&mut self, now: Instant, reply: TransportResult) {
        self.exchange.receive(now, reply);
    }
}

impl<O: Paged> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("exchange", &self.exchange)
            .field("turned", &self.seen.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
