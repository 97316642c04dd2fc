//! Lists with several pages.

use std::time::Duration;

use azure_classic::protocol::{Bytes, CloudServices, ListCloudServices, Page};
use azure_classic::{Error, ErrorKind, PageStream};
use futures_core::Stream;
use http::Response;

use crate::client;
use crate::mock_transport::{Script, status};

/// A page with one cloud service, and the token of the next page unless the token is empty.
fn page(service: &str, token: &str) -> Response<Bytes> {
    let body = format!(
        "<HostedServices xmlns=\"http://schemas.microsoft.com/windowsazure\"><HostedService><ServiceName>{service}</ServiceName></HostedService></HostedServices>"
    );
    let response = Response::builder().header("x-ms-continuation-token", token);
    response.body(Bytes::from(body)).unwrap()
}

async fn next(pages: &mut PageStream<ListCloudServices>) -> Option<String> {
    let page = pages.next().await?.unwrap();
    Some(page.content.0[0].service_name.clone())
}

#[tokio::test(start_paused = true)]
async fn pages_are_read_on_demand() {
    let script = Script::new([page("contoso", "a"), page("fabrikam", "")]);
    let mut pages = client(&script).pages(ListCloudServices::new());
    assert_eq!(script.times().len(), 0);
    assert_eq!(next(&mut pages).await.as_deref(), Some("contoso"));
    assert_eq!(script.times().len(), 1);
    assert_eq!(next(&mut pages).await.as_deref(), Some("fabrikam"));
    assert_eq!(next(&mut pages).await, None);
    assert_eq!(next(&mut pages).await, None);
    assert_eq!(script.times().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_stream_ends_with_the_first_error() {
    let script = Script::new([page("contoso", "a"), status(404)]);
    let mut pages = client(&script).pages(ListCloudServices::new());
    assert_eq!(next(&mut pages).await.as_deref(), Some("contoso"));
    assert!(pages.next().await.unwrap().unwrap_err().is_not_found());
    assert!(pages.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_repeated_token_ends_the_stream() {
    let script = Script::repeating(|| page("contoso", "a"));
    let mut pages = client(&script).pages(ListCloudServices::new());
    for _ in 0..2 {
        assert_eq!(next(&mut pages).await.as_deref(), Some("contoso"));
    }
    assert_eq!(pages.next().await.unwrap().unwrap_err().kind(), ErrorKind::InvalidResponse);
    assert!(pages.next().await.is_none());
    assert_eq!(script.times().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_future_loses_no_page() {
    let script = Script::new([page("contoso", "a"), status(503), page("fabrikam", "")]);
    let mut pages = client(&script).pages(ListCloudServices::new());
    next(&mut pages).await;
    let pause = Duration::from_millis(100);
    tokio::time::timeout(pause, pages.next()).await.unwrap_err();
    assert_eq!(next(&mut pages).await.as_deref(), Some("fabrikam"));
    assert_eq!(script.times(), [0, 0, 1]);
}

#[tokio::test(start_paused = true)]
async fn pages_are_a_stream_that_can_cross_threads() {
    fn is_stream<S>(_: &S)
    where
        S: Stream<Item = Result<Page<CloudServices>, Error>> + Send + Unpin,
    {
    }
    let pages = client(&Script::new([])).pages(ListCloudServices::new());
    is_stream(&pages);
    assert!(format!("{pages:?}").contains("List Cloud Services"));
}
