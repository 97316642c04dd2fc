//! Rollouts as their drivers would have noted them.

use super::*;

/// The events of a story, with their seconds.
pub(super) type Story = Vec<(u64, Event)>;

/// A line of the log.
pub(super) fn line(at: &str, event: &Event) -> String {
    format!("{}\n", serde_json::json!({ "at": at, "event": event }))
}

pub(super) fn at_once(events: impl IntoIterator<Item = Event>) -> String {
    events.into_iter().map(|event| line("2015-01-01T00:00:00Z", &event)).collect()
}

/// The log of a story that began with the year 2015.
pub(super) fn written(story: &Story) -> String {
    let began = humantime::parse_rfc3339("2015-01-01T00:00:00Z").unwrap();
    let lines = story.iter().map(|(at, event)| {
        let at = began + Duration::from_secs(*at);
        line(&humantime::format_rfc3339_millis(at).to_string(), event)
    });
    lines.collect()
}

pub(super) fn report(story: &Story) -> Report {
    let head = Head {
        service: Some("contoso".to_owned()),
        deployment: Some("shop".to_owned()),
        before: Some("Release 42".to_owned()),
        after: Some("Release 43".to_owned()),
    };
    Report::new(head, Log::read(&written(story)))
}

fn instance(name: &str, domain: u32, from: Option<S>, to: S) -> Event {
    let (name, role) = (name.to_owned(), "Web".to_owned());
    Event::Instance { instance: name, role, domain: Some(domain), from, to: Some(to) }
}

/// An instance goes from state to state, each with its second.
fn moves(story: &mut Story, name: &str, domain: u32, states: &[(u64, S)]) {
    for pair in states.windows(2) {
        let (from, (at, to)) = (pair[0].1.clone(), pair[1].clone());
        story.push((at, instance(name, domain, Some(from), to)));
    }
}

/// It is brought to another version within two minutes.
fn brought(story: &mut Story, name: &str, domain: u32, at: u64) {
    let states = [
        (0, S::ReadyRole),
        (at + 5, S::StoppingRole),
        (at + 35, S::StoppedVm),
        (at + 50, S::StartingRole),
        (at + 110, S::BusyRole),
        (at + 120, S::ReadyRole),
    ];
    moves(story, name, domain, &states);
}

fn work(story: &mut Story, sent: u64, change: Change, id: &str, ended: u64) {
    let work = Some(azure_classic::RequestId::new(id));
    story.push((sent, Event::Sending { change }));
    story.push((sent, Event::Accepted { change, work }));
    story.push((ended, Event::WorkEnded { change, failure: None }));
}

fn begun(domain: u32, is_back: bool) -> Event {
    Event::DomainBegun { domain, is_back, by_another: false }
}

fn sorted(mut story: Story) -> Story {
    story.sort_by_key(|(at, _)| *at);
    story
}

fn start(instances: &[(&str, u32)]) -> Story {
    let mut story = Vec::new();
    for (name, domain) in instances {
        story.push((0, instance(name, *domain, None, S::ReadyRole)));
    }
    story.push((0, Event::Checked { findings: Vec::new() }));
    work(&mut story, 1, Change::Start, "5f6e0b7c", 31);
    story.push((31, Event::Entered { phase: Phase::Walking }));
    story
}

pub(super) fn rolled_back() -> Story {
    let mut story = start(&[("Web_IN_0", 0), ("Web_IN_1", 1), ("Web_IN_2", 0)]);
    work(&mut story, 31, Change::Walk { domain: 0 }, "90a1c2d3", 271);
    story.push((31, begun(0, false)));
    let sick = [
        (0, S::ReadyRole),
        (40, S::StoppingRole),
        (70, S::StartingRole),
        (200, S::RestartingRole),
        (1265, S::StartingRole),
        (1400, S::ReadyRole),
    ];
    moves(&mut story, "Web_IN_0", 0, &sick);
    brought(&mut story, "Web_IN_2", 0, 31);
    let unwell = Unwell { instance: "Web_IN_0".to_owned(), why: "RestartingRole".to_owned() };
    let because = Why::Unhealthy { domain: 0, instances: vec![unwell] };
    story.push((1231, Event::Failed { failure: because.clone() }));
    story.push((1231, Event::TurnedBack { because }));
    story.push((1231, Event::Entered { phase: Phase::RollingBack }));
    work(&mut story, 1231, Change::RollBack, "b7c8d9e0", 1260);
    story.push((1262, begun(0, true)));
    story.push((1560, Event::DomainHealthy { domain: 0, is_back: true }));
    story.push((1560, Event::Ended { ending: Ending::RolledBack }));
    sorted(story)
}

/// A person pauses it, the driver dies, and another one goes on.
pub(super) fn paused() -> Story {
    let mut story = start(&[("Web_IN_0", 0), ("Web_IN_1", 1)]);
    work(&mut story, 31, Change::Walk { domain: 0 }, "90a1c2d3", 155);
    story.push((31, begun(0, false)));
    brought(&mut story, "Web_IN_0", 0, 31);
    story.push((300, Event::Paused { pause: Pause::Asked }));
    for (name, domain) in [("Web_IN_0", 0), ("Web_IN_1", 1)] {
        story.push((600, instance(name, domain, None, S::ReadyRole)));
    }
    story.push((900, Event::Resumed));
    story.push((960, Event::DomainHealthy { domain: 0, is_back: false }));
    work(&mut story, 960, Change::Walk { domain: 1 }, "c3d4e5f6", 1090);
    story.push((960, begun(1, false)));
    brought(&mut story, "Web_IN_1", 1, 960);
    story.push((1145, Event::DomainHealthy { domain: 1, is_back: false }));
    story.push((1145, Event::Ended { ending: Ending::Upgraded }));
    sorted(story)
}

/// So many instances in 20 domains, all of them upgraded.
pub(super) fn many(count: u32) -> Story {
    let names: Vec<(String, u32)> =
        (0..count).map(|at| (format!("Web_IN_{at}"), at % 20)).collect();
    let instances: Vec<(&str, u32)> =
        names.iter().map(|(name, domain)| (name.as_str(), *domain)).collect();
    let mut story = start(&instances);
    for domain in 0..20 {
        let at = 31 + u64::from(domain) * 200;
        work(&mut story, at, Change::Walk { domain }, &format!("{domain:08x}"), at + 130);
        story.push((at, begun(domain, false)));
        for (place, (name, _)) in names.iter().filter(|(_, own)| *own == domain).enumerate() {
            brought(&mut story, name, domain, at + place as u64 % 7 * 6);
        }
        story.push((at + 198, Event::DomainHealthy { domain, is_back: false }));
    }
    story.push((4031, Event::Ended { ending: Ending::Upgraded }));
    sorted(story)
}

pub(super) fn of_instance(name: &str) -> Story {
    let mut story = start(&[(name, 0)]);
    story.push((31, begun(0, false)));
    brought(&mut story, name, 0, 31);
    story.push((200, Event::Unread { error: name.to_owned() }));
    sorted(story)
}
