//! The text of each event.

use azure_classic::rollout::{Event, Pause, Phase, PreflightIssue};

/// Lines for people; none for what the board shows, and for what the result says.
pub(super) fn event_text(event: &Event) -> Vec<String> {
    let line = match event {
        Event::Checked { issues } => return issues.iter().map(issue_text).collect(),
        Event::Entered { phase: Phase::Walking } => "the update has started".to_owned(),
        Event::Accepted { change, operation_id: Some(id) } => {
            format!("{change} is accepted: request id {id}")
        }
        Event::Accepted { change, operation_id: None } => format!("{change} is accepted"),
        Event::MaybeSent { change, error } => {
            format!("the response to {change} is lost; reading the state: {error}")
        }
        Event::Blocked { change, by } => format!("{change} waits for the request {by}"),
        Event::Rejected { change, error } => format!("{change} is refused: {error}"),
        Event::OperationEnded { change, failure: Some(why) } => format!("{change} failed: {why}"),
        // The board shows a rollback by the platform itself, and the event of a walk is its acceptance.
        Event::DomainStarted { is_rollback: true, external: false, .. } => return Vec::new(),
        Event::DomainStarted { domain, is_rollback, external } => {
            let who = if *external { ", walked by another operator" } else { "" };
            let way = if *is_rollback { ", on the way back" } else { "" };
            format!("domain {domain}: in progress{way}{who}")
        }
        Event::DomainHealthy { domain, is_rollback: false } => format!("domain {domain}: healthy"),
        // The platform rolls all of them back at once, with one event.
        Event::DomainHealthy { domain: 0, .. } => "domain 0: healthy, on the way back".to_owned(),
        Event::DomainHealthy { domain, .. } => {
            format!("domains 0 to {domain}: healthy, on the way back")
        }
        Event::Swapped { slot } => {
            format!(
                "the deployment is now in {}, because of a swap by another operator",
                slot.as_str().to_lowercase()
            )
        }
        Event::Failed { failure } => format!("failed: {failure}"),
        Event::Paused { pause: Pause::Failed(_) } => "paused for a decision".to_owned(),
        Event::Paused { .. } => "paused: nothing is sent".to_owned(),
        Event::Resumed => "it goes on".to_owned(),
        Event::Promoted => "the gate is passed whatever the health".to_owned(),
        Event::RollbackStarted { reason } => format!("rolling back, because {reason}"),
        Event::Unconfirmed { reason: why } => format!("{why}; it is read again for a while"),
        Event::ReadFailed { error } => {
            format!("cannot read the service, retrying: {error}")
        }
        _ => return Vec::new(),
    };
    vec![line]
}

pub(super) fn issue_text(issue: &PreflightIssue) -> String {
    let weight = if issue.is_error() { "in the way" } else { "warning" };
    format!("{weight}: {issue}")
}
