use azure_classic_protocol::deployment::model::InstanceStatus as S;

use super::*;
use crate::{FailureReason, UnhealthyInstance};

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn instance(name: &str, domain: u32, from: Option<S>, to: Option<S>) -> Event {
    let role = name.split('_').next().unwrap_or_default().to_owned();
    Event::Instance { instance: name.to_owned(), role, domain: Some(domain), from, to }
}

fn states(timeline: &Timeline, name: &str) -> Vec<(u64, Option<u64>, S)> {
    let line = timeline.instances.iter().find(|line| line.instance == name).expect("it is there");
    let seconds = |time: Duration| time.as_secs();
    line.states
        .iter()
        .map(|span| (seconds(span.from), span.to.map(seconds), span.state.clone()))
        .collect()
}

#[test]
fn instances_have_their_states_over_the_time_and_stand_by_domain_and_number() {
    let timeline = Timeline::of([
        (at(0), instance("Web_IN_10", 0, None, Some(S::ReadyRole))),
        (at(0), instance("Web_IN_1", 1, None, Some(S::ReadyRole))),
        (at(0), instance("Web_IN_9", 0, None, Some(S::ReadyRole))),
        (at(5), instance("Web_IN_9", 0, Some(S::ReadyRole), Some(S::BusyRole))),
        (at(9), instance("Web_IN_9", 0, Some(S::BusyRole), None)),
        (at(12), instance("Web_IN_9", 0, None, Some(S::StartingRole))),
    ]);
    let names: Vec<_> = timeline.instances.iter().map(|it| it.instance.as_str()).collect();
    assert_eq!(names, ["Web_IN_9", "Web_IN_10", "Web_IN_1"]);
    assert_eq!(
        states(&timeline, "Web_IN_9"),
        [(0, Some(5), S::ReadyRole), (5, Some(9), S::BusyRole), (12, None, S::StartingRole)]
    );
    assert!(timeline.resumed.is_empty());
    assert_eq!(timeline.until, at(12));
}

#[test]
fn an_instance_that_moves_keeps_its_line() {
    let timeline = Timeline::of([
        (at(0), instance("Web_IN_0", 0, None, Some(S::ReadyRole))),
        (at(0), instance("Web_IN_1", 1, None, Some(S::ReadyRole))),
        (at(5), instance("Web_IN_0", 2, Some(S::ReadyRole), Some(S::BusyRole))),
        (at(6), instance("Web_IN_0", 0, Some(S::BusyRole), Some(S::ReadyRole))),
    ]);
    assert_eq!(timeline.instances.len(), 2);
    assert_eq!(timeline.instances[0].domain, Some(0));
    assert_eq!(
        states(&timeline, "Web_IN_0"),
        [(0, Some(5), S::ReadyRole), (5, Some(6), S::BusyRole), (6, None, S::ReadyRole)]
    );
}

#[test]
fn a_timeline_that_was_read_from_json_goes_on() {
    let known = Timeline::of([
        (at(0), instance("Web_IN_0", 0, None, Some(S::ReadyRole))),
        (at(0), instance("Web_IN_1", 1, None, Some(S::ReadyRole))),
    ]);
    let json = serde_json::to_string(&known).expect("it is JSON");
    let mut read: Timeline = serde_json::from_str(&json).expect("it is a timeline");
    assert_eq!(read, known);
    read.add(at(5), &instance("Web_IN_0", 2, Some(S::ReadyRole), Some(S::BusyRole)));
    assert_eq!(read.instances.len(), 2);
    assert_eq!(states(&read, "Web_IN_0"), [(0, Some(5), S::ReadyRole), (5, None, S::BusyRole)]);
}

#[test]
fn operations_are_joined_with_their_responses_and_their_work() {
    let (start, walk) = (Change::Start, Change::Walk { domain: 0 });
    let work = Some(RequestId::new("a1"));
    let timeline = Timeline::of([
        (at(1), Event::Sending { change: start }),
        (at(2), Event::MaybeSent { change: start, error: "reset".into() }),
        (at(3), Event::Sending { change: walk }),
        (at(4), Event::Rejected { change: walk, error: "409".into() }),
        (at(5), Event::Sending { change: walk }),
        (at(6), Event::Accepted { change: walk, operation_id: work.clone() }),
        (at(9), Event::OperationEnded { change: walk, failure: Some("500".into()) }),
        // That it was sent was not kept.
        (at(10), Event::Accepted { change: Change::RollBack, operation_id: None }),
    ]);
    let reported: Vec<_> = timeline
        .operations
        .iter()
        .map(|it| (it.change, it.sent.as_secs(), it.response.clone(), it.ended))
        .collect();
    assert_eq!(
        reported,
        [
            (start, 1, Some(OperationResponse::MaybeSent("reset".into())), None),
            (walk, 3, Some(OperationResponse::Rejected("409".into())), None),
            (walk, 5, Some(OperationResponse::Accepted), Some(at(9))),
            (Change::RollBack, 10, Some(OperationResponse::Accepted), None),
        ]
    );
    assert_eq!(timeline.operations[2].operation_id, work);
    assert_eq!(timeline.operations[2].failure.as_deref(), Some("500"));
}

