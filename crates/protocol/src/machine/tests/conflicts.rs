//! A call that another operation blocks.

use std::time::Duration;

use super::{ROLLBACK, endpoint, play, rollback};
use crate::RollbackUpdateOrUpgrade;
use crate::machine::{Call, Instant, LongRunningCall, Machine, OnConflict, Poll, Retry, Step};

const STATUS7: &str = "GET /operations/00000000000000000000000000000007";
const STATUS8: &str = "GET /operations/00000000000000000000000000000008";
const REFUSED: &str = "Rejected: Rollback Update Or Upgrade: the service responded with 409 ConflictError: Windows Azure is currently performing an operation with x-ms-requestid 00000000000000000000000000000007 on this deployment that requires exclusive access. (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)";

fn patient_for(seconds: u64) -> Retry {
    let deadline = Some(Duration::from_secs(seconds));
    let on_conflict = OnConflict::WaitFor(Poll { deadline, ..Poll::default() });
    Retry { on_conflict, ..Retry::default() }
}

fn call(retry: &Retry) -> Call<RollbackUpdateOrUpgrade> {
    Call::new(&endpoint(), &rollback(), retry)
}

#[test]
fn a_conflict_ends_the_call_unless_reported_otherwise() {
    play(call(&Retry::default()), &format!("0s > {ROLLBACK}\n< 409 ConflictError\n0s {REFUSED}"));
}

#[test]
fn the_very_operation_that_blocks_is_waited_for_and_the_call_made_again() {
    play(
        call(&patient_for(3600)),
        &format!(
            "0s > {ROLLBACK}
             < 409 ConflictError
             2s > {STATUS7}
             < 200 InProgress
             5s > {STATUS7}
             < 200 Succeeded
             5s > {ROLLBACK}
             < 202
             5s done"
        ),
    );
}

#[test]
fn it_does_not_matter_how_the_operation_that_blocks_ends() {
    play(
        call(&patient_for(3600)),
        &format!(
            "0s > {ROLLBACK}
             < 409 ConflictError
             2s > {STATUS7}
             < 200 Failed
             2s > {ROLLBACK}
             < 202
             2s done"
        ),
    );
}

#[test]
fn one_operation_after_the_other_is_waited_for_within_one_deadline() {
    play(
        call(&patient_for(6)),
        &format!(
            "0s > {ROLLBACK}
             < 409 ConflictError8
             2s > {STATUS8}
             < 200 Succeeded
             2s > {ROLLBACK}
             < 409 ConflictError
             4s > {STATUS7}
             < 200 InProgress
             6s > {STATUS7}
             < 200 InProgress
             6s {REFUSED}
             because Get Operation Status: timed out before the accepted operation had ended; it continues at the service (request id 00000000000000000000000000000007)"
        ),
    );
}

#[test]
fn an_operation_that_has_ended_and_still_blocks_is_a_matter_of_attempts() {
    let retry = Retry { attempts: 2, ..patient_for(3600) };
    play(
        call(&retry),
        &format!(
            "0s > {ROLLBACK}
             < 409 ConflictError
             2s > {STATUS7}
             < 200 Succeeded
             2s > {ROLLBACK}
             < 409 ConflictError
             3s > {ROLLBACK}
             < 409 ConflictError
             3s {REFUSED}"
        ),
    );
}

#[test]
fn an_operation_that_cannot_be_followed_ends_the_call_with_the_conflict() {
    play(
        call(&patient_for(3600)),
        &format!(
            "0s > {ROLLBACK}
             < 409 ConflictError
             2s > {STATUS7}
             < 403 ForbiddenError
             2s {REFUSED}
             because Get Operation Status: the service responded with 403 ForbiddenError: words (request id 00000000000000000000000000000007)"
        ),
    );
}

#[test]
fn a_conflict_that_names_no_request_cannot_be_waited_for() {
    play(
        call(&patient_for(3600)),
        &format!(
            "0s > {ROLLBACK}
             < 409 BadRequest
             0s Rejected: Rollback Update Or Upgrade: the service responded with 409 BadRequest: words (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)"
        ),
    );
}

#[test]
fn the_waiting_costs_nothing_of_the_budget_for_attempts() {
    let retry = Retry { max_elapsed: Duration::from_secs(1), ..patient_for(3600) };
    play(
        call(&retry),
        &format!(
            "0s > {ROLLBACK}
             < 409 ConflictError
             2s > {STATUS7}
             < 200 Succeeded
             2s > {ROLLBACK}
             < 503 ServerBusy
             3s > {ROLLBACK}
             < 503 ServerBusy
             3s Rejected: Rollback Update Or Upgrade: the service responded with 503 ServerBusy: words (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1)"
        ),
    );
}

#[test]
fn a_lost_response_after_the_waiting_is_as_doubtful_as_any() {
    play(
        LongRunningCall::new(&endpoint(), &rollback(), &Poll::default(), &patient_for(3600)),
        &format!(
            "0s > {ROLLBACK}
             < 409 ConflictError
             2s > {STATUS7}
             < 200 Succeeded
             2s > {ROLLBACK}
             < lost
             2s MaybeSent: Rollback Update Or Upgrade: no response; the request may have reached the service [may have happened]
             because connection reset"
        ),
    );
}

#[test]
fn who_drives_can_see_what_blocks() {
    let mut exchange = call(&patient_for(60));
    let Step::Send(_) = exchange.step(Instant::ORIGIN) else { panic!("it sends first") };
    assert_eq!(exchange.blocked_by(), None);
    let body = "<Error xmlns=\"http://schemas.microsoft.com/windowsazure\"><Code>ConflictError</Code><Message>held by x-ms-requestid 00000000000000000000000000000007</Message></Error>";
    exchange.receive(Instant::ORIGIN, Ok(crate::testing::golden::http_response(409, body)));
    let blocking = exchange.blocked_by().expect("it is blocked");
    assert_eq!(blocking.as_str(), "00000000000000000000000000000007");
}
