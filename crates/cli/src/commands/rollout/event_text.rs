//! The events in the live view: which ones it prints, since the board and the result show the others.

use azure_classic::rollout::{Event, Phase, PreflightIssue};

/// The lines for an event; none for an event that the board or the result shows.
pub(super) fn event_text(event: &Event) -> Vec<String> {
    match event {
        Event::Checked { issues } => issues.iter().map(issue_text).collect(),
        // The board shows a rollback by the platform itself, and the event of a walk is its acceptance.
        Event::DomainStarted { is_rollback: true, external: false, .. }
        | Event::Sending { .. }
        | Event::OperationEnded { failure: None, .. }
        | Event::Entered { phase: Phase::Starting | Phase::RollingBack }
        | Event::Instance { .. }
        | Event::Ended { .. }
        | Event::Stopped { .. } => Vec::new(),
        event => vec![event.to_string()],
    }
}

pub(super) fn issue_text(issue: &PreflightIssue) -> String {
    let weight = if issue.is_error() { "error" } else { "warning" };
    format!("{weight}: {issue}")
}

#[cfg(test)]
mod tests {
    use azure_classic::rollout::{Change, FailureReason, StopReason};

    use super::*;

    #[test]
    fn the_live_view_prints_the_text_of_the_event() {
        let change = Change::Walk { domain: 1 };
        let error = "the service responded with 500".to_owned();
        for event in [
            Event::Accepted { change, operation_id: None },
            Event::MaybeSent { change, error: error.clone() },
            Event::Rejected { change, error: error.clone() },
            Event::OperationEnded { change, failure: Some(error.clone()) },
            Event::DomainStarted { domain: 1, is_rollback: false, external: true },
            Event::DomainHealthy { domain: 1, is_rollback: true },
            Event::Failed { failure: FailureReason::Aborted },
            Event::Resumed,
            Event::Promoted,
            Event::RollbackStarted { reason: FailureReason::Aborted },
            Event::Unconfirmed { reason: StopReason::Deleted },
            Event::ReadFailed { error },
        ] {
            assert_eq!(event_text(&event), [event.to_string()]);
        }
        assert!(event_text(&Event::Stopped { reason: StopReason::Deleted }).is_empty());
    }
}
