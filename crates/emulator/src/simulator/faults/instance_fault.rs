use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::RuleNumber;
use super::effect::Effect;
use crate::simulator::deployment::instance::Phase;

/// The fault of a role instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InstanceFault {
    pub(crate) rule: RuleNumber,
    /// The state in which it is down.
    pub(crate) down_phase: Phase,
    /// How long it is ready before; `None`: it does not become ready.
    pub(crate) ready_for: Option<Duration>,
    /// How long it is down until it starts again; `None`: for good.
    pub(crate) down_for: Option<Duration>,
}

impl InstanceFault {
    /// `None` when the effect is not about role instances.
    pub(super) fn from_effect(effect: &Effect, rule: RuleNumber) -> Option<Self> {
        let for_good = |down| Self { rule, down_phase: down, ready_for: None, down_for: None };
        Some(match *effect {
            Effect::NeverStarts => for_good(Phase::RestartingRole),
            Effect::FailsToStart => for_good(Phase::FailedStartingRole),
            Effect::Unresponsive => for_good(Phase::UnresponsiveRole),
            Effect::Recycles { down } => {
                Self { down_for: Some(down), ..for_good(Phase::CyclingRole) }
            }
            Effect::Flaps { ready, down } => Self {
                ready_for: Some(ready),
                down_for: Some(down),
                ..for_good(Phase::RestartingRole)
            },
            Effect::Dies { after } => {
                Self { ready_for: Some(after), ..for_good(Phase::RestartingRole) }
            }
            _ => return None,
        })
    }
}
