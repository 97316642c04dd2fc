use std::time::Duration;

use azure_classic::Poll;
use azure_classic::rollout::{Event, Input, Plan, Policy, StopReason};

use crate::mock_transport::{Script, deployment, held_deployment};
use crate::{client, production};

#[tokio::test(start_paused = true)]
async fn events_arrive_in_time_and_then_the_outcome() {
    let script = Script::new([deployment("Running")]);
    let plan = Plan::upgrade(production(), "https://contoso.example.net/43.cspkg", "", "43");
    let mut rollout = client(&script).rollout(plan).start();
    assert_eq!(script.sent().len(), 0);
    assert!(matches!(rollout.next().await, Some(Event::Checked { .. })));
    assert!(matches!(rollout.next().await, Some(Event::Stopped { .. })));
    assert_eq!(rollout.next().await, None);
    let stopped = rollout.outcome().await.unwrap_err();
    assert!(matches!(stopped.why(), StopReason::Preflight(_)), "{stopped}");
}

#[tokio::test(start_paused = true)]
async fn an_input_wakes_a_waiting_rollout() {
    let started = tokio::time::Instant::now();
    let rarely = Poll { first_delay: Duration::from_secs(3600), ..Poll::default() };
    let azure = client(&Script::new([held_deployment()])).with_poll(rarely);
    let rollout = azure.adopt_rollout(production(), Policy::default()).start();
    let controls = rollout.controls();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        controls.input(Input::Abort);
    });
    let stopped = rollout.outcome().await.unwrap_err();
    assert_eq!(*stopped.why(), StopReason::Aborted);
    assert_eq!(started.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_rollout_can_cross_threads() {
    fn is_send<T: Send>(_: &T) {}
    let plan = Plan::change_configuration(production(), "");
    let rollout = client(&Script::new([])).rollout(plan).start();
    is_send(&rollout);
    is_send(&rollout.controls());
    is_send(&rollout.outcome());
}
