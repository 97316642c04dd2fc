//! Problems that users of older clients of this API reported, each played once.

use std::time::Duration;

use super::{ROLLBACK, STATUS, call, deployment, endpoint, play, rollback};
use crate::machine::{Instant, LongRunningCall, Machine, Poll, Retry, Step};
use crate::testing::golden::http_response;
use crate::{
    CloudServiceRef, Deployment, Endpoint, Error, ErrorCode, ErrorKind, RequestId, RollbackMode,
    Slot, xml,
};

const NAMESPACE: &str = "xmlns=\"http://schemas.microsoft.com/windowsazure\"";

/// The error with which the machine ends after this response to its first request.
fn error_after(machine: &mut impl Machine, status: u16, body: &str) -> Error {
    let Step::Send(_) = machine.step(Instant::ORIGIN) else { panic!("it sends first") };
    machine.receive(Instant::ORIGIN, Ok(http_response(status, body)));
    match machine.step(Instant::ORIGIN) {
        Step::Done(Err(error)) => error,
        _ => panic!("it ends in an error"),
    }
}

#[test]
fn deadline_taken_for_success() {
    let poll = Poll { deadline: Some(Duration::from_secs(4)), ..Poll::default() };
    play(
        LongRunningCall::new(&endpoint(), &rollback(), &poll, &Retry::default()),
        &format!(
            "0s > {ROLLBACK}
             < 202
             2s > {STATUS}
             < 200 InProgress
             4s > {STATUS}
             < 200 InProgress
             4s TimedOut: Rollback Update Or Upgrade: timed out before the accepted operation had ended; it continues at the service (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1) [may have happened]"
        ),
    );
}

#[test]
fn post_repeated_after_a_lost_response() {
    play(
        call(&rollback()),
        &format!(
            "0s > {ROLLBACK}
             < lost
             0s MaybeSent: Rollback Update Or Upgrade: no response; the request may have reached the service [may have happened]
             because connection reset"
        ),
    );
}

#[test]
fn conflict_without_the_blocking_id() {
    let body = format!(
        "<Error {NAMESPACE}><Code>ConflictError</Code><Message>Windows Azure is currently performing an operation with x-ms-requestid 00000000000000000000000000000007 on this deployment that requires exclusive access.</Message></Error>"
    );
    let error = error_after(&mut call(&rollback()), 409, &body);
    let blocking = RequestId::new("00000000000000000000000000000007");
    assert_eq!(error.conflicting_request_id(), Some(&blocking));
    assert!(error.to_string().contains(blocking.as_str()), "{error}");
}

/// The certificate belongs to the connection, so what the protocol must do is to hand the redirected
/// request to the same transport, unchanged but for its address, and only for hosts of the cloud.
#[test]
fn certificate_lost_at_a_redirect() {
    let operation = deployment().change_configuration("<ServiceConfiguration serviceName=\"c\"/>");
    let mut exchange = call(&operation);
    let Step::Send(first) = exchange.step(Instant::ORIGIN) else { panic!("it sends first") };
    let region = "https://eu.management.example.net/x/?comp=config";
    let redirect = http::Response::builder().status(307).header("Location", region);
    exchange.receive(Instant::ORIGIN, Ok(redirect.body(crate::Bytes::new()).unwrap()));
    let Step::Send(second) = exchange.step(Instant::ORIGIN) else { panic!("it follows") };
    assert_eq!(second.uri(), region);
    assert_eq!(second.method(), first.method());
    assert_eq!(second.headers(), first.headers());
    assert!(!second.body().is_empty());
    assert_eq!(second.body(), first.body());
}

#[test]
fn service_error_without_code_and_request_id() {
    let body = format!("<Error {NAMESPACE}><Code>BadRequest</Code><Message>No.</Message></Error>");
    let error = error_after(&mut call(&rollback()), 400, &body);
    let said = error.service_error().expect("the service spoke");
    assert_eq!(said.code(), &ErrorCode::BadRequest);
    assert_eq!(
        error.to_string(),
        "Rollback Update Or Upgrade: the service responded with 400 BadRequest: No. (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)"
    );
    // A proxy's page has no code, and the request id is there all the same.
    let error = error_after(&mut call(&rollback()), 502, "<html>Bad gateway</html>");
    assert_eq!(error.request_id(), Some(&RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1")));
    assert!(error.to_string().contains("502"), "{error}");
}

#[test]
fn zero_dropped_from_a_body() {
    let request = endpoint().request(&deployment().walk_upgrade_domain(0)).unwrap();
    let body = std::str::from_utf8(request.body()).unwrap();
    assert!(body.contains("<UpgradeDomain>0</UpgradeDomain>"), "{body}");
}

#[test]
fn wrong_slot_touched_because_the_name_changed_after_a_swap() {
    let production = CloudServiceRef::new("c").slot(Slot::Production);
    let read =
        format!("<Deployment {NAMESPACE}><Name>a</Name><Status>Running</Status></Deployment>");
    let read: Deployment = xml::from_slice(read.as_bytes()).unwrap();
    // The rollback goes to the deployment that was read, whichever production contains by now.
    let release = production.by_name_of(&read);
    play(
        LongRunningCall::new(
            &endpoint(),
            &release.rollback(RollbackMode::Auto),
            &Poll::default(),
            &Retry::default(),
        ),
        &format!("0s > {ROLLBACK}\n< 200\n0s done"),
    );
    // Where it is gone, the call fails instead of touching another.
    let gone =
        format!("<Error {NAMESPACE}><Code>ResourceNotFound</Code><Message>x</Message></Error>");
    let error = error_after(&mut call(&release.rollback(RollbackMode::Auto)), 404, &gone);
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.is_not_found() && !error.may_have_applied());
}

#[test]
fn accepted_called_success() {
    let response = http_response(202, "");
    let accepted = Endpoint::response::<crate::RollbackUpdateOrUpgrade>(&response).unwrap();
    assert!(!accepted.is_finished());
}
