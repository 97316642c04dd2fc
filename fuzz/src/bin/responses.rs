//! The response readers of all operations, and what retries and redirects make of a response.
#![cfg_attr(fuzzing, no_main)]

use azure_classic_protocol::machine::{Call, Instant, Machine as _, Retry, Step};
use azure_classic_protocol::{
    Bytes, CloudServiceRef, Endpoint, Operation, OperationVisitor, visit_operations,
};
use http::Response;
use serde::Serialize;

azure_classic_fuzz::target!(check);

fn check(data: &[u8]) {
    let response = azure_classic_fuzz::response(data);
    visit_operations(&mut ReadAsEach(&response));
    call(&response);
}

struct ReadAsEach<'r>(&'r Response<Bytes>);

impl OperationVisitor for ReadAsEach<'_> {
    fn visit<O: Operation>(&mut self)
    where
        O::Output: Serialize,
    {
        let name = O::METADATA.name;
        match (Endpoint::response::<O>(self.0), Endpoint::response_with_unknown::<O>(self.0)) {
            (Ok(plain), Ok((with_unknown, _))) => {
                // Models with maps and floating-point numbers could fail here.
                let plain = serde_json::to_string(&plain).expect(name);
                assert_eq!(plain, serde_json::to_string(&with_unknown).expect(name), "{name}");
            }
            (Err(plain), Err(with_unknown)) => {
                assert_eq!(plain.to_string(), with_unknown.to_string());
            }
            (plain, _) => panic!("{name}: only one of the two reads it: {:?}", plain.err()),
        }
    }
}

/// A read that gets this response each time comes to an end.
fn call(response: &Response<Bytes>) {
    let subscription = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10".parse().expect("a subscription");
    let endpoint = Endpoint::new("https://127.0.0.1:8443", subscription).expect("an endpoint");
    let read = CloudServiceRef::new("contoso").deployment("shop").get();
    let mut call = Call::new(&endpoint, &read, &Retry::default());
    let mut now = Instant::ORIGIN;
    for _ in 0..1000 {
        match call.step(now) {
            Step::Send(_) => call.receive(now, Ok(response.clone())),
            Step::WaitUntil(time) => now = time,
            Step::Done(_) => return,
        }
    }
    panic!("a read with retries does not come to an end");
}
