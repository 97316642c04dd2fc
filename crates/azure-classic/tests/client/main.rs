//! Tests the client with a scripted transport under tokio's paused clock.

mod mock_transport;
mod pages;
mod rollout;

use std::time::Duration;

use azure_classic::protocol::machine::{Instant, Step};
use azure_classic::{
    Client, CloudServiceRef, Deployment, DeploymentRef, Endpoint, Error, ErrorKind, HttpsTransport,
    Machine, OperationState, Poll, Progress, RequestId, Retry, RollbackMode, SendError, Slot,
    Transport, TransportError, TransportErrorKind, TransportResult, VerifiedOutcome,
};

use crate::mock_transport::{Script, accepted, deployment, operation, status};

const ID: &str = "4f3a9cbde01c4d24a6b1ca5ed9a3a2b1";
const SUBSCRIPTION: &str = "8a1e2f44-0c5b-4d0e-9a57-3f1f0f6f2b10";

fn client(script: &Script) -> Client {
    let endpoint =
        Endpoint::new("https://management.example.net", SUBSCRIPTION.parse().unwrap()).unwrap();
    Client::new(endpoint, script.clone())
}

fn production() -> DeploymentRef {
    CloudServiceRef::new("contoso").slot(Slot::Production)
}

#[test]
fn futures_can_cross_threads() {
    fn is_send<T: Send>(_: &T) {}
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let azure = client(&Script::new([]));
        is_send(&azure.send(production().get()));
        is_send(&azure.run(production().rollback(RollbackMode::Auto)));
        is_send(&azure.send_verified(production().delete()));
        is_send(&azure.wait(&RequestId::new(ID)));
        is_send(&azure.poll_until(production().get(), Deployment::is_settled));
    });
}

#[tokio::test(start_paused = true)]
async fn a_call_is_sent_once_and_its_response_is_read() {
    let script = Script::new([deployment("Running")]);
    let read = client(&script).send(production().get()).await.unwrap();
    assert_eq!(read.name, "release-42");
    assert_eq!(
        script.sent(),
        [format!(
            "0 s: GET /{SUBSCRIPTION}/services/hostedservices/contoso/deploymentslots/Production"
        )]
    );
}

#[tokio::test(start_paused = true)]
async fn a_busy_service_is_retried_after_a_pause() {
    let script = Script::new([status(503), status(503), deployment("Running")]);
    client(&script).send(production().get()).await.unwrap();
    // One second, then two, each shortened by up to a tenth.
    assert_eq!(script.times(), [0, 1, 3]);
}

#[tokio::test(start_paused = true)]
async fn retries_follow_the_configured_policy() {
    let script = Script::new([status(503)]);
    let azure = client(&script).with_retry(Retry::never());
    let error = azure.send(production().get()).await.unwrap_err();
    assert!(error.is_busy());
    assert_eq!(script.times(), [0]);
}

#[tokio::test(start_paused = true)]
async fn an_ambiguous_write_is_not_retried() {
    let script = Script::losing(SendError::ambiguous("cut"));
    let error = client(&script).send(production().rollback(RollbackMode::Auto)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MaybeSent);
    assert!(error.may_have_applied());
    assert_eq!(script.times(), [0]);
}

