//! Operations on gateways, which have their own poller.

use std::time::Duration;

use super::{endpoint, play};
use crate::machine::{GatewayOperationPoller, Poll, Retry};

const ID: &str = "4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1";
const STATUS: &str = "GET /services/networking/operation/4f3a9cbd-e01c-4d24-a6b1-ca5ed9a3a2b1";

fn tracker(seconds: u64) -> GatewayOperationPoller {
    let poll = Poll { deadline: Some(Duration::from_secs(seconds)), ..Poll::default() };
    GatewayOperationPoller::new(&endpoint(), ID, &poll, &Retry::never())
}

#[test]
fn it_ends_when_the_work_was_successful_and_not_before() {
    play(
        tracker(3600),
        &format!(
            "2s > {STATUS}
             < 404 ResourceNotFound
             5s > {STATUS}
             < 200 gateway=InProgress
             9.5s > {STATUS}
             < 200 gateway=Succeeded
             16.25s > {STATUS}
             < 503 ServerBusy
             26.375s > {STATUS}
             < 200 gateway=Successful
             26.375s done"
        ),
    );
}

#[test]
fn failed_work_is_an_error_with_the_status_that_the_word_stands_for() {
    play(
        tracker(3600),
        &format!(
            "2s > {STATUS}
             < 200 gateway=Failed
             2s OperationFailed: accepted, but failed later with 400 without the service's error body: the service gives no reason (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1) [may have happened]"
        ),
    );
}

#[test]
fn a_deadline_is_never_success() {
    play(
        tracker(3),
        &format!(
            "2s > {STATUS}
             < 200 gateway=InProgress
             3s > {STATUS}
             < 200 gateway=InProgress
             3s TimedOut: Get Gateway (networking) Operation Status: timed out before the accepted operation had ended; it continues at the service (request id 4f3a9cbde01c4d24a6b1ca5ed9a3a2b1) [may have happened]"
        ),
    );
}

#[test]
fn an_observer_sees_every_status() {
    let (sender, seen) = std::sync::mpsc::channel();
    let tracker = tracker(3600).on_progress(move |progress| {
        let note = progress.map_or("trouble".to_owned(), |found| found.status.to_string());
        sender.send(note).expect("the test listens");
    });
    assert_eq!(tracker.id(), ID);
    play(
        tracker,
        &format!(
            "2s > {STATUS}
             < lost
             5s > {STATUS}
             < 200 gateway=Successful
             5s done"
        ),
    );
    let seen: Vec<String> = seen.iter().collect();
    assert_eq!(seen, ["trouble", "Successful"]);
}
