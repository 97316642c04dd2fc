//! Waits that report, that are given up, and that are taken up again.

use std::sync::mpsc;
use std::time::Duration;

use super::{GET, ROLLBACK, STATUS, endpoint, play, rollback, run, watch};
use crate::machine::{
    Instant, LongRunningCall, Machine, OnConflict, OperationHandle, OperationPoller, Poll,
    Progress, Retry, Step,
};
use crate::testing::golden::http_response;
use crate::{Error, ErrorKind, RequestId, SendError};

const ID: &str = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";

/// An observer that writes down what it is shown.
fn notes() -> (impl FnMut(Progress<'_>) + Send + 'static, mpsc::Receiver<String>) {
    let (sender, receiver) = mpsc::channel();
    let observer = move |progress: Progress<'_>| {
        let note = match progress {
            Progress::Blocked(id) => format!("blocked by {id}"),
            Progress::Accepted(work) => format!("accepted {}", work.request_id),
            Progress::Read(status) => status.status.to_string(),
            Progress::Failed(error) => format!("{:?}", error.kind()),
        };
        sender.send(note).expect("the test listens");
    };
    (observer, receiver)
}

fn work() -> OperationHandle {
    let operation = Some("Rollback Update Or Upgrade".to_owned());
    OperationHandle { request_id: RequestId::new(ID), operation }
}

#[test]
fn a_run_reports_each_step_of_the_way() {
    let on_conflict = OnConflict::WaitFor(Poll::default());
    let retry = Retry { on_conflict, ..Retry::never() };
    let (observer, notes) = notes();
    play(
        LongRunningCall::new(&endpoint(), &rollback(), &Poll::default(), &retry)
            .on_progress(observer),
        &format!(
            "0s > {ROLLBACK}
             < 409 ConflictError
             2s > GET /operations/00000000000000000000000000000007
             < 200 InProgress
             5s > GET /operations/00000000000000000000000000000007
             < 200 Succeeded
             5s > {ROLLBACK}
             < 202
             7s > {STATUS}
             < 200 InProgress
             10s > {STATUS}
             < lost
             14.5s > {STATUS}
             < 200 Succeeded
             14.5s done"
        ),
    );
    let notes: Vec<String> = notes.iter().collect();
    assert_eq!(
        notes,
        [
            "blocked by 00000000000000000000000000000007",
            "accepted 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1",
            "InProgress",
            "MaybeSent",
            "Succeeded",
        ]
    );
}

#[test]
fn a_watch_reports_values_and_failures() {
    let (sender, notes) = mpsc::channel();
    let watch = watch(&Poll::default()).on_progress(move |progress| {
        let note = progress.map(|found| found.status.to_string()).map_err(Error::kind);
        sender.send(note).expect("the test listens");
    });
    play(
        watch,
        &format!(
            "0s > {GET}
             < 200 deployment
             2s > {GET}
             < unsent
             5s > {GET}
             < 200 settled
             5s done"
        ),
    );
    let notes: Vec<_> = notes.iter().collect();
    let running = || Ok("Running".to_owned());
    let moving = Ok("RunningTransitioning".to_owned());
    assert_eq!(notes, [moving, Err(ErrorKind::NotSent), running()]);
}

#[test]
fn a_run_that_is_dropped_leaves_a_handle_with_which_another_process_goes_on() {
    let mut run = run();
    assert_eq!(run.handle(), None, "nothing is accepted yet");
    let Step::Send(_) = run.step(Instant::ORIGIN) else { panic!("it sends first") };
    run.receive(Instant::ORIGIN, Ok(http_response(202, "")));
    let Step::WaitUntil(_) = run.step(Instant::ORIGIN) else { panic!("it follows the work") };
    let stored = serde_json::to_string(&run.handle().expect("it is accepted")).unwrap();
    drop(run);

    let resumed: OperationHandle = serde_json::from_str(&stored).unwrap();
    assert_eq!(resumed, work());
    play(
        OperationPoller::resume(&endpoint(), &resumed, &Poll::default(), &Retry::default()),
        &format!(
            "2s > {STATUS}
             < 200 InProgress
             5s > {STATUS}
             < 200 Failed
             5s OperationFailed: Rollback Update Or Upgrade: accepted, but failed later with 400 BadRequest: Port 22 is already in use. (request id {ID}) [may have happened]"
        ),
    );
}

#[test]
fn work_of_an_unknown_operation_can_be_taken_up_too() {
    for stored in [
        format!("{{\"request_id\":\"{ID}\"}}"),
        format!("{{\"request_id\":\"{ID}\",\"operation\":\"Bake\"}}"),
    ] {
        let work: OperationHandle = serde_json::from_str(&stored).unwrap();
        play(
            OperationPoller::resume(&endpoint(), &work, &Poll::default(), &Retry::default()),
            &format!("2s > {STATUS}\n< 200 Succeeded\n2s done"),
        );
    }
}

/// Drives with one result for every request except the first, which is accepted.
fn error_after_acceptance(
    reply: fn() -> crate::machine::TransportResult,
    mut run: impl Machine,
) -> Error {
    let mut now = Instant::ORIGIN;
    let mut replies =
        std::iter::once(Ok(http_response(202, ""))).chain(std::iter::repeat_with(reply));
    for _ in 0..100 {
        match run.step(now) {
            Step::Send(_) => run.receive(now, replies.next().expect("it never ends")),
            Step::WaitUntil(instant) => now = instant,
            Step::Done(outcome) => return outcome.err().expect("it ends badly"),
        }
    }
    panic!("it does not end");
}

#[test]
fn an_error_about_work_that_goes_on_holds_the_handle() {
    let poll = Poll { deadline: Some(Duration::from_secs(9)), ..Poll::default() };
    let run = LongRunningCall::new(&endpoint(), &rollback(), &poll, &Retry::never());
    let error = error_after_acceptance(|| Err(SendError::not_sent("offline")), run);
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(error.handle(), Some(work()));

    let run = LongRunningCall::new(&endpoint(), &rollback(), &poll, &Retry::never());
    let error = error_after_acceptance(|| Ok(http_response(403, "")), run);
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert_eq!(error.handle(), Some(work()));
    assert_eq!(error.verify_with(), Some("Get Deployment"));

    let run = LongRunningCall::new(&endpoint(), &rollback(), &poll, &Retry::never());
    let error = error_after_acceptance(
        || {
            Ok(http_response(
                200,
                "<Operation xmlns=\"http://schemas.microsoft.com/windowsazure\"><ID>1</ID><Status>Failed</Status></Operation>",
            ))
        },
        run,
    );
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
    assert_eq!(error.handle(), None, "it has ended");
}
