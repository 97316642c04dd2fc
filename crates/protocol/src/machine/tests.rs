//! Conversations, each readable as a log: see `testing::conversation`.

mod conflicts;
mod failures;
mod gateway;
mod pauses;
mod progress;
mod reconcile;
mod redirects;

use super::{
    Call, Instant, LongRunningCall, Machine, OperationPoller, Poll, PollUntil, Retry, Step,
};
use crate::testing::conversation::play;
use crate::testing::golden::endpoint;
use crate::{
    AsLongRunning, CloudServiceRef, Deployment, DeploymentRef, Error, ErrorKind, GetDeployment,
    Operation, Placement, RequestId, RollbackMode, RollbackUpdateOrUpgrade, SendError,
};

fn deployment() -> DeploymentRef {
    CloudServiceRef::new("c").deployment("a")
}

fn rollback() -> RollbackUpdateOrUpgrade {
    deployment().rollback(RollbackMode::Auto)
}

fn call<O: Operation>(operation: &O) -> Call<O> {
    Call::new(&endpoint(), operation, &Retry::default())
}

fn run() -> LongRunningCall<RollbackUpdateOrUpgrade> {
    LongRunningCall::new(&endpoint(), &rollback(), &Poll::default(), &Retry::default())
}

fn watch(poll: &Poll) -> PollUntil<GetDeployment, fn(&Deployment) -> bool> {
    let settled: fn(&Deployment) -> bool = Deployment::is_settled;
    PollUntil::new(&endpoint(), &deployment().get(), settled, poll, &Retry::never())
}

const GET: &str = "GET /services/hostedservices/c/deployments/a";
const ROLLBACK: &str = "POST /services/hostedservices/c/deployments/a/?comp=rollback";
const STATUS: &str = "GET /operations/4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";

#[test]
fn a_read_is_requested_again_whatever_became_of_it() {
    play(
        call(&deployment().get()),
        &format!(
            "0s > {GET}
             < unsent
             1s > {GET}
             < lost
             3s > {GET}
             < 500 InternalError
             7s > {GET}
             < 503 TooManyRequests
             15s > {GET}
             < 200 settled
             15s done"
        ),
    );
    for status in ["408", "429", "500", "502", "503", "504"] {
        play(
            call(&deployment().get()),
            &format!("0s > {GET}\n< {status} x\n1s > {GET}\n< 200 settled\n1s done"),
        );
    }
}

#[test]
fn a_write_that_certainly_did_not_arrive_is_retried() {
    play(
        call(&rollback()),
        &format!(
            "0s > {ROLLBACK}
             < unsent
             1s > {ROLLBACK}
             < 202
             1s done"
        ),
    );
}

#[test]
fn an_ambiguous_write_is_not_retried() {
    play(
        call(&rollback()),
        &format!(
            "0s > {ROLLBACK}
             < lost
             0s MaybeSent: Rollback Update Or Upgrade: no response; the request may have reached the service [may have happened]
             because connection reset"
        ),
    );
    play(
        call(&rollback()),
        &format!(
            "0s > {ROLLBACK}
             < 500 InternalError
             0s Rejected: Rollback Update Or Upgrade: the service responded with 500 InternalError: words (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1) [may have happened]"
        ),
    );
}

#[test]
fn a_change_is_repeated_only_after_an_response_that_says_busy() {
    for status in ["429", "503"] {
        play(
            call(&rollback()),
            &format!("0s > {ROLLBACK}\n< {status} x\n1s > {ROLLBACK}\n< 202\n1s done"),
        );
    }
    for status in ["408", "500", "502", "504"] {
        play(
            call(&rollback()),
            &format!(
                "0s > {ROLLBACK}
                 < {status} x
                 0s Rejected: Rollback Update Or Upgrade: the service responded with {status} x: words (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1) [may have happened]"
            ),
        );
    }
}

#[test]
fn permanent_failures_are_not_retried() {
    let outcome = format!(
        "0s > {GET}
         < hopeless
         0s NotSent: Get Deployment: cannot send the request
         because the server is not trusted"
    );
    play(call(&deployment().get()), &outcome);
    play(watch(&Poll::default()), &outcome);
}

#[test]
fn a_busy_service_is_given_time_and_the_time_that_it_requests_for() {
    play(
        call(&rollback()),
        &format!(
            "0s > {ROLLBACK}
             < 503 ServerBusy Retry-After=20
             20s > {ROLLBACK}
             < 503 TooManyRequests
             22s > {ROLLBACK}
             < 202
             22s done"
        ),
    );
}

#[test]
fn attempts_come_to_an_end() {
    play(
        call(&rollback()),
        &format!(
            "0s > {ROLLBACK}
             < 503 ServerBusy
             1s > {ROLLBACK}
             < 503 ServerBusy
             3s > {ROLLBACK}
             < 503 ServerBusy
             7s > {ROLLBACK}
             < 503 ServerBusy
             15s > {ROLLBACK}
             < 503 ServerBusy
             15s Rejected: Rollback Update Or Upgrade: the service responded with 503 ServerBusy: words (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)"
        ),
    );
}

