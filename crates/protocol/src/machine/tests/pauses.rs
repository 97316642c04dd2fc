//! Pauses that the service requests during a wait.

use std::time::Duration;

use super::{GET, STATUS, endpoint, play, watch};
use crate::RequestId;
use crate::machine::{OperationPoller, Poll, Retry};

fn tracker(poll: &Poll) -> OperationPoller {
    let work = RequestId::new("4f3a9cbde01c4d24a6b1ca5ed9a3a2b1");
    OperationPoller::new(&endpoint(), work, poll, &Retry::never())
}

#[test]
fn an_response_that_requests_for_a_pause_gets_it_whatever_it_says() {
    play(
        tracker(&Poll::default()),
        &format!(
            "2s > {STATUS}
             < 200 InProgress Retry-After=20
             22s > {STATUS}
             < 202 InProgress Retry-After=1
             26.5s > {STATUS}
             < 503 ServerBusy Retry-After=40
             66.5s > {STATUS}
             < 500 InternalError
             76.625s > {STATUS}
             < 200 Succeeded
             76.625s done"
        ),
    );
}

#[test]
fn a_pause_that_was_requested_for_is_taken_once() {
    play(
        watch(&Poll::default()),
        &format!(
            "0s > {GET}
             < 200 deployment Retry-After=60
             60s > {GET}
             < lost
             63s > {GET}
             < 200 settled
             63s done"
        ),
    );
}

#[test]
fn the_last_request_is_requested_when_the_time_is_up_whatever_pause_is_requested_for() {
    let poll = Poll { deadline: Some(Duration::from_secs(10)), ..Poll::default() };
    play(
        tracker(&poll),
        &format!(
            "2s > {STATUS}
             < 200 InProgress Retry-After=3600
             10s > {STATUS}
             < 200 Succeeded
             10s done"
        ),
    );
}
