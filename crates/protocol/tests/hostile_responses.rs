//! Responses of every kind, at the seam: they are read or refused, and never a panic.

use std::error::Error as _;
use std::time::Duration;

use azure_classic_protocol::machine::{Call, Instant, Machine, OperationPoller, Poll, Retry, Step};
use azure_classic_protocol::{
    Bytes, CloudServiceRef, Endpoint, Operation, OperationVisitor, RequestId, RollbackMode,
    visit_operations,
};
use http::{HeaderName, HeaderValue, Response};
use proptest::prelude::*;

/// Reads a response as every operation would.
struct ReadAll<'a>(&'a Response<Bytes>);

impl OperationVisitor for ReadAll<'_> {
    fn visit<O: Operation>(&mut self) {
        if let Err(error) = Endpoint::response::<O>(self.0) {
            let text = error.to_string();
            assert!(text.contains(O::METADATA.name), "{text} does not name {}", O::METADATA.name);
            assert!(text.len() < 20_000, "an error is not as long as what it is about");
            let _ = (format!("{error:?}"), error.source().map(ToString::to_string));
        }
    }
}

fn endpoint() -> Endpoint {
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().unwrap();
    Endpoint::new("https://management.example.net", subscription).unwrap()
}

/// Gives the machine the same response until it ends, or has taken its share of steps.
fn drive<M: Machine>(mut machine: M, response: &Response<Bytes>) {
    let mut now = Instant::ORIGIN;
    for _ in 0..200 {
        match machine.step(now) {
            Step::Send(_) => machine.receive(now, Ok(response.clone())),
            Step::WaitUntil(instant) => {
                assert!(instant > now, "a wait for the past would spin");
                now = instant;
            }
            Step::Done(_) => return,
        }
    }
    panic!("the machine does not end");
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let names = ["Error", "Deployment", "HostedService", "Operation", "RoleInstanceList", "Code"];
    let tag = (prop::sample::select(names.to_vec()), "[ -~]{0,12}").prop_map(|(name, text)| {
        format!("<{name} xmlns='http://schemas.microsoft.com/windowsazure'>{text}</{name}>")
    });
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..2000),
        prop::collection::vec(tag, 0..6).prop_map(|tags| tags.concat().into_bytes()),
        "<(Error|html|Deployment)[ -~]{0,200}".prop_map(String::into_bytes),
        (1_usize..20_000).prop_map(|depth| "<a>".repeat(depth).into_bytes()),
        (1_usize..20_000).prop_map(|length| vec![b'x'; length]),
    ]
}

fn header() -> impl Strategy<Value = (HeaderName, HeaderValue)> {
    let names = [
        "location",
        "retry-after",
        "date",
        "x-ms-request-id",
        "x-ms-continuation-token",
        "content-encoding",
    ];
    let value = prop_oneof![
        prop::collection::vec(prop_oneof![Just(9_u8), 32_u8..=126, 128_u8..=255], 0..200),
        Just(b"99999999999999999999".to_vec()),
        Just(b"Fri, 31 Dec 9999 23:59:59 GMT".to_vec()),
        Just(b"//management.example.net/x".to_vec()),
        Just(vec![b'x'; 9000]),
    ];
    (prop::sample::select(names.to_vec()), value).prop_map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_bytes(&value).expect("it may stand there"),
        )
    })
}

fn response() -> impl Strategy<Value = Response<Bytes>> {
    let status =
        prop_oneof![100_u16..1000, prop::sample::select(vec![200, 202, 307, 404, 409, 503])];
    (status, prop::collection::vec(header(), 0..5), body()).prop_map(|(status, headers, body)| {
        let mut response = Response::builder().status(status).body(Bytes::from(body)).unwrap();
        response.headers_mut().extend(headers);
        response
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_operation_reads_or_refuses_any_response(response in response()) {
        visit_operations(&mut ReadAll(&response));
    }

    #[test]
    fn every_call_comes_to_an_end_whatever_the_responses(response in response()) {
        let contoso = CloudServiceRef::new("contoso");
        let deployment = contoso.deployment("a");
        let retry = Retry::default();
        drive(Call::new(&endpoint(), &deployment.get(), &retry), &response);
        drive(Call::new(&endpoint(), &deployment.rollback(RollbackMode::Auto), &retry), &response);
        let poll = Poll { deadline: Some(Duration::from_secs(600)), ..Poll::default() };
        let work = RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1");
        drive(OperationPoller::new(&endpoint(), work, &poll, &retry), &response);
    }
}
