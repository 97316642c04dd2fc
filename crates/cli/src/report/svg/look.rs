//! The states of instances as colours.

use std::collections::BTreeMap;

use azure_classic::protocol::deployment::model::InstanceStatus;

use super::canvas::{Canvas, clipped, shown, width_of};
use super::{MARGIN, RIGHT};
use crate::report::Report;

/// What a state means for who looks at it from afar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    Ready,
    Moving,
    Leaving,
    Down,
    Still,
}

impl Look {
    pub(super) fn of(state: &InstanceStatus) -> Self {
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
            | S::Initializing => Self::Moving,
            S::StoppingRole
            | S::StoppingVm
            | S::DeletingVm
            | S::StoppingAndDeallocating
            | S::Stopping => Self::Leaving,
            S::RestartingRole
            | S::CyclingRole
            | S::FailedStartingRole
            | S::FailedStartingVm
            | S::UnresponsiveRole
            | S::Unresponsive
            | S::ProvisioningFailed
            | S::ProvisioningTimeout => Self::Down,
            _ => Self::Still,
        }
    }

    /// Its class in the style sheet.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Moving => "moving",
            Self::Leaving => "leaving",
            Self::Down => "down",
            Self::Still => "still",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Moving => "starting",
            Self::Leaving => "stopping",
            Self::Down => "in trouble",
            Self::Still => "off, or not known",
        }
    }
}

/// The state in one line; a state without a name has one here.
pub(super) fn name_of(state: &InstanceStatus) -> String {
    match state.as_str() {
        "" => "not told".to_owned(),
        state => shown(state),
    }
}

/// The colours that occur, each with its states.
pub(super) fn legend(canvas: &mut Canvas, report: &Report, mut y: f64) -> f64 {
    let mut looks: BTreeMap<Look, Vec<String>> = BTreeMap::new();
    for span in report.timeline.instances.iter().flat_map(|line| &line.states) {
        let names = looks.entry(Look::of(&span.state)).or_default();
        let name = name_of(&span.state);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut x = MARGIN;
    for (look, names) in looks {
        let text = format!("{}: {}", look.name(), clipped(&names.join(", "), 90));
        let width = 18.0 + width_of(&text) + 18.0;
        if x + width > RIGHT && x > MARGIN {
            (x, y) = (MARGIN, y + 18.0);
        }
        canvas.rect(look.class(), (x, y), (12.0, 12.0), "");
        canvas.text(x + 17.0, y + 10.0, "", &text);
        x += width;
    }
    if !report.timeline.pauses.is_empty() {
        canvas.rect("pause", (x, y), (12.0, 12.0), "");
        canvas.text(x + 17.0, y + 10.0, "", "paused");
    }
    y + 22.0
}