#[test]
fn the_budget_comes_to_an_end_too() {
    play(
        call(&rollback()),
        &format!(
            "0s > {ROLLBACK}
             < 503 ServerBusy Retry-After=90
             90s > {ROLLBACK}
             < 503 ServerBusy Retry-After=60
             90s Rejected: Rollback Update Or Upgrade: the service responded with 503 ServerBusy: words (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)"
        ),
    );
}

#[test]
fn a_conflict_names_the_request_that_blocks() {
    let mut exchange = call(&rollback());
    let Step::Send(_) = exchange.step(Instant::ORIGIN) else { panic!("it sends first") };
    let body = "<Error xmlns=\"http://schemas.microsoft.com/windowsazure\"><Code>ConflictError</Code><Message>Windows Azure is currently performing an operation with x-ms-requestid 00000000000000000000000000000007 on this deployment that requires exclusive access.</Message></Error>";
    exchange.receive(Instant::ORIGIN, Ok(crate::testing::golden::http_response(409, body)));
    let Step::Done(Err(error)) = exchange.step(Instant::ORIGIN) else { panic!("it is refused") };
    assert!(error.is_conflict());
    assert!(!error.may_have_applied());
    assert_eq!(
        error.conflicting_request_id(),
        Some(&RequestId::new("00000000000000000000000000000007"))
    );
}

#[test]
fn an_invalid_request_ends_before_anything_is_sent() {
    play(
        call(&CloudServiceRef::new("a/b").delete()),
        "0s Invalid: Delete Cloud Service: the cloud service name \"a/b\" has '/'; a name consists of letters, digits and hyphens",
    );
    let empty = CloudServiceRef::new("").deployment("a");
    let watch =
        PollUntil::new(&endpoint(), &empty.get(), |_| true, &Poll::default(), &Retry::default());
    play(
        watch,
        "0s Invalid: Get Deployment: the cloud service name \"\" is empty; give the DNS prefix of the cloud service",
    );
}

#[test]
fn a_reply_that_is_not_handed_in_counts_as_lost() {
    let mut exchange = call(&rollback());
    let Step::Send(_) = exchange.step(Instant::ORIGIN) else { panic!("it sends first") };
    let Step::Done(Err(error)) = exchange.step(Instant::ORIGIN) else { panic!("it ends") };
    assert_eq!(error.kind(), ErrorKind::MaybeSent);
    assert!(error.may_have_applied());
}

#[test]
fn an_unrequested_response_is_ignored() {
    let mut exchange = call(&rollback());
    exchange.receive(Instant::ORIGIN, Err(SendError::not_sent("early")));
    assert!(matches!(exchange.step(Instant::ORIGIN), Step::Send(_)));
}

#[test]
fn accepted_work_is_followed_to_its_end() {
    play(
        run(),
        &format!(
            "0s > {ROLLBACK}
             < 202
             2s > {STATUS}
             < 404 ResourceNotFound
             5s > {STATUS}
             < 200 InProgress
             9.5s > {STATUS}
             < 200 Pondering
             16.25s > {STATUS}
             < 200 Succeeded
             16.25s done"
        ),
    );
}

#[test]
fn work_that_is_finished_at_once_is_not_followed() {
    play(run(), &format!("0s > {ROLLBACK}\n< 200\n0s done"));
    play(run(), &format!("0s > {ROLLBACK}\n< 200 nameless\n0s done"));
}

#[test]
fn what_is_synchronous_here_and_accepted_there_can_be_run_in_both_places() {
    const DELETE: &str = "DELETE /services/hostedservices/c";
    let run = || {
        let delete = AsLongRunning(CloudServiceRef::new("c").delete());
        LongRunningCall::new(&endpoint(), &delete, &Poll::default(), &Retry::default())
    };
    play(run(), &format!("0s > {DELETE}\n< 200\n0s done"));
    play(run(), &format!("0s > {DELETE}\n< 202\n2s > {STATUS}\n< 200 Succeeded\n2s done"));
    play(
        LongRunningCall::new(
            &endpoint(),
            &AsLongRunning(
                CloudServiceRef::new("c").create(Placement::Location("here".into()), "shop"),
            ),
            &Poll::default(),
            &Retry::default(),
        ),
        "0s > POST /services/hostedservices\n< 201\n0s done",
    );
}

#[test]
fn work_that_fails_is_an_error_in_the_words_of_the_service() {
    play(
        run(),
        &format!(
            "0s > {ROLLBACK}
             < 202
             2s > {STATUS}
             < 200 Failed
             2s OperationFailed: Rollback Update Or Upgrade: accepted, but failed later with 400 BadRequest: Port 22 is already in use. (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1) [may have happened]"
        ),
    );
}