#[tokio::test(start_paused = true)]
async fn run_ends_with_the_operation() {
    let script = Script::new([accepted(ID), operation("InProgress"), operation("Succeeded")]);
    let completed = client(&script).run(production().rollback(RollbackMode::Auto)).await.unwrap();
    assert_eq!(completed.request_id, Some(RequestId::new(ID)));
    assert_eq!(completed.status.unwrap().status, OperationState::Succeeded);
    assert_eq!(
        script.sent(),
        [
            format!(
                "0 s: POST /{SUBSCRIPTION}/services/hostedservices/contoso/deploymentslots/Production/?comp=rollback"
            ),
            format!("2 s: GET /{SUBSCRIPTION}/operations/{ID}"),
            format!("5 s: GET /{SUBSCRIPTION}/operations/{ID}"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_fails_later_is_an_error() {
    let script = Script::new([accepted(ID), operation("Failed")]);
    let error = client(&script).run(production().rollback(RollbackMode::Auto)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OperationFailed);
    assert_eq!(error.request_id(), Some(&RequestId::new(ID)));
}

#[tokio::test(start_paused = true)]
async fn an_operation_of_another_process_can_be_waited_for() {
    let script = Script::new([operation("InProgress"), operation("Succeeded")]);
    let ended = client(&script).wait(&RequestId::new(ID)).await.unwrap();
    assert_eq!(ended.status, OperationState::Succeeded);
    assert!(script.sent().iter().all(|line| line.contains("GET")), "{:?}", script.sent());
}

#[tokio::test(start_paused = true)]
async fn poll_until_shows_every_state_and_ends_with_the_expected_one() {
    let script = Script::new([
        deployment("Deploying"),
        deployment("RunningTransitioning"),
        deployment("Running"),
    ]);
    let mut seen = Vec::new();
    let settled = client(&script)
        .poll_until(production().get(), |deployment| {
            seen.push(deployment.status.to_string());
            deployment.is_settled()
        })
        .await
        .unwrap();
    assert_eq!(settled.status.as_str(), "Running");
    assert_eq!(seen, ["Deploying", "RunningTransitioning", "Running"]);
}

#[tokio::test(start_paused = true)]
async fn poll_until_stops_at_its_deadline() {
    let script = Script::repeating(|| deployment("Deploying"));
    let poll = Poll { deadline: Some(Duration::from_secs(60)), ..Poll::default() };
    let azure = client(&script).with_poll(poll);
    let error = azure.poll_until(production().get(), Deployment::is_settled).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(script.times().last(), Some(&60));
}

#[tokio::test(start_paused = true)]
async fn dropping_a_future_cancels_the_wait() {
    let script = Script::repeating(|| deployment("Deploying"));
    let azure = client(&script);
    let watch = azure.poll_until(production().get(), Deployment::is_settled);
    tokio::time::timeout(Duration::from_secs(10), watch).await.unwrap_err();
    let sent = script.sent();
    tokio::time::advance(Duration::from_secs(600)).await;
    assert_eq!(script.sent(), sent);
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_is_resolved_by_a_read() {
    let script = Script::losing_first(SendError::ambiguous("connection reset"), [status(404)]);
    let reconciled = client(&script).send_verified(production().delete()).await.unwrap();
    assert_eq!(reconciled, VerifiedOutcome::Applied);
    assert_eq!(script.times(), [0, 2]);
}

#[tokio::test(start_paused = true)]
async fn another_client_resumes_from_a_stored_handle() {
    let script = Script::new([accepted(ID), operation("InProgress")]);
    let (sender, reported) = std::sync::mpsc::channel();
    let report = move |progress: Progress<'_>| {
        if let Progress::Accepted(work) = progress {
            sender.send(work.clone()).unwrap();
        }
    };
    let azure = client(&script);
    let run = azure.run_with_progress(production().rollback(RollbackMode::Auto), report);
    tokio::time::timeout(Duration::from_secs(3), run).await.unwrap_err();
    let work = reported.try_recv().unwrap();

    let ended = client(&Script::new([operation("Succeeded")])).resume(&work).await.unwrap();
    assert_eq!(ended.status, OperationState::Succeeded);
}

#[tokio::test(start_paused = true)]
async fn clones_share_the_transport() {
    let script = Script::new([deployment("Running"), deployment("Running")]);
    let azure = client(&script);
    azure.clone().with_retry(Retry::never()).send(production().get()).await.unwrap();
    azure.send(production().get()).await.unwrap();
    assert_eq!(script.times(), [0, 0]);
}

/// Waits forever, as a poll without deadline does after a huge `Retry-After`.
struct Patient;

impl Machine for Patient {
    type Output = ();

    fn step(&mut self, _: Instant) -> Step<()> {
        Step::WaitUntil(Instant::from_origin(Duration::MAX))
    }

    fn receive(&mut self, _: Instant, _: TransportResult) {}
}

#[tokio::test(start_paused = true)]
async fn times_beyond_the_range_of_the_clock_are_waited_for() {
    let azure = client(&Script::new([]));
    let day = Duration::from_secs(86_400);
    tokio::time::timeout(day, azure.drive(Patient)).await.unwrap_err();
}

#[tokio::test]
async fn the_transport_error_is_found_in_the_clients_error() {
    let authority = rcgen::generate_simple_self_signed(Vec::new()).unwrap().cert.pem();
    let transport =
        HttpsTransport::builder().root_certificates_pem(authority.as_bytes()).build().unwrap();
    let transport: Box<dyn Transport> = Box::new(transport);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    drop(listener);
    let endpoint = Endpoint::new(&address, SUBSCRIPTION.parse().unwrap()).unwrap();
    let azure = Client::new(endpoint, transport).with_retry(Retry::never());
    let error: Error = azure.send(production().get()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent);
    let cause = TransportError::find_in(&error).unwrap();
    assert_eq!(cause.kind(), TransportErrorKind::Connect);
}

#[test]
fn debug_shows_the_endpoint() {
    let shown = format!("{:?}", client(&Script::new([])));
    assert!(shown.contains("management.example.net"), "{shown}");
}
