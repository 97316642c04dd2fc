use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use azure_classic_protocol::machine::{self, PageStep};
use azure_classic_protocol::{Error, Paged};
use futures_core::Stream;

use crate::Client;

impl Client {
    /// Reads a list page by page, as a stream.
    ///
    /// The stream reads a page only when the page is polled for. Each page has its own retries.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use azure_classic::protocol::ListCloudServices;
    ///
    /// # async fn example(azure: &azure_classic::Client) -> Result<(), azure_classic::Error> {
    /// let mut pages = azure.pages(ListCloudServices::new());
    /// while let Some(page) = pages.next().await {
    ///     for service in page?.content.0 {
    ///         println!("{}", service.service_name);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<O>(&self, operation: O) -> PageStream<O>
    where
        O: Paged + Send + 'static,
        O::Output: Send,
    {
        let first = machine::Pages::new(self.endpoint(), operation, &self.retry);
        PageStream { client: self.clone(), turning: Some(read_page(self.clone(), first)) }
    }
}

/// The pages of a list, created by [`Client::pages`]: a [`Stream`] that ends after the last page or the first
/// error.
///
/// [`next`](Self::next) works without a library for streams.
#[must_use = "nothing is sent until a page is polled for"]
pub struct PageStream<O: Paged> {
    client: Client,
    /// The request for the next page; `None` at the end.
    turning: Option<PageFuture<O>>,
}

type PageFuture<O> = Pin<Box<dyn Future<Output = Result<PageStep<O>, Error>> + Send>>;

fn read_page<O>(client: Client, pages: machine::Pages<O>) -> PageFuture<O>
where
    O: Paged + Send + 'static,
    O::Output: Send,
{
    Box::pin(async move { client.drive(pages).await })
}

impl<O> PageStream<O>
where
    O: Paged + Send + 'static,
    O::Output: Send,
{
    /// Returns the next page, or `None` after the last one and after an error.
    ///
    /// Dropping the future loses nothing: the next call continues with the same page.
    ///
    /// # Errors
    ///
    /// Those of [`Client::send`], and [`InvalidResponse`](crate::ErrorKind::InvalidResponse) if a
    /// continuation token repeats, which would be an endless loop.
    pub async fn next(&mut self) -> Option<Result<O::Output, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<O> Stream for PageStream<O>
where
    O: Paged + Send + 'static,
    O::Output: Send,
{
    type Item = Result<O::Output, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(turning) = &mut self.turning else {
            return Poll::Ready(None);
        };
        let outcome = ready!(turning.as_mut().poll(context));
        self.turning = None;
        Poll::Ready(Some(outcome.map(|PageStep { page, next: rest }| {
            self.turning = rest.map(|rest| read_page(self.client.clone(), rest));
            page
        })))
    }
}

impl<O: Paged> fmt::Debug for PageStream<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &O::METADATA.name)
            .field("is_at_the_end", &self.turning.is_none())
            .finish_non_exhaustive()
    }
}
