//! Rollouts as their drivers would have noted them.

use super::*;

/// The events of a story, with their seconds.
pub(super) type TimedEvents = Vec<(u64, Event)>;

/// A line of the log.
pub(super) fn line(at: &str, event: &Event) -> String {
    format!("{}\n", serde_json::json!({ "at": at, "event": event }))
}

pub(super) fn log_at_one_time(events: impl IntoIterator<Item = Event>) -> String {
    events.into_iter().map(|event| line("2015-01-01T00:00:00Z", &event)).collect()
}

/// The log of a story that started with the year 2015.
pub(super) fn log_text(events: &TimedEvents) -> String {
    let started = humantime::parse_rfc3339("2015-01-01T00:00:00Z").unwrap();
    let lines = events.iter().map(|(at, event)| {
        let at = started + Duration::from_secs(*at);
        line(&humantime::format_rfc3339_millis(at).to_string(), event)
    });
    lines.collect()
}

pub(super) fn report(events: &TimedEvents) -> RolloutReport {
    let head = Header {
        service: Some("contoso".to_owned()),
        deployment: Some("shop".to_owned()),
        before: Some("Release 42".to_owned()),
        after: Some("Release 43".to_owned()),
    };
    RolloutReport::new(head, ParsedLog::read(&log_text(events)))
}

fn instance(name: &str, domain: u32, from: Option<S>, to: S) -> Event {
    let (name, role) = (name.to_owned(), "Web".to_owned());
    Event::Instance { instance: name, role, domain: Some(domain), from, to: Some(to) }
}

/// An instance goes from state to state, each with its second.
fn push_states(events: &mut TimedEvents, name: &str, domain: u32, states: &[(u64, S)]) {
    for pair in states.windows(2) {
        let (from, (at, to)) = (pair[0].1.clone(), pair[1].clone());
        events.push((at, instance(name, domain, Some(from), to)));
    }
}

/// It is brought to another version within two minutes.
fn push_upgrade(events: &mut TimedEvents, name: &str, domain: u32, at: u64) {
    let states = [
        (0, S::ReadyRole),
        (at + 5, S::StoppingRole),
        (at + 35, S::StoppedVm),
        (at + 50, S::StartingRole),
        (at + 110, S::BusyRole),
        (at + 120, S::ReadyRole),
    ];
    push_states(events, name, domain, &states);
}

fn push_operation(events: &mut TimedEvents, sent: u64, change: Change, id: &str, ended: u64) {
    let work = Some(azure_classic::RequestId::new(id));
    events.push((sent, Event::Sending { change }));
    events.push((sent, Event::Accepted { change, operation_id: work }));
    events.push((ended, Event::OperationEnded { change, failure: None }));
}

fn domain_started(domain: u32, is_rollback: bool) -> Event {
    Event::DomainStarted { domain, is_rollback, external: false }
}

fn sorted(mut events: TimedEvents) -> TimedEvents {
    events.sort_by_key(|(at, _)| *at);
    events
}

fn start(instances: &[(&str, u32)]) -> TimedEvents {
    let mut events = Vec::new();
    for (name, domain) in instances {
        events.push((0, instance(name, *domain, None, S::ReadyRole)));
    }
    events.push((0, Event::Checked { issues: Vec::new() }));
    push_operation(&mut events, 1, Change::Start, "5f6e0b7c", 31);
    events.push((31, Event::Entered { phase: Phase::Walking }));
    events
}

pub(super) fn rolled_back() -> TimedEvents {
    let mut events = start(&[("Web_IN_0", 0), ("Web_IN_1", 1), ("Web_IN_2", 0)]);
    push_operation(&mut events, 31, Change::Walk { domain: 0 }, "90a1c2d3", 271);
    events.push((31, domain_started(0, false)));
    let sick = [
        (0, S::ReadyRole),
        (40, S::StoppingRole),
        (70, S::StartingRole),
        (200, S::RestartingRole),
        (1265, S::StartingRole),
        (1400, S::ReadyRole),
    ];
    push_states(&mut events, "Web_IN_0", 0, &sick);
    push_upgrade(&mut events, "Web_IN_2", 0, 31);
    let unhealthy =
        UnhealthyInstance { instance: "Web_IN_0".to_owned(), reason: "RestartingRole".to_owned() };
    let reason = FailureReason::Unhealthy { domain: 0, instances: vec![unhealthy] };
    events.push((1231, Event::Failed { failure: reason.clone() }));
    events.push((1231, Event::RollbackStarted { reason }));
    events.push((1231, Event::Entered { phase: Phase::RollingBack }));
    push_operation(&mut events, 1231, Change::RollBack, "b7c8d9e0", 1260);
    events.push((1262, domain_started(0, true)));
    events.push((1560, Event::DomainHealthy { domain: 0, is_rollback: true }));
    events.push((1560, Event::Ended { final_state: FinalState::RolledBack }));
    sorted(events)
}

/// A person pauses it, the driver dies, and another one goes on.
pub(super) fn paused() -> TimedEvents {
    let mut events = start(&[("Web_IN_0", 0), ("Web_IN_1", 1)]);
    push_operation(&mut events, 31, Change::Walk { domain: 0 }, "90a1c2d3", 155);
    events.push((31, domain_started(0, false)));
    push_upgrade(&mut events, "Web_IN_0", 0, 31);
    events.push((300, Event::Paused { pause: Pause::Requested }));
    for (name, domain) in [("Web_IN_0", 0), ("Web_IN_1", 1)] {
        events.push((600, instance(name, domain, None, S::ReadyRole)));
    }
    events.push((900, Event::Resumed));
    events.push((960, Event::DomainHealthy { domain: 0, is_rollback: false }));
    push_operation(&mut events, 960, Change::Walk { domain: 1 }, "c3d4e5f6", 1090);
    events.push((960, domain_started(1, false)));
    push_upgrade(&mut events, "Web_IN_1", 1, 960);
    events.push((1145, Event::DomainHealthy { domain: 1, is_rollback: false }));
    events.push((1145, Event::Ended { final_state: FinalState::Upgraded }));
    sorted(events)
}

/// This number of instances in 20 domains, all of them upgraded.
pub(super) fn many(count: u32) -> TimedEvents {
    let names: Vec<(String, u32)> =
        (0..count).map(|at| (format!("Web_IN_{at}"), at % 20)).collect();
    let instances: Vec<(&str, u32)> =
        names.iter().map(|(name, domain)| (name.as_str(), *domain)).collect();
    let mut events = start(&instances);
    for domain in 0..20 {
        let at = 31 + u64::from(domain) * 200;
        push_operation(
            &mut events,
            at,
            Change::Walk { domain },
            &format!("{domain:08x}"),
            at + 130,
        );
        events.push((at, domain_started(domain, false)));
        for (place, (name, _)) in names.iter().filter(|(_, own)| *own == domain).enumerate() {
            push_upgrade(&mut events, name, domain, at + place as u64 % 7 * 6);
        }
        events.push((at + 198, Event::DomainHealthy { domain, is_rollback: false }));
    }
    events.push((4031, Event::Ended { final_state: FinalState::Upgraded }));
    sorted(events)
}

pub(super) fn with_instance_name(name: &str) -> TimedEvents {
    let mut events = start(&[(name, 0)]);
    events.push((31, domain_started(0, false)));
    push_upgrade(&mut events, name, 0, 31);
    events.push((200, Event::ReadFailed { error: name.to_owned() }));
    sorted(events)
}
