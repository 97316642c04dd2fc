use http::Response;

use super::*;
use crate::testing::golden::endpoint;
use crate::{Bytes, ListCloudServices, Operation};

/// Reads all pages. Each response is a status, the name of the only cloud service on the page, and the token
/// of the next page. Returns a line per request and per page, and the outcome.
fn play(responses: &[(u16, &str, &str)]) -> Vec<String> {
    let mut responses = responses.iter();
    let mut log = Vec::new();
    let mut now = Instant::ORIGIN;
    let mut rest = Some(Pages::new(&endpoint(), ListCloudServices::new(), &Retry::default()));
    while let Some(mut pages) = rest {
        rest = loop {
            match pages.step(now) {
                Step::Send(request) => {
                    let token = request.headers().get("x-ms-continuation-token");
                    log.push(format!("> {}", token.map_or("", |token| token.to_str().unwrap())));
                    pages
                        .receive(now, Ok(http_response(responses.next().expect("another answer"))));
                }
                Step::WaitUntil(time) => now = time,
                Step::Done(Ok(turned)) => {
                    let services = turned.page.content.0.iter();
                    log.extend(services.map(|service| format!("< {}", service.service_name)));
                    break turned.next;
                }
                Step::Done(Err(error)) => {
                    log.push(error.to_string());
                    assert_eq!(error.operation(), Some(ListCloudServices::METADATA.name));
                    break None;
                }
            }
        };
    }
    assert_eq!(responses.next(), None, "every response was requested");
    log
}

fn http_response((status, name, token): &(u16, &str, &str)) -> Response<Bytes> {
    let body = match (status, *name) {
        (200, "") => "<HostedServices xmlns=\"http://schemas.microsoft.com/windowsazure\"/>".into(),
        (200, name) => format!(
            "<HostedServices xmlns=\"http://schemas.microsoft.com/windowsazure\"><HostedService><ServiceName>{name}</ServiceName></HostedService></HostedServices>"
        ),
        _ => String::new(),
    };
    let mut response = Response::builder().status(*status);
    if !token.is_empty() {
        response = response.header("x-ms-continuation-token", *token);
    }
    response.body(Bytes::from(body)).unwrap()
}

#[test]
fn a_single_page_is_one_request() {
    assert_eq!(play(&[(200, "contoso", "")]), ["> ", "< contoso"]);
}

#[test]
fn each_page_is_requested_for_with_the_token_of_the_one_before() {
    assert_eq!(
        play(&[(200, "contoso", "a"), (200, "", "b"), (200, "fabrikam", "")]),
        ["> ", "< contoso", "> a", "> b", "< fabrikam"]
    );
}

#[test]
fn each_page_has_its_own_retries() {
    let busy = (503, "", "");
    assert_eq!(
        play(&[busy, busy, busy, busy, (200, "contoso", "a"), busy, busy, (200, "fabrikam", "")]),
        ["> ", "> ", "> ", "> ", "> ", "< contoso", "> a", "> a", "> a", "< fabrikam"]
    );
}

#[test]
fn an_error_ends_the_pages() {
    let log = play(&[(200, "contoso", "a"), (404, "", "")]);
    assert_eq!(log[..3], ["> ", "< contoso", "> a"]);
    assert!(
        log[3].starts_with("List Cloud Services: the service responded with 404"),
        "{}",
        log[3]
    );
}

#[test]
fn a_token_that_leads_round_ends_the_pages_with_an_error() {
    const ROUND: &str = "List Cloud Services: invalid response (200): its continuation token \
                         repeats an earlier one, so the pages would never end";
    assert_eq!(
        play(&[(200, "contoso", "a"), (200, "fabrikam", "a")]),
        ["> ", "< contoso", "> a", "< fabrikam", ROUND]
    );
    assert_eq!(
        play(&[(200, "x", "a"), (200, "y", "b"), (200, "z", "a")]),
        ["> ", "< x", "> a", "< y", "> b", "< z", ROUND]
    );
}

#[test]
fn debug_says_how_far_it_is() {
    let pages = Pages::new(&endpoint(), ListCloudServices::new(), &Retry::default());
    let shown = format!("{pages:?}");
    assert!(shown.contains("List Cloud Services") && shown.contains("turned: 0"), "{shown}");
}
