//! Validates a stored record. An edited or damaged record is rejected with the name of the field, so the
//! driver need not expect impossible values.

use std::time::Duration;

use super::{FinalState, Pause, Phase, Record};
use crate::gap::MAX_DOMAINS;
use crate::{Change, FailureReason};

/// The longest duration in a record: 100 years. Sums of such durations cannot overflow.
const MAX_DURATION: Duration = Duration::from_secs(100 * 366 * 24 * 3600);

impl Record {
    /// Returns the first invalid field with the reason.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.check_durations()?;
        self.check_domains()?;
        self.check_instances()?;
        self.check_phase()
    }

    fn check_durations(&self) -> Result<(), String> {
        // A user may set a policy without limits; it is only compared.
        if self.spent > MAX_DURATION {
            return Err(format!(
                "its field spent is {} s; at most {} s are possible",
                self.spent.as_secs(),
                MAX_DURATION.as_secs()
            ));
        }
        match self.policy.health.min_healthy {
            0..=100 => Ok(()),
            share => {
                Err(format!("its field policy.health.min_healthy is {share}; at most 100 percent"))
            }
        }
    }

    fn check_domains(&self) -> Result<(), String> {
        let domains = match self.domains {
            None => MAX_DOMAINS,
            Some(domains @ 1..=MAX_DOMAINS) => domains,
            Some(domains) => {
                return Err(format!("its field domains is {domains}; from 1 to {MAX_DOMAINS}"));
            }
        };
        let least = |field: &str, value: u32, most: u32| match value {
            value if value <= most => Ok(()),
            value => Err(format!("its field {field} is {value}; at most {most}")),
        };
        least("started_domains", self.started_domains, domains)?;
        least("promoted", self.promoted.unwrap_or(0), self.started_domains)?;
        let failed = self.pause.as_ref().and_then(|pause| match pause {
            Pause::Failed(failure) => domain_of(failure),
            Pause::Requested => None,
        });
        for (field, domain) in [
            ("sent", self.sent.and_then(domain_of_change)),
            ("accepted", self.accepted.as_ref().and_then(|it| domain_of_change(it.change))),
            ("rollback_reason", self.rollback_reason.as_ref().and_then(domain_of)),
            ("pause", failed),
        ] {
            least(&format!("{field} (its upgrade domain)"), domain.unwrap_or(0), domains - 1)?;
        }
        Ok(())
    }

    fn check_instances(&self) -> Result<(), String> {
        let domains = self.domains.unwrap_or(MAX_DOMAINS);
        let mut names: Vec<&str> = self.instances.iter().map(|it| it.name.as_str()).collect();
        names.sort_unstable();
        let mut pairs = names.iter().zip(names.iter().skip(1));
        if let Some((name, _)) = pairs.find(|(one, other)| one == other) {
            return Err(format!("its field instances has {name:?} twice"));
        }
        match self.instances.iter().find(|instance| instance.domain >= domains) {
            None => Ok(()),
            Some(instance) => Err(format!(
                "its field instances has {:?} in upgrade domain {}; at most {}",
                instance.name,
                instance.domain,
                domains - 1
            )),
        }
    }

    fn check_phase(&self) -> Result<(), String> {
        let contradiction = match self.phase {
            Phase::Starting if self.started_domains > 0 => {
                "started_domains, although nothing has started"
            }
            Phase::Starting if self.rollback_started => {
                "rollback_started, although nothing has started"
            }
            Phase::Walking if self.rollback_reason.is_some() => {
                "rollback_reason, although its phase is walking"
            }
            Phase::Walking if self.rollback_started => {
                "rollback_started, although its phase is walking"
            }
            Phase::Walking if self.sent == Some(Change::RollBack) => {
                "sent (a rollback), although its phase is walking"
            }
            Phase::RollingBack if self.rollback_reason.is_none() => {
                "no rollback_reason, although it rolls back"
            }
            Phase::Walking | Phase::RollingBack if self.sent == Some(Change::Start) => {
                "sent (the start), although the update has started"
            }
            _ => match (self.ended, self.phase) {
                (Some(FinalState::Upgraded), Phase::RollingBack)
                | (Some(FinalState::RolledBack), Phase::Walking | Phase::Starting) => {
                    "ended, which does not match its phase"
                }
                _ => return Ok(()),
            },
        };
        Err(format!("it has {contradiction}"))
    }
}

fn domain_of_change(change: Change) -> Option<u32> {
    match change {
        Change::Walk { domain } => Some(domain),
        Change::Start | Change::RollBack => None,
    }
}

fn domain_of(failure: &FailureReason) -> Option<u32> {
    match failure {
        FailureReason::Unhealthy { domain, .. } => Some(*domain),
        FailureReason::OperationFailed { change, .. } => domain_of_change(*change),
        FailureReason::Aborted | FailureReason::TimedOut => None,
    }
}
