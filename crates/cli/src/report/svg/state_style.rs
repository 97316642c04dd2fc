//! The states of instances as colours.

use std::collections::BTreeMap;

use azure_classic::protocol::deployment::model::InstanceStatus;

use super::canvas::{Canvas, clipped, sanitized, text_width};
use super::{MARGIN, RIGHT};
use crate::report::RolloutReport;

/// The meaning of a state for a quick look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum StateStyle {
    Ready,
    Starting,
    Stopping,
    Failing,
    Inactive,
}

impl StateStyle {
    pub(super) fn new(state: &InstanceStatus) -> Self {
        use InstanceStatus as S;
        match state {
            S::ReadyRole | S::Ready => Self::Ready,
            S::CreatingVm
            | S::StartingVm
            | S::CreatingRole
            | S::StartingRole
            | S::BusyRole
            | S::Busy
            | S::Preparing
            | S::Provisioning
            | S::Initializing => Self::Starting,
            S::StoppingRole
            | S::StoppingVm
            | S::DeletingVm
            | S::StoppingAndDeallocating
            | S::Stopping => Self::Stopping,
            S::RestartingRole
            | S::CyclingRole
            | S::FailedStartingRole
            | S::FailedStartingVm
            | S::UnresponsiveRole
            | S::Unresponsive
            | S::ProvisioningFailed
            | S::ProvisioningTimeout => Self::Failing,
            _ => Self::Inactive,
        }
    }

    /// Its class in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Starting => "starting",
            Self::Stopping => "stopping",
            Self::Failing => "failing",
            Self::Inactive => "inactive",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Starting => "starting",
            Self::Stopping => "stopping",
            Self::Failing => "in trouble",
            Self::Inactive => "off, or not known",
        }
    }
}

/// The state in one line; a state without a name has one here.
pub(super) fn state_name(state: &InstanceStatus) -> String {
    match state.as_str() {
        "" => "unknown".to_owned(),
        state => sanitized(state),
    }
}

/// The colours that occur, each with its states.
pub(super) fn draw_legend(canvas: &mut Canvas, report: &RolloutReport, mut y: f64) -> f64 {
    let mut styles: BTreeMap<StateStyle, Vec<String>> = BTreeMap::new();
    for span in report.timeline.instances.iter().flat_map(|line| &line.states) {
        let names = styles.entry(StateStyle::new(&span.state)).or_default();
        let name = state_name(&span.state);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut x = MARGIN;
    for (style, names) in styles {
        let text = format!("{}: {}", style.name(), clipped(&names.join(", "), 90));
        let width = 18.0 + text_width(&text) + 18.0;
        if x + width > RIGHT && x > MARGIN {
            (x, y) = (MARGIN, y + 18.0);
        }
        canvas.rect(style.class(), (x, y), (12.0, 12.0), "");
        canvas.text(x + 17.0, y + 10.0, "", &text);
        x += width;
    }
    if !report.timeline.pauses.is_empty() {
        canvas.rect("pause", (x, y), (12.0, 12.0), "");
        canvas.text(x + 17.0, y + 10.0, "", "paused");
    }
    y + 22.0
}