#[test]
fn gates_are_left_healthy_promoted_or_by_turning_back() {
    let started =
        |domain, is_rollback| Event::DomainStarted { domain, is_rollback, external: false };
    let unhealthy =
        UnhealthyInstance { instance: "Web_IN_2".into(), reason: "RestartingRole".into() };
    let failure = FailureReason::Unhealthy { domain: 2, instances: vec![unhealthy] };
    let timeline = Timeline::of([
        (at(1), started(0, false)),
        (at(2), Event::DomainHealthy { domain: 0, is_rollback: false }),
        (at(3), started(1, false)),
        (at(4), Event::Promoted),
        (at(5), started(2, false)),
        (at(6), Event::Failed { failure: failure.clone() }),
        (at(7), Event::RollbackStarted { reason: failure }),
        (at(7), Event::Entered { phase: Phase::RollingBack }),
        (at(8), started(0, true)),
        (at(8), started(1, true)),
        (at(9), Event::DomainHealthy { domain: 1, is_rollback: true }),
        (at(9), Event::Ended { final_state: FinalState::RolledBack }),
    ]);
    let reported: Vec<_> = timeline
        .gates
        .iter()
        .map(|it| {
            (
                it.domain,
                it.is_rollback,
                it.failed.is_some(),
                it.left.map(|it| it.as_secs()),
                it.result,
            )
        })
        .collect();
    assert_eq!(
        reported,
        [
            (0, false, false, Some(2), Some(GateResult::Healthy)),
            (1, false, false, Some(4), Some(GateResult::Promoted)),
            (2, false, true, Some(7), Some(GateResult::RollbackStarted)),
            (0, true, false, Some(9), Some(GateResult::Healthy)),
            (1, true, false, Some(9), Some(GateResult::Healthy)),
        ]
    );
    assert_eq!(timeline.end, Some(TimelineEnd::Ended(FinalState::RolledBack)));
    assert_eq!(timeline.notes.len(), 3);
}

#[test]
fn another_driver_reads_everything_again_and_misses_what_is_gone() {
    let timeline = Timeline::of([
        (at(0), instance("Web_IN_0", 0, None, Some(S::ReadyRole))),
        (at(0), instance("Web_IN_1", 1, None, Some(S::ReadyRole))),
        (at(0), instance("Web_IN_2", 0, None, Some(S::ReadyRole))),
        (at(5), Event::Stopped { reason: StopReason::InvalidResponse }),
        (at(60), instance("Web_IN_0", 0, None, Some(S::ReadyRole))),
        (at(60), instance("Web_IN_1", 1, None, Some(S::BusyRole))),
        (at(70), instance("Web_IN_1", 1, Some(S::BusyRole), Some(S::ReadyRole))),
    ]);
    assert_eq!(timeline.resumed, [at(60)]);
    assert_eq!(timeline.end, None);
    assert_eq!(states(&timeline, "Web_IN_0"), [(0, None, S::ReadyRole)]);
    assert_eq!(states(&timeline, "Web_IN_1").len(), 3);
    assert_eq!(states(&timeline, "Web_IN_2"), [(0, Some(60), S::ReadyRole)]);
}

#[test]
fn pauses_end_when_it_goes_on_turns_back_or_ends() {
    let paused = || Event::Paused { pause: Pause::Requested };
    let timeline = Timeline::of([
        (at(1), paused()),
        (at(2), Event::Resumed),
        (at(3), paused()),
        (at(4), Event::RollbackStarted { reason: FailureReason::Aborted }),
        (at(5), paused()),
    ]);
    let reported: Vec<_> = timeline.pauses.iter().map(|it| it.to.map(|to| to.as_secs())).collect();
    assert_eq!(reported, [Some(2), Some(4), None]);
}

#[test]
fn times_never_go_back() {
    let mut timeline = Timeline::default();
    timeline.add(at(9), &Event::Sending { change: Change::Start });
    timeline.add(at(3), &Event::Accepted { change: Change::Start, operation_id: None });
    assert_eq!(timeline.operations[0].responded, Some(at(9)));
}

#[test]
fn as_json_times_are_seconds_and_notes_carry_their_event() {
    let timeline = Timeline::of([
        (Duration::ZERO, instance("Web_IN_0", 0, None, Some(S::ReadyRole))),
        (Duration::from_micros(1_500_400), Event::ReadFailed { error: "503".into() }),
    ]);
    let json = serde_json::to_value(&timeline).expect("it is JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "until": 1.5,
            "end": null,
            "phases": [],
            "instances": [{
                "instance": "Web_IN_0", "role": "Web", "domain": 0,
                "states": [{ "from": 0.0, "to": null, "state": "ReadyRole" }]
            }],
            "gates": [],
            "operations": [],
            "pauses": [],
            "resumed": [],
            "notes": [{ "at": 1.5, "event": "read_failed", "error": "503" }]
        })
    );
    let back: Timeline = serde_json::from_value(json).expect("it is a timeline");
    assert_eq!(back.notes[0].at, Duration::from_millis(1500));
    assert_eq!(back.instances, timeline.instances);
}