#[test]
fn a_refused_request_does_not_hide_that_the_work_was_accepted() {
    play(
        run(),
        &format!(
            "0s > {ROLLBACK}
             < 202
             2s > {STATUS}
             < 403 ForbiddenError
             2s Rejected: Rollback Update Or Upgrade was accepted, but its status cannot be read: Get Operation Status: the service responded with 403 ForbiddenError: words (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1) [may have happened]"
        ),
    );
}

#[test]
fn an_response_without_request_id_cannot_be_followed_and_says_so() {
    play(
        run(),
        &format!(
            "0s > {ROLLBACK}
             < 202 nameless
             0s InvalidResponse: Rollback Update Or Upgrade: invalid response (202): it has no x-ms-request-id header, so the accepted operation cannot be polled; read the state to see its progress [may have happened]"
        ),
    );
}

#[test]
fn a_deadline_is_never_success_and_names_the_work() {
    let poll = Poll { deadline: Some(std::time::Duration::from_secs(6)), ..Poll::default() };
    let work = RequestId::new("4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1");
    play(
        OperationPoller::new(&endpoint(), work, &poll, &Retry::default()),
        &format!(
            "2s > {STATUS}
             < 200 InProgress
             5s > {STATUS}
             < 200 InProgress
             6s > {STATUS}
             < 200 InProgress
             6s TimedOut: Get Operation Status: timed out before the accepted operation had ended; it continues at the service (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1) [may have happened]"
        ),
    );
}

#[test]
fn a_watch_outlives_failures_that_may_pass() {
    play(
        watch(&Poll::default()),
        &format!(
            "0s > {GET}
             < 200 deployment
             2s > {GET}
             < lost
             5s > {GET}
             < 503 ServerBusy
             9.5s > {GET}
             < 200 settled
             9.5s done"
        ),
    );
}

#[test]
fn a_watch_that_times_out_keeps_its_last_reading() {
    let poll = Poll { deadline: Some(std::time::Duration::from_secs(2)), ..Poll::default() };
    for (replies, source) in [
        (["< 200 deployment", "< 200 deployment"], ""),
        (["< 200 deployment", "< 503 ServerBusy"], "\nbecause"),
    ] {
        let mut machine = watch(&Poll { tolerated_failures: 9, ..poll.clone() });
        let mut replies = replies.into_iter();
        let mut now = Instant::ORIGIN;
        let error = loop {
            match machine.step(now) {
                Step::Send(_) => {
                    let reply = replies.next().unwrap_or("< unsent").trim_start_matches("< ");
                    machine.receive(now, crate::testing::conversation::parse(reply));
                }
                Step::WaitUntil(instant) => now = instant,
                Step::Done(outcome) => break outcome.unwrap_err(),
            }
        };
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(error.to_string(), "Get Deployment: timed out before the condition held");
        assert_eq!(std::error::Error::source(&error).is_some(), !source.is_empty());
        let last = error.last_reading::<Deployment>().expect("a deployment was read");
        assert_eq!(last.name, "a");
        assert!(error.last_reading::<crate::OperationStatus>().is_none(), "it is no deployment");
        assert!(error.handle().is_none(), "nothing of the watch goes on");
    }
}

#[test]
fn a_watch_that_has_read_nothing_keeps_nothing() {
    let poll = Poll { deadline: Some(std::time::Duration::ZERO), ..Poll::default() };
    let mut machine = watch(&poll);
    let Step::Send(_) = machine.step(Instant::ORIGIN) else { panic!("it sends first") };
    machine.receive(Instant::ORIGIN, Err(SendError::ambiguous("connection reset")));
    let mut now = Instant::ORIGIN;
    let error = loop {
        match machine.step(now) {
            Step::Send(_) => machine.receive(now, Err(SendError::ambiguous("connection reset"))),
            Step::WaitUntil(instant) => now = instant,
            Step::Done(outcome) => break outcome.unwrap_err(),
        }
    };
    assert!(error.last_reading::<Deployment>().is_none());
}

#[test]
fn a_watch_ends_when_failures_do_not_pass() {
    let poll = Poll { tolerated_failures: 1, ..Poll::default() };
    play(
        watch(&poll),
        &format!(
            "0s > {GET}
             < unsent
             2s > {GET}
             < unsent
             2s NotSent: Get Deployment: cannot send the request
             because connection refused"
        ),
    );
    play(
        watch(&poll),
        &format!(
            "0s > {GET}
             < 404 ResourceNotFound
             0s Rejected: Get Deployment: the service responded with 404 ResourceNotFound: words (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)"
        ),
    );
}

#[test]
fn a_deadline_keeps_the_last_failure_as_its_source() {
    let poll = Poll { deadline: Some(std::time::Duration::from_secs(1)), ..Poll::default() };
    let mut machine = watch(&poll);
    let mut now = Instant::ORIGIN;
    let error: Error = loop {
        match machine.step(now) {
            Step::Send(_) => machine.receive(now, Err(SendError::not_sent("connection refused"))),
            Step::WaitUntil(instant) => now = instant,
            Step::Done(outcome) => break outcome.unwrap_err(),
        }
    };
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "Get Deployment: cannot send the request");
}
